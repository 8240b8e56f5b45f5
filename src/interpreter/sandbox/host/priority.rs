//! Who goes first when there is more to do than processors: runs that have just begun.
//!
//! A run that takes long is most likely one that goes on taking long. Where as many runs as there are processors go on,
//! it then gets a processor whenever nobody else wants one, so that endless loops do not keep a short run waiting.
//! Where there is room for all it keeps its place: other programs of the machine are not to stop it altogether.

use std::{
    fs, io,
    num::{NonZeroI32, NonZeroUsize},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

/// How many sandboxes have code running.
pub(super) struct Contention {
    running: AtomicUsize,
    processors: usize,
}

/// Counts one of them as long as it is there.
pub(super) struct Running<'c>(&'c Contention);

impl Contention {
    pub(super) fn new() -> Self {
        let processors = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self { running: AtomicUsize::new(0), processors }
    }

    /// One more has code running.
    pub(super) fn begin(&self) -> Running<'_> {
        self.running.fetch_add(1, Ordering::Relaxed);
        Running(self)
    }

    /// Whether those that take long are to give way.
    pub(super) fn is_there(&self) -> bool {
        self.running.load(Ordering::Relaxed) >= self.processors
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Lets all threads of a process give way to those of every other, or no longer. The second is root's right; elsewhere
/// they give way for good.
///
/// # Errors
/// When the process is gone.
pub(super) fn give_way(process: NonZeroI32, gives: bool) -> io::Result<()> {
    let policy = if gives { libc::SCHED_IDLE } else { libc::SCHED_OTHER };
    for thread in fs::read_dir(format!("/proc/{process}/task"))?.flatten() {
        let number = thread.file_name().to_str().and_then(|name| name.parse().ok());
        if let Some(number) = number {
            let parameters = libc::sched_param { sched_priority: 0 };
            // SAFETY: the structure lives until the call returns. A thread that has ended meanwhile is an error that
            // does not matter; those it has started have its policy.
            unsafe { libc::sched_setscheduler(number, policy, &raw const parameters) };
        }
    }
    Ok(())
}
