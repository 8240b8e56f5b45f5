//! A worker: one thread that takes runs and executes them, one at a time.

use std::{env, io, sync::Arc, thread};

use super::{
    super::{
        Event, InterpreterError,
        active_run::ActiveRun,
        python::{CodeEnd, EndedRun, PythonThread, Surroundings},
        workspace::{LinksTo, LiveWatch, Workspace},
    },
    Pool, conclusion,
    serving::{Serving, report_files},
};

/// Deep recursion of Python's C code needs room; it is only reserved, not used.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// Starts a worker.
pub(super) fn spawn(pool: &Arc<Pool>, number: usize) -> io::Result<()> {
    let pool = Arc::clone(pool);
    let name = format!("taipan-worker-{number}");
    thread::Builder::new().name(name).stack_size(STACK_BYTES).spawn(move || {
        let mut leaving = Leaving(Some(Arc::clone(&pool)));
        if work(&pool) == Left::Replaced {
            leaving.0 = None;
        }
    })?;
    Ok(())
}

/// Replaces the worker when its thread ends, also by a panic, unless that was done.
struct Leaving(Option<Arc<Pool>>);

impl Drop for Leaving {
    fn drop(&mut self) {
        if let Some(pool) = self.0.take() {
            pool.replace_worker();
        }
    }
}

/// How a worker left.
#[derive(PartialEq, Eq)]
enum Left {
    /// The pool is closed.
    Closed,
    /// It was asked to stop a run and must not be used again; another has its place already.
    Replaced,
}

fn work(pool: &Arc<Pool>) -> Left {
    let own_directory = has_own_directory();
    PythonThread::attach(|python| {
        while let Some(run) = python.idle(|| pool.queue.next()) {
            if serve(pool, python, &run, own_directory) == After::Leave {
                return Left::Replaced;
            }
        }
        Left::Closed
    })
}

/// What a worker does after a run.
#[derive(PartialEq, Eq)]
enum After {
    /// It takes the next one.
    Next,
    /// It leaves, having been replaced.
    Leave,
}

fn serve(pool: &Arc<Pool>, python: &PythonThread<'_>, run: &Arc<ActiveRun>, own_directory: bool) -> After {
    let serving = Serving { pool, run };
    let (workspace, live) = match prepare(pool, python, run) {
        Ok(prepared) => prepared,
        Err(error) => {
            pool.answer(run, |_| Err(error));
            // The folder, if there was one, is gone.
            python.idle(|| pool.workspaces.replace());
            return After::Next;
        }
    };
    let directory = (!own_directory).then(|| python.idle(|| pool.directory_turn.take(run.id)));
    let executed = execute(pool, python, run, &workspace);
    drop(directory);
    let (end, ended) = match executed {
        Ok((end, ended)) => (Ok(end), ended),
        Err(error) => (Err(error), None),
    };
    let answered = python.idle(|| {
        drop(live);
        pool.answer(run, |collection| end.map(|end| conclusion::conclude(run, end, &workspace, collection)))
    });
    drop(serving);
    // Replaced before the traces are taken away, which may take long after code was stopped.
    let leaves = answered.is_some() && (ended.is_none() || run.stop.requested().is_some());
    if leaves {
        pool.replace_worker();
    }
    if let Some(ended) = ended {
        python.clean_up(ended);
    }
    if let Some(has_files) = answered {
        python.idle(|| put_away(pool, workspace, has_files));
    }
    if leaves || answered.is_none() { After::Leave } else { After::Next }
}

/// The folder serves again, or goes with its files.
fn put_away(pool: &Pool, workspace: Arc<Workspace>, has_files: bool) {
    match Arc::into_inner(workspace) {
        Some(workspace) if !has_files => pool.workspaces.give_back(workspace),
        workspace => {
            pool.workspaces.remove_later(workspace);
            pool.workspaces.replace();
        }
    }
}

/// Gives the run its folder and files.
fn prepare(
    pool: &Pool,
    python: &PythonThread<'_>,
    run: &Arc<ActiveRun>,
) -> Result<(Arc<Workspace>, Option<LiveWatch>), InterpreterError> {
    let mut workspace = pool.workspaces.take().map_err(InterpreterError::Workspace)?;
    let files = &run.request.input_files;
    let inputs =
        if files.is_empty() { None } else { Some(python.idle(|| workspace.place_inputs(files, LinksTo::Originals))?) };
    run.works_in(workspace.path(), inputs);
    let live = report_files(run, &workspace);
    Ok((Arc::new(workspace), live))
}

fn execute(
    pool: &Arc<Pool>,
    python: &PythonThread<'_>,
    run: &Arc<ActiveRun>,
    workspace: &Arc<Workspace>,
) -> Result<(CodeEnd, Option<EndedRun>), InterpreterError> {
    env::set_current_dir(workspace.path()).map_err(InterpreterError::Workspace)?;
    let deadline = run.clock.start();
    let _watched = pool.watchdog.watch(run, workspace, deadline);
    if run.stop.requested().is_some() {
        return Ok((CodeEnd::Stopped(None), None));
    }
    run.recording.event(Event::Started);
    let executed = python.execute(&(Arc::clone(run) as Arc<dyn Surroundings>), None);
    let (end, ended) = executed.map_err(|reason| InterpreterError::WorkerLost { reason })?;
    Ok((end, Some(ended)))
}

/// Gives this thread a working directory of its own, so that relative paths of runs need no translation and no lock.
/// Containers often deny it; then runs take turns on the one working directory.
fn has_own_directory() -> bool {
    // SAFETY: only this thread's working directory, root and umask become its own; no Rust object is tied to them.
    let denied = unsafe { rustix::thread::unshare_unsafe(rustix::thread::UnshareFlags::FS) };
    if let Err(error) = denied {
        tracing::warn!(%error, "threads cannot have working directories of their own here; runs take turns");
    }
    denied.is_ok()
}
