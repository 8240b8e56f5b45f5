//! A worker that has its runs executed in sandboxes: one thread that follows one run at a time.

use std::{io, os::fd::OwnedFd, sync::Arc, thread};

use rustix::event::{EventfdFlags, eventfd};

use super::{
    super::{
        InterpreterError,
        active_run::{ActiveRun, FILE_NAME},
        python::CodeEnd,
        sandbox::Sandboxes,
        workspace::{LiveWatch, Workspace},
    },
    Pool, conclusion,
};

/// Starts a worker.
pub(super) fn spawn(pool: &Arc<Pool>, sandboxes: &Arc<Sandboxes>, number: usize) -> io::Result<()> {
    let (pool, sandboxes) = (Arc::clone(pool), Arc::clone(sandboxes));
    let alarm = Arc::new(eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?);
    thread::Builder::new().name(format!("taipan-worker-{number}")).spawn(move || {
        let _leaving = Leaving(&pool);
        while let Some(run) = pool.queue.next() {
            let serving = Serving { pool: &pool, run: &run };
            serve(&pool, &sandboxes, &run, &alarm);
            drop(serving);
        }
    })?;
    Ok(())
}

/// Replaces the worker when its thread ends, also by a panic.
struct Leaving<'p>(&'p Arc<Pool>);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.replace_worker();
    }
}

/// Answers for the run should the thread panic.
struct Serving<'p> {
    pool: &'p Arc<Pool>,
    run: &'p Arc<ActiveRun>,
}

impl Drop for Serving<'_> {
    fn drop(&mut self) {
        let reason = "it panicked".to_owned();
        self.pool.answer(self.run, |_| Err(InterpreterError::WorkerLost { reason }));
    }
}

fn serve(pool: &Arc<Pool>, sandboxes: &Sandboxes, run: &Arc<ActiveRun>, alarm: &Arc<OwnedFd>) {
    run.wakes(Arc::clone(alarm));
    let _going = pool.going.enter(run);
    let sandbox = sandboxes.take(|| run.stop.requested().is_some());
    let mut sandbox = match sandbox {
        Ok(Some(sandbox)) => sandbox,
        Ok(None) => return answer_unrun(pool, run),
        Err(error) => {
            pool.answer(run, |_| Err(error));
            return;
        }
    };
    let Some(mut workspace) = sandbox.workspace.take() else { return };
    let order = match sandbox.prepare(run, &mut workspace, FILE_NAME) {
        Ok(order) => order,
        Err(error) => {
            pool.answer(run, |_| Err(error));
            return;
        }
    };
    let live = report_files(run, &workspace);
    let driven = sandbox.drive(run, order, alarm, sandboxes.limits().memory_bytes);
    drop(live);
    run.recording.settle();
    // Nobody may change files while they are read; where there are none, nobody need wait for that.
    if !workspace.is_empty() && !sandbox.end() {
        run.recording.note("The sandbox did not end in time; its files may have changed while they were read.");
    }
    let answered = pool.answer(run, |collection| Ok(conclusion::conclude(run, driven.end, &workspace, collection)));
    drop(sandbox);
    if answered.is_some() {
        pool.workspaces.remove_later(workspace);
    }
}

/// The run was cancelled before its code began.
fn answer_unrun(pool: &Pool, run: &Arc<ActiveRun>) {
    pool.answer(run, |_| Ok(conclusion::without_files(run, CodeEnd::Stopped(None))));
}

fn report_files(run: &Arc<ActiveRun>, workspace: &Workspace) -> Option<LiveWatch> {
    run.recording.is_live().then(|| {
        if !workspace.is_watched() {
            run.recording.note("Files could not be watched while the code ran, so they were listed at its end alone.");
        }
        let sink = Arc::clone(run);
        workspace.watch(Arc::new(move |seen| sink.recording.file_seen(seen)))
    })
}
