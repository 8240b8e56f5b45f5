//! Running code for a user.

mod answer;
mod counting;
mod following;
mod inputs;
mod reads;
mod request;
mod storing;

use std::{
    fmt::{self, Write as _},
    future::poll_fn,
    pin::Pin,
    process,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use chrono::{DateTime, Utc};
use futures_core::Stream;
use sha2::{Digest as _, Sha256};
use tokio::sync::oneshot;

pub(super) use self::counting::RunCounter;
pub use self::{
    answer::{Answer, AnsweredFile, Keeping, RunError},
    request::RunRequest,
};
use self::{
    counting::Counted,
    following::{Followed, Traces},
    inputs::GivenFile,
    reads::Reads,
};
use super::{ExecutionError, Executions};
use crate::{
    catalog::RunRecord,
    identifiers::{FileId, UserId},
    interpreter::{CancelHandle, Event, InterpreterError, Outcome},
};

/// How often a run is begun when files that it was given are deleted while it waits: once more than users have files, unless
/// they may have more than usual.
const MOST_BEGINNINGS: usize = 21;
/// What the journal calls the end of a run that the interpreter could not run.
const NOT_RUN: &str = "not_run";

/// Numbers runs.
static NEXT_RUN: AtomicU64 = AtomicU64::new(1);

/// A user's run: a stream of [`Event`]s that ends when the code has ended, then an [`Answer`].
///
/// Dropping it cancels the run; what it has made by then is stored and journaled all the same.
pub struct UserRun {
    /// Until the end is being seen to.
    going: Option<Going>,
    handle: RunHandle,
    executions: Executions,
}

/// Cancels a user's run from anywhere. Clones cancel the same run.
#[derive(Clone)]
pub struct RunHandle(Arc<Mutex<Cancelling>>);

struct Cancelling {
    is_cancelled: bool,
    /// The run as it goes on at present.
    run: CancelHandle,
}

/// A run that goes on, and what is needed at its end.
struct Going {
    followed: Followed,
    begun: Begun,
    handle: RunHandle,
    /// None of the user's when it is the program's own.
    counted: Option<Counted>,
}

/// What was begun, when and for whom.
#[derive(Clone, Debug)]
struct Begun {
    run_id: String,
    user: UserId,
    request: RunRequest,
    started_at: DateTime<Utc>,
}

impl Executions {
    /// Runs code for a user, with his files (X4). It waits in the interpreter's queue, in which users take turns (X15).
    ///
    /// # Errors
    /// [`InterpreterError::Busy`] when the queue is full, [`ExecutionError::FileNotFound`] when an attached file is
    /// not the user's, [`ExecutionError::LimitReached`] when he has had as many runs as he may today; what catalog, disk and interpreter say. Nothing has run then.
    pub async fn run(&self, user: UserId, request: RunRequest) -> Result<UserRun, ExecutionError> {
        let started_at = self.now();
        let counted = if request.is_the_program_s { None } else { Some(self.count(user, started_at).await?) };
        let followed = self.begin(user, &request).await?;
        let begun = Begun { run_id: new_run_id(user), user, request, started_at };
        let handle = RunHandle::new(&followed);
        let going = Going { followed, begun, handle: handle.clone(), counted };
        Ok(UserRun { going: Some(going), handle, executions: self.clone() })
    }

    async fn begin(&self, user: UserId, request: &RunRequest) -> Result<Followed, ExecutionError> {
        let files = self.given_files(user, request).await?;
        let asked = inputs::for_interpreter(user, request, &files);
        let (files, reads) = watched(files).await?;
        Ok(Followed::new(self.interpreter.start(asked).await?, files, reads))
    }

    /// Sees to a run's end: what it made is stored, then it is written down, then it is answered.
    async fn finish(&self, mut going: Going) -> Result<Answer, ExecutionError> {
        let (begun, counted) = (going.begun.clone(), going.counted.take());
        let ended = self.ended(going).await;
        let (answer, ending, run_time) = match ended {
            Ok((outcome, traces)) => {
                let files = self.store_generated(&begun, &outcome.generated_files, traces).await;
                let (ending, run_time) = (outcome.ending.name(), outcome.execution_time);
                (Ok(Answer::new(begun.run_id.clone(), outcome, files)), ending, run_time)
            }
            Err(error) => (Err(error), NOT_RUN, Duration::ZERO),
        };
        let stored = answer.as_ref().map(|answer| answer.generated_file_ids.clone()).unwrap_or_default();
        self.journal(&begun, ending, run_time, stored).await;
        // What was not run costs nobody one of his runs.
        if let Some(counted) = counted.filter(|_| answer.is_ok()) {
            self.count_ended(counted, run_time).await;
        }
        answer
    }

    /// Waits for the end of the code. A file that is deleted while the run waits in the queue does not take the run
    /// with it: the run begins again, without the file.
    async fn ended(&self, going: Going) -> Result<(Outcome, Traces), ExecutionError> {
        let Going { mut followed, begun, handle, .. } = going;
        for _ in 1..MOST_BEGINNINGS {
            match followed.ended().await {
                Err(InterpreterError::InputFile { .. }) => {
                    followed = self.begin(begun.user, &begun.request).await?;
                    handle.goes_on_as(&followed);
                }
                ended => return Ok(ended?),
            }
        }
        Ok(followed.ended().await?)
    }

    /// Writes a run down. Where that cannot be done, its answer is worth more than its entry.
    async fn journal(&self, begun: &Begun, ending: &str, run_time: Duration, files: Vec<FileId>) {
        let record = RunRecord {
            run_id: begun.run_id.clone(),
            user_id: begun.user,
            started_at: begun.started_at,
            code_sha256: sha256(&begun.request.code),
            ending: ending.to_owned(),
            run_time,
            files,
        };
        if let Err(error) = self.catalog.add_run(&record).await {
            tracing::error!(user = %begun.user, run = begun.run_id, %error, "a run was not written down");
        }
    }

    /// Sees to a run's end in a task, so that it is seen to whoever stops waiting.
    fn finish_in_background(&self, going: Going) -> oneshot::Receiver<Result<Answer, ExecutionError>> {
        let (send, receive) = oneshot::channel();
        let executions = self.clone();
        let finishing = async move {
            let answer = executions.finish(going).await;
            // Whoever asked may have stopped waiting.
            let _ = send.send(answer);
        };
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            self.endings.spawn_on(finishing, &runtime);
        }
        receive
    }
}

impl UserRun {
    /// The next event; `None` when the code has ended and all were taken.
    pub async fn next(&mut self) -> Option<Event> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// What the run will be called in the journal.
    #[must_use]
    pub fn id(&self) -> &str {
        self.going.as_ref().map_or("", |going| &going.begun.run_id)
    }

    /// Asks the run to stop. What it has made by then is kept.
    pub fn cancel(&self) {
        self.handle.cancel();
    }

    /// Something to cancel the run with while this is borrowed or gone.
    #[must_use]
    pub fn handle(&self) -> RunHandle {
        self.handle.clone()
    }

    /// Waits for the end, until what was made is stored and the run is in the journal. Events that were not taken are
    /// dropped. Dropping the future cancels the run.
    ///
    /// # Errors
    /// What the interpreter could not do; never what the code did.
    pub async fn answer(mut self) -> Result<Answer, ExecutionError> {
        let Some(going) = self.going.take() else { return Err(ExecutionError::ShuttingDown) };
        let waiting = CancelOnDrop(self.handle.clone());
        let answer = self.executions.finish_in_background(going).await;
        drop(waiting);
        answer.unwrap_or(Err(ExecutionError::ShuttingDown))
    }
}

impl Drop for UserRun {
    fn drop(&mut self) {
        if let Some(going) = self.going.take() {
            self.handle.cancel();
            drop(self.executions.finish_in_background(going));
        }
    }
}

/// Cancels a run that nobody waits for any more. A run that has ended is not impressed.
struct CancelOnDrop(RunHandle);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

impl RunHandle {
    fn new(run: &Followed) -> Self {
        Self(Arc::new(Mutex::new(Cancelling { is_cancelled: false, run: run.cancel_handle() })))
    }

    /// Asks the run to stop; does nothing once it has ended.
    pub fn cancel(&self) {
        let mut cancelling = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cancelling.is_cancelled = true;
        cancelling.run.cancel();
    }

    fn goes_on_as(&self, run: &Followed) {
        let mut cancelling = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cancelling.run = run.cancel_handle();
        if cancelling.is_cancelled {
            cancelling.run.cancel();
        }
    }
}

impl Stream for UserRun {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Event>> {
        match &mut self.going {
            Some(going) => going.followed.poll_event(context),
            None => Poll::Ready(None),
        }
    }
}

impl fmt::Debug for UserRun {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("UserRun")
            .field("run", &self.going.as_ref().map(|going| &going.followed))
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for RunHandle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RunHandle").finish_non_exhaustive()
    }
}

async fn watched(files: Vec<GivenFile>) -> Result<(Vec<GivenFile>, Reads), ExecutionError> {
    let watching = tokio::task::spawn_blocking(move || {
        let reads = Reads::watch(&files);
        (files, reads)
    });
    watching.await.map_err(|_| ExecutionError::ShuttingDown)
}

/// What no other run is called, of whatever process.
fn new_run_id(user: UserId) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let (program, number) = (process::id(), NEXT_RUN.fetch_add(1, Ordering::Relaxed));
    format!("run_{user}_{now:x}_{program:x}_{number:x}")
}

fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
