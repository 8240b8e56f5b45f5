//! Runs that somebody follows. They go on when a connection breaks, for as long as it takes to make another one.

use std::{
    collections::{HashMap, VecDeque},
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::json;
use tokio::sync::watch;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::Instrument as _;

use super::{
    answer::ExecutionAnswer,
    log::{EventLog, Unread},
};
use crate::{
    executions::{Answer, ExecutionError, RunHandle, UserRun},
    http::{
        Settings,
        metrics::{Metrics, Watched},
        problem::Problem,
    },
    identifiers::UserId,
    interpreter::Event,
};

/// How many bytes the events of runs that have ended may take together.
const MOST_ENDED_BYTES: usize = 128 * 1024 * 1024;

/// All runs that somebody follows, and those that have just ended. Clones are the same.
#[derive(Clone, Debug)]
pub(in crate::http) struct LiveRuns {
    runs: Arc<Mutex<Runs>>,
    following: TaskTracker,
    ending: CancellationToken,
    reconnect_time: Duration,
    replay_time: Duration,
}

#[derive(Debug, Default)]
struct Runs {
    by_id: HashMap<String, Arc<LiveRun>>,
    /// The oldest first, each with its bytes.
    ended: VecDeque<(String, usize)>,
    ended_bytes: usize,
}

/// A run that somebody follows.
#[derive(Debug)]
pub(super) struct LiveRun {
    id: String,
    user: UserId,
    handle: RunHandle,
    log: Mutex<EventLog>,
    /// Told whenever the log has changed.
    changed: watch::Sender<()>,
    /// How many follow it.
    readers: watch::Sender<usize>,
}

/// Somebody who follows a run, until this is dropped.
#[derive(Debug)]
pub(super) struct Reader {
    run: Arc<LiveRun>,
    changed: watch::Receiver<()>,
}

impl LiveRuns {
    pub(in crate::http) fn new(settings: &Settings) -> Self {
        Self {
            runs: Arc::default(),
            following: TaskTracker::new(),
            ending: CancellationToken::new(),
            reconnect_time: settings.reconnect_time,
            replay_time: settings.replay_time,
        }
    }

    /// Sees a run through in a task of its own.
    pub(super) fn follow(&self, user: UserId, run: UserRun, metrics: Metrics) -> Arc<LiveRun> {
        let live = Arc::new(LiveRun {
            id: run.id().to_owned(),
            user,
            handle: run.handle(),
            log: Mutex::default(),
            changed: watch::Sender::default(),
            readers: watch::Sender::new(0),
        });
        live.add("execution", json!({ "execution_id": live.id }).to_string());
        self.locked().by_id.insert(live.id.clone(), Arc::clone(&live));
        let (runs, followed) = (self.clone(), Arc::clone(&live));
        let following = async move {
            followed.see_through(run, runs.reconnect_time, &metrics).await;
            runs.retire(&followed).await;
        };
        self.following.spawn(following.in_current_span());
        live
    }

    /// A user's run, while it goes on and a little longer.
    pub(super) fn find(&self, user: UserId, id: &str) -> Option<Arc<LiveRun>> {
        self.locked().by_id.get(id).filter(|run| run.user == user).cloned()
    }

    /// Waits until all runs have ended; nobody can ask for them any more.
    pub(in crate::http) async fn end(&self) {
        self.ending.cancel();
        self.following.close();
        self.following.wait().await;
    }

    /// Keeps a run that has ended for a while, for those whose connection broke at the end.
    async fn retire(&self, run: &LiveRun) {
        let bytes = run.locked().bytes();
        self.locked().retire(&run.id, bytes);
        tokio::select! {
            () = tokio::time::sleep(self.replay_time) => {}
            () = self.ending.cancelled() => {}
        }
        self.locked().forget(&run.id);
    }

    fn locked(&self) -> MutexGuard<'_, Runs> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Runs {
    fn retire(&mut self, id: &str, bytes: usize) {
        self.ended.push_back((id.to_owned(), bytes));
        self.ended_bytes += bytes;
        while self.ended_bytes > MOST_ENDED_BYTES
            && let Some((oldest, _)) = self.ended.front().cloned()
        {
            self.forget(&oldest);
        }
    }

    fn forget(&mut self, id: &str) {
        self.by_id.remove(id);
        if let Some(place) = self.ended.iter().position(|(ended, _)| ended == id)
            && let Some((_, bytes)) = self.ended.remove(place)
        {
            self.ended_bytes -= bytes;
        }
    }
}

impl LiveRun {
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn cancel(&self) {
        self.handle.cancel();
    }

    /// Follows the run, from now until the reader is dropped.
    pub(super) fn reader(self: &Arc<Self>) -> Reader {
        self.readers.send_modify(|readers| *readers += 1);
        Reader { run: Arc::clone(self), changed: self.changed.subscribe() }
    }

    async fn see_through(&self, mut run: UserRun, patience: Duration, metrics: &Metrics) {
        let mut watched = Watched::begin();
        let mut abandoned = pin!(self.abandoned(patience));
        let mut is_cancelled = false;
        loop {
            tokio::select! {
                event = run.next() => {
                    let Some(event) = event else { break };
                    watched.saw(&event);
                    self.add_event(&event);
                }
                () = &mut abandoned, if !is_cancelled => {
                    is_cancelled = true;
                    tracing::info!(execution = self.id, "nobody follows the run any more");
                    run.cancel();
                }
            }
        }
        let answered = run.answer().await;
        metrics.ran(&watched, &answered);
        self.conclude(answered);
    }

    /// Returns when nobody has followed the run for a while.
    async fn abandoned(&self, patience: Duration) {
        let mut readers = self.readers.subscribe();
        loop {
            // It fails only when the sender is gone, which is this run's own.
            let _ = readers.wait_for(|readers| *readers == 0).await;
            if tokio::time::timeout(patience, readers.wait_for(|readers| *readers > 0)).await.is_err() {
                return;
            }
        }
    }

    fn add_event(&self, event: &Event) {
        let name = match event {
            Event::Queued { .. } => "queued",
            Event::Started => "started",
            Event::Stdout { .. } => "stdout",
            Event::Stderr { .. } => "stderr",
            Event::OutputFull => "output_full",
            Event::Display(_) => "display",
            Event::File(_) => "file",
            Event::Installing { .. } => "installing",
            Event::Installed { .. } => "installed",
        };
        match serde_json::to_string(event) {
            Ok(document) => self.add(name, document),
            Err(error) => tracing::error!(%error, "an event cannot be written as JSON"),
        }
    }

    fn conclude(&self, answered: Result<Answer, ExecutionError>) {
        let (name, document) = match answered {
            Ok(answer) => ("outcome", serde_json::to_string(&ExecutionAnswer::from(&answer))),
            Err(error) => ("failure", serde_json::to_string(&Problem::from(error).document())),
        };
        match document {
            Ok(document) => self.add(name, document),
            Err(error) => tracing::error!(%error, "an outcome cannot be written as JSON"),
        }
        self.locked().end();
        self.changed.send_replace(());
    }

    fn add(&self, name: &'static str, document: String) {
        self.locked().add(name, document);
        self.changed.send_replace(());
    }

    fn locked(&self) -> MutexGuard<'_, EventLog> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reader {
    /// The next events after the one with this id, as soon as there are any; at most `most`.
    pub(super) async fn next(&mut self, id: u64, most: usize) -> Unread {
        loop {
            self.changed.mark_unchanged();
            let unread = self.run.locked().after(id, most);
            if unread.is_all || !unread.entries.is_empty() || self.changed.changed().await.is_err() {
                return unread;
            }
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.run.readers.send_modify(|readers| *readers -= 1);
    }
}
