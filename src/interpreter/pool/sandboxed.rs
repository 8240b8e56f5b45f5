//! A worker that has its runs executed in sandboxes: one thread that follows one run at a time.

use std::{io, os::fd::OwnedFd, sync::Arc, thread, time::Instant};

use rustix::event::{EventfdFlags, eventfd};

use super::{
    super::{
        active_run::ActiveRun,
        python::CodeEnd,
        sandbox::Sandboxes,
        workspace::{Collected, Collection, CollectionLimits, Keeping},
    },
    Pool, conclusion,
    serving::{Serving, report_files},
    sessions::{Kept, Left, Taken},
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

fn serve(pool: &Arc<Pool>, sandboxes: &Sandboxes, run: &Arc<ActiveRun>, alarm: &Arc<OwnedFd>) {
    run.wakes(Arc::clone(alarm));
    let _going = pool.going.enter(run);
    if !run.request.in_session {
        if let Some(fresh) = fresh(pool, sandboxes, run) {
            follow(pool, sandboxes, run, alarm, fresh);
        }
        return;
    }
    let taken = pool.sessions.take(&run.request.owner, || run.stop.requested().is_some());
    if matches!(taken, Taken::GivenUp) {
        return answer_unrun(pool, run);
    }
    // What is left of the session after the run goes back when this is dropped, also by a panic.
    let mut session = InSession { pool, run, left: Left::Nothing };
    let kept = match taken {
        Taken::Goes(kept) => Some(*kept),
        Taken::Begins(ended) => {
            if let Some(why) = ended {
                run.recording.note(format!("The session before has ended because {why}; this run begins a new one."));
            }
            fresh(pool, sandboxes, run)
        }
        Taken::GivenUp => None,
    };
    if let Some(kept) = kept {
        session.left = Left::Ended;
        session.left = follow(pool, sandboxes, run, alarm, kept).map_or(Left::Ended, |kept| Left::Kept(Box::new(kept)));
    }
}

/// A run of a session, which is nobody else's meanwhile.
struct InSession<'p> {
    pool: &'p Arc<Pool>,
    run: &'p Arc<ActiveRun>,
    left: Left,
}

impl Drop for InSession<'_> {
    fn drop(&mut self) {
        let left = std::mem::replace(&mut self.left, Left::Nothing);
        self.pool.sessions.put_back(&self.run.request.owner, left, Instant::now());
    }
}

/// Takes a sandbox in which nothing has run. Where none is to be had, the run is answered.
fn fresh(pool: &Pool, sandboxes: &Sandboxes, run: &Arc<ActiveRun>) -> Option<Kept> {
    match sandboxes.take(|| run.stop.requested().is_some()) {
        Ok(Some(mut sandbox)) => {
            let workspace = sandbox.workspace.take()?;
            Some(Kept { sandbox, workspace, collected: Collected::default() })
        }
        Ok(None) => {
            answer_unrun(pool, run);
            None
        }
        Err(error) => {
            pool.answer(run, |_| Err(error));
            None
        }
    }
}

/// Has the run executed and answers for it; gives what the next run of its session goes on with.
fn follow(
    pool: &Arc<Pool>,
    sandboxes: &Sandboxes,
    run: &Arc<ActiveRun>,
    alarm: &Arc<OwnedFd>,
    mut kept: Kept,
) -> Option<Kept> {
    let order = match kept.sandbox.prepare(run, &mut kept.workspace) {
        Ok(order) => order,
        Err(error) => {
            pool.answer(run, |_| Err(error));
            // Nothing has run, so a session is as it was.
            return run.request.in_session.then_some(kept);
        }
    };
    let live = report_files(run, &kept.workspace);
    let driven = kept.sandbox.drive(run, order, alarm, sandboxes.limits().memory_bytes);
    drop(live);
    for note in sandboxes.limits_hit(&driven.end, &kept.workspace) {
        run.recording.note(note);
    }
    run.recording.settle();
    let goes_on = run.request.in_session && driven.is_well && kept.sandbox.freeze();
    let files = files_of(run, &kept, goes_on);
    if run.request.in_session && !goes_on {
        run.recording.note("The session has ended with this run; the next one begins anew.");
    }
    pool.answer(run, |limits| Ok(conclusion::conclude_with(run, driven.end, files.collect(pool, &mut kept, limits))));
    if goes_on {
        return Some(kept);
    }
    drop(kept.sandbox);
    pool.workspaces.remove_later(kept.workspace);
    None
}

/// How the files of a run can be had.
enum Files {
    /// There are none, or they are left where they are.
    None,
    /// Nobody changes them while they are read. They are copied: the next run of a session may change them, and what
    /// else a sandbox has in memory goes with it.
    Settled,
}

/// Sees to it that nobody changes files while they are read, or afterwards what was read. Where there are none at this
/// moment there are none: what still runs could put links to other files in their place.
fn files_of(run: &ActiveRun, kept: &Kept, goes_on: bool) -> Files {
    if goes_on {
        // What an aside makes is the next run's to collect.
        return if run.request.is_aside { Files::None } else { Files::Settled };
    }
    if kept.workspace.is_empty() {
        return Files::None;
    }
    if kept.sandbox.end() {
        return Files::Settled;
    }
    run.recording.note("The sandbox did not end in time, so its files were left out.");
    Files::None
}

impl Files {
    fn collect(&self, pool: &Pool, kept: &mut Kept, limits: &CollectionLimits) -> Collection {
        match self {
            Self::None => Collection::default(),
            Self::Settled => {
                let new_folder = || pool.workspaces.kept_folder();
                kept.workspace.collect_and_keep(limits, Keeping::new(&mut kept.collected, &new_folder))
            }
        }
    }
}

/// The run was cancelled before its code began.
fn answer_unrun(pool: &Pool, run: &Arc<ActiveRun>) {
    pool.answer(run, |_| Ok(conclusion::without_files(run, CodeEnd::Stopped(None))));
}
