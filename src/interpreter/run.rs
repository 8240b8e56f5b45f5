//! A run that goes on: its events, its end, and how to stop it.

use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use futures_core::Stream;
use tokio::sync::oneshot;

use super::{
    Event, InterpreterError, Outcome,
    active_run::{ActiveRun, Answer},
    pool::Pool,
};

/// A run: a stream of [`Event`]s that ends when the code has ended, then an [`Outcome`].
///
/// Dropping it cancels the run.
///
/// ```
/// use taipan::{Event, Interpreter, Request};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let interpreter = Interpreter::builder().workers(1).build()?;
/// let mut run = interpreter.start(Request::new("print('working')\nopen('a.csv', 'w').close()")).await?;
/// let mut seen = String::new();
/// while let Some(event) = run.next().await {
///     match event {
///         Event::Stdout { text } => seen.push_str(&text),
///         Event::File(file) => println!("{} {}", file.kind.emoji(), file.name),
///         _ => {}
///     }
/// }
/// assert_eq!(seen, "working\n");
/// let outcome = run.outcome().await?;
/// assert_eq!(outcome.stdout, seen);
/// # Ok(())
/// # }
/// ```
pub struct Run {
    handle: CancelHandle,
    answer: oneshot::Receiver<Answer>,
    answered: bool,
}

/// Cancels a run from anywhere. Clones cancel the same run.
///
/// ```
/// use taipan::{Ending, Event, Interpreter, Request};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let interpreter = Interpreter::builder().workers(1).build()?;
/// let mut run = interpreter.start(Request::new("print('begun')\nwhile True: pass")).await?;
/// let handle = run.cancel_handle();
/// while let Some(event) = run.next().await {
///     if matches!(event, Event::Stdout { .. }) {
///         handle.cancel();
///     }
/// }
/// let outcome = run.outcome().await?;
/// assert_eq!(outcome.ending, Ending::Cancelled);
/// assert_eq!(outcome.stdout, "begun\n");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct CancelHandle {
    active: Arc<ActiveRun>,
    pool: Arc<Pool>,
}

impl Run {
    pub(super) fn new(active: Arc<ActiveRun>, pool: Arc<Pool>, answer: oneshot::Receiver<Answer>) -> Self {
        Self { handle: CancelHandle { active, pool }, answer, answered: false }
    }

    /// The next event; `None` when the run has ended and all were taken.
    pub async fn next(&mut self) -> Option<Event> {
        poll_fn(|context| self.handle.active.recording.poll_event(context)).await
    }

    /// Asks the run to stop. It ends as [`Ending::Cancelled`](super::Ending::Cancelled), with what it has made so far.
    pub fn cancel(&self) {
        self.handle.cancel();
    }

    /// Something to cancel the run with while this is borrowed or gone.
    #[must_use]
    pub fn cancel_handle(&self) -> CancelHandle {
        self.handle.clone()
    }

    /// Waits for the end. Events that were not taken are dropped.
    ///
    /// # Errors
    /// When the interpreter could not run the code; see [`InterpreterError`].
    pub async fn outcome(mut self) -> Result<Outcome, InterpreterError> {
        let answer = (&mut self.answer).await;
        self.answered = true;
        answer.unwrap_or_else(|_| Err(InterpreterError::WorkerLost { reason: "it gave no answer".to_owned() }))
    }
}

impl CancelHandle {
    /// Asks the run to stop; does nothing once it has ended.
    pub fn cancel(&self) {
        self.pool.cancel(&self.active);
    }
}

impl Stream for Run {
    type Item = Event;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Event>> {
        self.handle.active.recording.poll_event(context)
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        if !self.answered {
            self.handle.cancel();
        }
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Run").field("id", &self.handle.active.id).finish_non_exhaustive()
    }
}

impl fmt::Debug for CancelHandle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("CancelHandle").field("run", &self.active.id).finish_non_exhaustive()
    }
}
