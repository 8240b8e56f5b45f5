//! The one bounded queue: owners take turns, and none runs more at a time than allowed (X15).

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use super::super::{InterpreterError, active_run::ActiveRun};

/// How long a worker looks for the next run before it sleeps: waking it takes longer.
const SPIN: Duration = Duration::from_micros(60);

/// Whose turn it is: an owner's name, or nobody's.
type Owner = Option<String>;

/// How much there is to do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Load {
    /// Runs that wait.
    pub(super) waiting: usize,
    /// Runs that go on.
    pub(super) busy: usize,
}

/// Runs that wait for a worker.
pub(super) struct Queue {
    inner: Mutex<Turns>,
    changed: Condvar,
    ready: AtomicUsize,
    spinning: AtomicUsize,
    capacity: usize,
    per_owner: usize,
}

#[derive(Default)]
struct Turns {
    /// Waiting runs by owner, in the order in which they came.
    waiting: HashMap<Owner, VecDeque<Arc<ActiveRun>>>,
    /// Owners with waiting runs, the next one first.
    order: VecDeque<Owner>,
    /// How many runs of each named owner go on.
    going_on: HashMap<Owner, usize>,
    /// Runs that wait.
    count: usize,
    /// Runs that were taken and have not ended.
    busy: usize,
    closed: bool,
}

impl Queue {
    pub(super) fn new(capacity: usize, per_owner: usize) -> Self {
        Self {
            inner: Mutex::default(),
            changed: Condvar::new(),
            ready: AtomicUsize::new(0),
            spinning: AtomicUsize::new(0),
            capacity,
            per_owner,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Turns> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many runs wait, and how many go on.
    pub(super) fn load(&self) -> Load {
        let turns = self.lock();
        Load { waiting: turns.count, busy: turns.busy }
    }

    /// Lets a run wait for its turn.
    pub(super) fn push(&self, run: Arc<ActiveRun>) -> Result<(), InterpreterError> {
        let mut turns = self.lock();
        if turns.closed {
            return Err(InterpreterError::ShuttingDown);
        }
        if turns.count >= self.capacity {
            return Err(InterpreterError::Busy { waiting: turns.count });
        }
        let owner = run.request.owner.clone();
        let queue = turns.waiting.entry(owner.clone()).or_default();
        queue.push_back(run);
        if queue.len() == 1 {
            turns.order.push_back(owner);
        }
        turns.count += 1;
        self.ready.store(turns.count, Ordering::Release);
        turns.tell_places();
        drop(turns);
        // A worker that spins looks at the queue before it sleeps; waking another costs more than the run may take.
        if self.spinning.load(Ordering::SeqCst) == 0 {
            self.changed.notify_one();
        }
        Ok(())
    }

    /// Takes the next run, waiting for one; `None` once the queue is closed and empty.
    pub(super) fn next(&self) -> Option<Arc<ActiveRun>> {
        self.spin();
        let mut turns = self.lock();
        loop {
            if let Some(run) = turns.take(self.per_owner) {
                self.ready.store(turns.count, Ordering::Release);
                turns.tell_places();
                let more = turns.count > 0;
                drop(turns);
                if more {
                    self.changed.notify_one();
                }
                return Some(run);
            }
            if turns.closed && turns.count == 0 {
                return None;
            }
            turns = self.changed.wait(turns).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn spin(&self) {
        self.spinning.fetch_add(1, Ordering::SeqCst);
        let start = Instant::now();
        while self.ready.load(Ordering::Acquire) == 0 && start.elapsed() < SPIN {
            std::hint::spin_loop();
        }
        self.spinning.fetch_sub(1, Ordering::SeqCst);
    }

    /// A run of this owner has ended: another of theirs may start.
    pub(super) fn ended(&self, owner: &Owner) {
        let mut turns = self.lock();
        turns.busy -= 1;
        if let Some(count) = turns.going_on.get_mut(owner) {
            *count -= 1;
            if *count == 0 {
                turns.going_on.remove(owner);
            }
        }
        let owner_waits = turns.waiting.contains_key(owner);
        drop(turns);
        if owner_waits {
            self.changed.notify_one();
        }
    }

    /// Takes a run out that waits; gives whether it did.
    pub(super) fn remove(&self, run: &Arc<ActiveRun>) -> bool {
        let mut turns = self.lock();
        let owner = &run.request.owner;
        let Some(queue) = turns.waiting.get_mut(owner) else { return false };
        let Some(place) = queue.iter().position(|waiting| Arc::ptr_eq(waiting, run)) else { return false };
        queue.remove(place);
        if queue.is_empty() {
            turns.waiting.remove(owner);
            turns.order.retain(|waiting| waiting != owner);
        }
        turns.count -= 1;
        self.ready.store(turns.count, Ordering::Release);
        turns.tell_places();
        true
    }

    /// Takes no more runs; gives those that wait and will not run, if `drop_waiting`.
    pub(super) fn close(&self, drop_waiting: bool) -> Vec<Arc<ActiveRun>> {
        let mut turns = self.lock();
        turns.closed = true;
        let mut dropped = Vec::new();
        if drop_waiting {
            dropped.extend(std::mem::take(&mut turns.waiting).into_values().flatten());
            turns.order.clear();
            turns.count = 0;
            self.ready.store(0, Ordering::Release);
        }
        drop(turns);
        self.changed.notify_all();
        dropped
    }
}

impl Turns {
    /// The first run of the first owner who may run one more.
    fn take(&mut self, per_owner: usize) -> Option<Arc<ActiveRun>> {
        let turn = self
            .order
            .iter()
            .position(|owner| owner.is_none() || self.going_on.get(owner).copied().unwrap_or_default() < per_owner)?;
        let owner = self.order.remove(turn)?;
        let queue = self.waiting.get_mut(&owner)?;
        let run = queue.pop_front()?;
        if queue.is_empty() {
            self.waiting.remove(&owner);
        } else {
            self.order.push_back(owner.clone());
        }
        self.count -= 1;
        self.busy += 1;
        if owner.is_some() {
            *self.going_on.entry(owner).or_default() += 1;
        }
        Some(run)
    }

    /// Tells those who follow a waiting run its place, counted as if every owner might run.
    fn tell_places(&self) {
        let mut queues: Vec<_> =
            self.order.iter().filter_map(|owner| self.waiting.get(owner)).map(VecDeque::iter).collect();
        let mut place = 0;
        while !queues.is_empty() {
            queues.retain_mut(|queue| {
                let Some(run) = queue.next() else { return false };
                place += 1;
                run.recording.queued(place);
                true
            });
        }
    }
}
