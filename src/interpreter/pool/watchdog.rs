//! Ends runs whose time is over.
//!
//! Never waits for the GIL: code that holds it must not keep anybody waiting for the answer that its time is over.

use std::{
    io,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use super::{
    super::{
        active_run::ActiveRun,
        python::{CodeEnd, StopReason},
        workspace::Workspace,
    },
    Pool, conclusion,
    stopper::Stopper,
};

/// How long code may take to end after it was asked; then its worker is given up.
pub(super) const STOP_GRACE: Duration = Duration::from_millis(500);
/// How often a run is looked at whose deadline is not known because it installs something.
const LOOK: Duration = Duration::from_millis(100);
/// What a user is told of a worker that was given up.
const LEFT_BEHIND: &str = "The code did not react to being stopped, so it was left behind; it may go on using this \
                           computer until it ends.";
/// Nothing is due: look again then.
const IDLE: Duration = Duration::from_secs(3600);

/// Knows every run whose code goes on.
#[derive(Default)]
pub(super) struct Watchdog {
    inner: Mutex<Watched>,
    changed: Condvar,
}

#[derive(Default)]
struct Watched {
    runs: Vec<Watching>,
    wakes_at: Option<Instant>,
    look_now: bool,
    closed: bool,
}

struct Watching {
    run: Arc<ActiveRun>,
    workspace: Arc<Workspace>,
    asked: Option<Instant>,
}

/// The run is watched until this is dropped.
pub(super) struct Guard<'w> {
    watchdog: &'w Watchdog,
    run: &'w Arc<ActiveRun>,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.watchdog.lock().runs.retain(|watching| !Arc::ptr_eq(&watching.run, self.run));
    }
}

impl Watchdog {
    fn lock(&self) -> MutexGuard<'_, Watched> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Watches a run whose code starts now.
    pub(super) fn watch<'w>(
        &'w self,
        run: &'w Arc<ActiveRun>,
        workspace: &Arc<Workspace>,
        deadline: Instant,
    ) -> Guard<'w> {
        let mut watched = self.lock();
        if watched.closed {
            run.stop.request(StopReason::Cancelled);
        }
        watched.runs.push(Watching { run: Arc::clone(run), workspace: Arc::clone(workspace), asked: None });
        // A stop may have been asked for before anybody looked.
        let urgent = run.stop.requested().is_some() || watched.wakes_at.is_none_or(|wakes| deadline < wakes);
        watched.look_now |= urgent;
        drop(watched);
        if urgent {
            self.changed.notify_one();
        }
        Guard { watchdog: self, run }
    }

    /// Looks at all runs now: one of them is to stop.
    pub(super) fn look(&self) {
        self.lock().look_now = true;
        self.changed.notify_one();
    }

    /// Cancels every run whose code goes on or is about to start, and ends the watch once none is left.
    pub(super) fn close(&self) {
        let mut watched = self.lock();
        watched.closed = true;
        watched.look_now = true;
        for watching in &watched.runs {
            watching.run.stop.request(StopReason::Cancelled);
        }
        drop(watched);
        self.changed.notify_one();
    }

    /// Waits until something is due; `None` when the watch has ended.
    fn wait(&self) -> Option<MutexGuard<'_, Watched>> {
        let mut watched = self.lock();
        loop {
            if watched.closed && watched.runs.is_empty() {
                return None;
            }
            let now = Instant::now();
            let due = watched.wakes_at.unwrap_or(now + IDLE);
            if std::mem::take(&mut watched.look_now) || due <= now {
                return Some(watched);
            }
            watched = self.changed.wait_timeout(watched, due - now).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// Starts the watchdog's thread, which ends with the pool.
pub(super) fn start(pool: &Arc<Pool>) -> io::Result<()> {
    let stopper = Stopper::start()?;
    let pool = Arc::clone(pool);
    thread::Builder::new().name("taipan-watchdog".to_owned()).spawn(move || {
        while let Some(mut state) = pool.watchdog.wait() {
            let given_up = state.round(&stopper);
            drop(state);
            for watching in given_up {
                give_up(&pool, &watching);
            }
        }
    })?;
    Ok(())
}

impl Watched {
    /// Looks at every run; gives those whose workers do not end them.
    fn round(&mut self, stopper: &Stopper) -> Vec<Watching> {
        let now = Instant::now();
        let mut next = now + IDLE;
        for watching in &mut self.runs {
            let due = watching.look(now, stopper);
            next = next.min(due);
        }
        self.wakes_at = Some(next);
        self.runs.extract_if(.., |watching| watching.asked.is_some_and(|asked| now >= asked + STOP_GRACE)).collect()
    }
}

impl Watching {
    /// Does what is due for this run; gives the moment to look again.
    fn look(&mut self, now: Instant, stopper: &Stopper) -> Instant {
        if let Some(asked) = self.asked {
            return asked + STOP_GRACE;
        }
        let deadline = self.run.clock.deadline();
        if deadline.is_some_and(|deadline| deadline <= now) {
            self.run.stop.request(StopReason::TimedOut);
        }
        if self.run.stop.requested().is_none() {
            return deadline.unwrap_or(now + LOOK);
        }
        self.run.give_up_installing();
        stopper.ask(&self.run);
        self.asked = Some(now);
        now + STOP_GRACE
    }
}

/// Answers for a worker that does not: its thread is left to itself and replaced. Collecting its files may take
/// long, so a thread does it; where none can be started, the watchdog does.
fn give_up(pool: &Arc<Pool>, watching: &Watching) {
    let (its_pool, run, workspace) = (Arc::clone(pool), Arc::clone(&watching.run), Arc::clone(&watching.workspace));
    let answering = move || answer_for(&its_pool, &run, &workspace);
    if let Err(error) = thread::Builder::new().name("taipan-given-up".to_owned()).spawn(answering) {
        tracing::error!(%error, "no thread could be started to answer for a worker");
        answer_for(pool, &watching.run, &watching.workspace);
    }
}

fn answer_for(pool: &Arc<Pool>, run: &ActiveRun, workspace: &Workspace) {
    let answered = pool.answer(run, |limits| {
        run.clock.end();
        run.recording.note(LEFT_BEHIND);
        Ok(conclusion::conclude(run, CodeEnd::Stopped(None), workspace, limits))
    });
    if answered.is_some() {
        pool.directory_turn.end(run.id);
        pool.replace_worker();
        pool.workspaces.replace();
    }
}
