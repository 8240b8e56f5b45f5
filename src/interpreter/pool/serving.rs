//! What every worker does around a run, wherever its code is executed.

use std::sync::Arc;

use super::{
    super::{
        InterpreterError,
        active_run::ActiveRun,
        workspace::{LiveWatch, Workspace},
    },
    Pool,
};

/// Answers for the run should the thread panic.
pub(super) struct Serving<'p> {
    pub(super) pool: &'p Pool,
    pub(super) run: &'p ActiveRun,
}

impl Drop for Serving<'_> {
    fn drop(&mut self) {
        let reason = "it panicked".to_owned();
        self.pool.answer(self.run, |_| Err(InterpreterError::WorkerLost { reason }));
    }
}

/// Reports files as they are seen, where somebody follows the run, until the guard is dropped.
pub(super) fn report_files(run: &Arc<ActiveRun>, workspace: &Workspace) -> Option<LiveWatch> {
    run.recording.is_live().then(|| {
        if !workspace.is_watched() {
            run.recording.note("Files could not be watched while the code ran, so they were listed at its end alone.");
        }
        let sink = Arc::clone(run);
        workspace.watch(Arc::new(move |seen| sink.recording.file_seen(seen)))
    })
}
