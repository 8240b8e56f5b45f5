//! The runs that workers follow in sandboxes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::super::{active_run::ActiveRun, python::StopReason};

/// Which runs go on, so that all of them can be cancelled.
#[derive(Default)]
pub(super) struct Going(Mutex<Runs>);

#[derive(Default)]
struct Runs {
    runs: Vec<Arc<ActiveRun>>,
    /// What begins after all were cancelled is cancelled as well.
    is_closed: bool,
}

/// The run goes on until this is dropped.
pub(super) struct GoingOn<'g> {
    going: &'g Going,
    run: &'g Arc<ActiveRun>,
}

impl Going {
    fn lock(&self) -> MutexGuard<'_, Runs> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// This run begins.
    pub(super) fn enter<'g>(&'g self, run: &'g Arc<ActiveRun>) -> GoingOn<'g> {
        let mut runs = self.lock();
        runs.runs.push(Arc::clone(run));
        if runs.is_closed {
            run.stop.request(StopReason::Cancelled);
        }
        GoingOn { going: self, run }
    }

    /// Cancels every run that goes on, and those that are about to begin.
    pub(super) fn cancel_all(&self) {
        let mut runs = self.lock();
        runs.is_closed = true;
        for run in &runs.runs {
            run.stop.request(StopReason::Cancelled);
            run.wake();
        }
    }
}

impl Drop for GoingOn<'_> {
    fn drop(&mut self) {
        self.going.lock().runs.retain(|run| !Arc::ptr_eq(run, self.run));
    }
}
