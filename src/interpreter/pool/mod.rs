//! A pool of dedicated threads that run code.
//!
//! - [`queue`]: runs wait here; owners take turns.
//! - [`worker`]: a thread that takes runs and executes them, one at a time; [`sandboxed`]: one that has sandboxes do it.
//! - [`serving`]: what both do around a run.
//! - [`sessions`]: sandboxes that live on between runs.
//! - [`going`]: the runs in sandboxes, to cancel them all.
//! - [`watchdog`]: ends runs whose time is over, and gives up workers that do not end them.
//! - [`stopper`]: asks running code to stop, again and again.
//! - [`turn`]: the one working directory, where threads cannot have their own.
//! - [`workspaces`]: folders made ahead of need.
//! - [`memory`]: the C allocator keeps nothing of workers that are gone.
//! - [`conclusion`]: from what a run left to its outcome.

mod conclusion;
mod going;
mod memory;
mod queue;
mod sandboxed;
mod serving;
mod sessions;
mod stopper;
mod turn;
mod watchdog;
mod worker;
mod workspaces;

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

pub(crate) use self::sessions::SessionLimits;
use self::{
    going::Going,
    queue::{Load, Queue},
    sessions::Sessions,
    turn::Turn,
    watchdog::Watchdog,
    workspaces::Workspaces,
};
use super::{
    Ending, InterpreterError, Protection,
    active_run::{ActiveRun, Answer},
    python::StopReason,
    sandbox::Sandboxes,
    workspace::{CollectionLimits, WorkspaceRoot},
};

/// How often a shutdown looks whether the last run has ended.
const SHUTDOWN_STEP: Duration = Duration::from_millis(2);
/// How long a shutdown waits for idle workers to leave.
const LEAVING: Duration = Duration::from_millis(500);

/// What the pool is made of.
#[derive(Clone, Debug)]
pub(crate) struct PoolSettings {
    /// Threads that run code.
    pub(crate) workers: usize,
    /// Runs that may wait.
    pub(crate) queue_capacity: usize,
    /// Runs of one owner that may go on at a time.
    pub(crate) runs_per_owner: usize,
    /// What a run may leave.
    pub(crate) collection: CollectionLimits,
    /// How many sessions live on, and for how long.
    pub(crate) sessions: SessionLimits,
}

/// How many workers there are, and what they do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PoolStatus {
    pub(crate) busy: usize,
    pub(crate) idle: usize,
    pub(crate) waiting: usize,
}

/// The threads, and what they share.
pub(crate) struct Pool {
    settings: PoolSettings,
    queue: Queue,
    workspaces: Arc<Workspaces>,
    watchdog: Watchdog,
    workers: AtomicUsize,
    spawned: AtomicUsize,
    closed: AtomicBool,
    /// The runs that workers follow in sandboxes.
    going: Going,
    /// Where code runs, unless on the workers' own threads.
    sandboxes: Option<Arc<Sandboxes>>,
    sessions: Arc<Sessions>,
    /// Held by a run where threads cannot have working directories of their own.
    directory_turn: Turn,
}

impl Pool {
    /// Starts the threads. Called on an ordinary thread, never on a worker.
    pub(crate) fn start(
        settings: PoolSettings,
        root: WorkspaceRoot,
        sandboxes: Option<Sandboxes>,
    ) -> io::Result<Arc<Self>> {
        memory::keep_few_arenas();
        // One folder for each worker at work, and one more for the next run of each. Sandboxes bring their own.
        let stock = if sandboxes.is_some() { 0 } else { settings.workers * 2 };
        let workspaces = Workspaces::start(root, stock)?;
        let pool = Arc::new(Self {
            queue: Queue::new(settings.queue_capacity, settings.runs_per_owner),
            workspaces,
            watchdog: Watchdog::default(),
            workers: AtomicUsize::new(0),
            spawned: AtomicUsize::new(0),
            closed: AtomicBool::new(false),
            going: Going::default(),
            sessions: Sessions::start(settings.sessions)?,
            sandboxes: sandboxes.map(Arc::new),
            directory_turn: Turn::default(),
            settings,
        });
        if pool.sandboxes.is_none() {
            watchdog::start(&pool)?;
        }
        for _ in 0..pool.settings.workers {
            // Those that were started must not wait for work for ever.
            pool.add_worker().inspect_err(|_| pool.abort())?;
        }
        Ok(pool)
    }

    fn add_worker(self: &Arc<Self>) -> io::Result<()> {
        let number = self.spawned.fetch_add(1, Ordering::Relaxed) + 1;
        self.workers.fetch_add(1, Ordering::AcqRel);
        let spawned = match &self.sandboxes {
            Some(sandboxes) => sandboxed::spawn(self, sandboxes, number),
            None => worker::spawn(self, number),
        };
        spawned.inspect_err(|_| {
            self.workers.fetch_sub(1, Ordering::AcqRel);
        })
    }

    /// A worker is gone for good: another takes its place, unless the pool is closed.
    fn replace_worker(self: &Arc<Self>) {
        self.workers.fetch_sub(1, Ordering::AcqRel);
        if self.closed.load(Ordering::Acquire) {
            return;
        }
        if let Err(error) = self.add_worker() {
            tracing::error!(%error, "a worker could not be replaced");
        }
        self.workspaces.give_back_memory();
    }

    /// Lets a run wait for its turn.
    pub(crate) fn submit(&self, run: Arc<ActiveRun>) -> Result<(), InterpreterError> {
        self.queue.push(run)
    }

    /// Ends a run as cancelled: at once where it still waits.
    pub(crate) fn cancel(&self, run: &Arc<ActiveRun>) {
        // A run that was answered is not stopped: its worker is well.
        if run.is_answered() || !run.stop.request(StopReason::Cancelled) {
            return;
        }
        if self.queue.remove(run) {
            conclusion::answer_unstarted(run, Ending::Cancelled);
        } else {
            run.wake();
            self.watchdog.look();
        }
    }

    /// Answers for a run that a worker has taken, unless somebody has: the answer is made and sent, and the owner's
    /// next run may start. Gives whether the answer has files; `None` where somebody else has answered.
    fn answer(&self, run: &ActiveRun, make: impl FnOnce(&CollectionLimits) -> Answer) -> Option<bool> {
        let sender = run.claim_answer()?;
        let owners_turn = OwnersTurn { queue: &self.queue, run };
        let mut answer = make(&self.settings.collection);
        let has_files = answer.as_mut().is_ok_and(|outcome| {
            self.workspaces.lease(&mut outcome.generated_files);
            !outcome.generated_files.is_empty()
        });
        // First, so that whoever has the answer finds the worker idle and the owner free to run the next.
        drop(owners_turn);
        conclusion::send(run, sender, answer);
        Some(has_files)
    }

    /// Ends an owner's session; gives whether there was one.
    pub(crate) fn end_session(&self, owner: Option<&str>) -> bool {
        self.sessions.end(&owner.map(str::to_owned))
    }

    /// The layers of the sandboxes, if code runs in sandboxes.
    pub(crate) fn layers(&self) -> Option<Vec<Protection>> {
        self.sandboxes.as_ref().map(|sandboxes| sandboxes.protections())
    }

    /// How many sandboxes wait for code.
    pub(crate) fn sandboxes_ready(&self) -> usize {
        self.sandboxes.as_ref().map_or(0, |sandboxes| sandboxes.ready())
    }

    pub(crate) fn status(&self) -> PoolStatus {
        let Load { waiting, busy } = self.queue.load();
        let idle = self.workers.load(Ordering::Acquire).saturating_sub(busy);
        PoolStatus { busy, idle, waiting }
    }

    /// Takes no more work and lets runs end; after `grace` those that go on or wait are cancelled. Blocks.
    pub(crate) fn shut_down(&self, grace: Duration) {
        self.close(false);
        let quiet = || matches!(self.queue.load(), Load { waiting: 0, busy: 0 });
        let all_ended = wait_for(grace, quiet);
        self.abort();
        if !all_ended {
            wait_for(watchdog::STOP_GRACE * 4, quiet);
        }
        // What a worker that was left behind still has goes with the program, or with the next one's start.
        wait_for(LEAVING, || self.workers.load(Ordering::Acquire) == 0);
        if let Some(sandboxes) = &self.sandboxes {
            sandboxes.close_and_wait();
        }
        self.workspaces.close();
    }

    /// Takes no more work, and cancels what goes on or waits.
    pub(crate) fn abort(&self) {
        for run in self.close(true) {
            // Only waiting runs are given back, so nobody else answers them.
            run.stop.request(StopReason::Cancelled);
            conclusion::answer_unstarted(&run, Ending::Cancelled);
        }
        self.watchdog.close();
        self.going.cancel_all();
        self.sessions.close();
        if let Some(sandboxes) = &self.sandboxes {
            sandboxes.close();
        }
    }

    fn close(&self, drop_waiting: bool) -> Vec<Arc<ActiveRun>> {
        self.closed.store(true, Ordering::Release);
        self.queue.close(drop_waiting)
    }
}

/// The owner's turn ends when this is dropped, also by a panic.
struct OwnersTurn<'t> {
    queue: &'t Queue,
    run: &'t ActiveRun,
}

impl Drop for OwnersTurn<'_> {
    fn drop(&mut self) {
        self.queue.ended(&self.run.request.owner);
    }
}

fn wait_for(most: Duration, done: impl Fn() -> bool) -> bool {
    let deadline = Instant::now() + most;
    while !done() {
        if Instant::now() > deadline {
            return false;
        }
        thread::sleep(SHUTDOWN_STEP);
    }
    true
}
