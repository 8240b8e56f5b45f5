//! Sandboxes that are ready, those that are being made and those that are ending, as workers and keeper share them.

use std::{
    collections::VecDeque,
    os::fd::OwnedFd,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use rustix::event::{EventfdFlags, eventfd};

use super::{
    super::{protections::LayerReport, wire::control::Slot},
    priority::Contention,
    sandbox::Sandbox,
    zygote::Zygote,
};
use crate::interpreter::InterpreterError;

/// How many endings nobody has asked for are remembered.
const MOST_ENDINGS: usize = 1000;
/// After so long without a run that had to wait, one sandbox fewer is kept ready.
pub(super) const CALM: Duration = Duration::from_secs(30);

/// So long the next sandbox is not begun: making it takes the processors from the run that has just got one, which is
/// over in less where it is short.
const REST: Duration = Duration::from_millis(4);

/// How many sandboxes are kept ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) fewest: usize,
    pub(super) most: usize,
}

/// What workers and keeper share.
pub(crate) struct Stock {
    inner: Mutex<Inner>,
    changed: Condvar,
    /// Readable when the keeper has something to do.
    pub(super) bell: OwnedFd,
    /// How many of those that were taken have code running.
    pub(super) contention: Contention,
    bounds: Bounds,
}

struct Inner {
    ready: VecDeque<Sandbox>,
    remains: Vec<Remains>,
    endings: VecDeque<(Slot, i32)>,
    reports: Vec<LayerReport>,
    /// How many are to be ready.
    target: usize,
    calm_since: Instant,
    /// Workers that wait for one.
    waiting: usize,
    /// Until then nothing is made, unless somebody waits.
    rests_until: Instant,
    /// Why none can be made at the moment.
    failure: Option<String>,
    is_closed: bool,
}

/// What is left of a sandbox that was killed, until its end.
pub(super) struct Remains {
    pub(super) slot: Slot,
    pub(super) init: Option<OwnedFd>,
    pub(super) zygote: Arc<Zygote>,
}

impl Stock {
    pub(super) fn new(bounds: Bounds) -> std::io::Result<Self> {
        let inner = Inner {
            ready: VecDeque::new(),
            remains: Vec::new(),
            endings: VecDeque::new(),
            reports: Vec::new(),
            target: bounds.fewest,
            calm_since: Instant::now(),
            waiting: 0,
            rests_until: Instant::now(),
            failure: None,
            is_closed: false,
        };
        let bell = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        Ok(Self { inner: Mutex::new(inner), changed: Condvar::new(), bell, contention: Contention::new(), bounds })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the keeper that there is something to do.
    pub(super) fn ring(&self) {
        // A bell that is ringing already cannot be rung more.
        let _ = rustix::io::write(&self.bell, &1_u64.to_ne_bytes());
    }

    /// Takes a sandbox, waiting for one if need be, unless `is_given_up` by the time one is looked for.
    pub(super) fn take(&self, is_given_up: impl Fn() -> bool) -> Result<Option<Sandbox>, InterpreterError> {
        let mut inner = self.lock();
        if inner.ready.is_empty() {
            inner.target = (inner.target + 1).min(self.bounds.most);
            inner.calm_since = Instant::now();
        }
        inner.waiting += 1;
        if inner.ready.is_empty() {
            self.ring();
        }
        let taken = loop {
            if let Some(sandbox) = inner.ready.pop_front() {
                if sandbox.zygote.is_gone() {
                    continue;
                }
                break Ok(Some(sandbox));
            }
            if inner.is_closed {
                break Err(InterpreterError::ShuttingDown);
            }
            if let Some(reason) = &inner.failure {
                let reason = format!("no sandbox can be made: {reason}");
                break Err(InterpreterError::WorkerLost { reason });
            }
            if is_given_up() {
                break Ok(None);
            }
            let look_again = Duration::from_millis(50);
            inner = self.changed.wait_timeout(inner, look_again).unwrap_or_else(PoisonError::into_inner).0;
        };
        inner.waiting -= 1;
        inner.rests_until = Instant::now() + REST;
        drop(inner);
        self.ring();
        taken
    }

    /// How many more sandboxes are wanted, with so many under way.
    pub(super) fn wanted(&self, under_way: usize) -> usize {
        let mut inner = self.lock();
        if inner.calm_since.elapsed() > CALM && inner.target > self.bounds.fewest {
            inner.target -= 1;
            inner.calm_since = Instant::now();
            let surplus = inner.ready.len().saturating_sub(inner.target);
            let dropped: Vec<_> = (0..surplus).filter_map(|_| inner.ready.pop_back()).collect();
            drop(inner);
            drop(dropped);
            return 0;
        }
        if inner.waiting == 0 && inner.rests_until > Instant::now() {
            return 0;
        }
        (inner.target + inner.waiting).saturating_sub(inner.ready.len() + under_way)
    }

    /// How long the run that has just begun is to be left alone.
    pub(super) fn rest(&self) -> Option<Duration> {
        let left = self.lock().rests_until.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }

    /// A sandbox is ready.
    pub(super) fn put(&self, sandbox: Sandbox) {
        let mut inner = self.lock();
        if inner.is_closed {
            drop(inner);
            drop(sandbox);
            return;
        }
        inner.failure = None;
        inner.reports.clone_from(&sandbox.reports);
        inner.ready.push_back(sandbox);
        drop(inner);
        self.changed.notify_all();
    }

    /// Sandboxes cannot be made at the moment; whoever waits for one is told.
    pub(super) fn fail(&self, reason: String) {
        self.lock().failure = Some(reason);
        self.changed.notify_all();
    }

    /// Why none can be made, if that is so.
    pub(super) fn failure(&self) -> Option<String> {
        self.lock().failure.clone()
    }

    /// Something is left of a sandbox.
    pub(super) fn bury(&self, remains: Remains) {
        self.lock().remains.push(remains);
        self.ring();
    }

    pub(super) fn take_remains(&self) -> Vec<Remains> {
        std::mem::take(&mut self.lock().remains)
    }

    /// A sandbox's main process has ended.
    pub(super) fn ended(&self, slot: Slot, signal: i32) {
        let mut inner = self.lock();
        if inner.endings.len() >= MOST_ENDINGS {
            inner.endings.pop_front();
        }
        inner.endings.push_back((slot, signal));
        drop(inner);
        self.changed.notify_all();
    }

    /// How a sandbox's main process ended; waits until it has, for at most so long.
    pub(super) fn ending_of(&self, slot: Slot, deadline: Instant) -> Option<i32> {
        let mut inner = self.lock();
        loop {
            if let Some((_, signal)) = inner.endings.iter().find(|(ended, _)| *ended == slot) {
                return Some(*signal);
            }
            let left = deadline.checked_duration_since(Instant::now())?;
            inner = self.changed.wait_timeout(inner, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The zygote has ended, and every sandbox with it.
    pub(super) fn drop_ready(&self) {
        let ready = std::mem::take(&mut self.lock().ready);
        drop(ready);
    }

    /// Which layers were in force in the newest sandbox.
    pub(super) fn reports(&self) -> Vec<LayerReport> {
        self.lock().reports.clone()
    }

    /// How many are ready.
    pub(super) fn ready(&self) -> usize {
        self.lock().ready.len()
    }

    /// Nobody is given a sandbox any more.
    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_all();
        self.ring();
    }

    pub(super) fn is_closed(&self) -> bool {
        self.lock().is_closed
    }
}
