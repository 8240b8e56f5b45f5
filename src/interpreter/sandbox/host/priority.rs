//! Who goes first when there is more to do than processors: runs that have just begun.
//!
//! A run that takes long is most likely one that goes on taking long. It then gets the processors whenever nobody else
//! wants them, so that as many endless loops as there are processors do not keep a short run waiting.

use std::{fs, io, num::NonZeroI32};

/// Lets all threads of a process give way to those of every other, for good.
///
/// # Errors
/// When the process is gone.
pub(super) fn give_way(process: NonZeroI32) -> io::Result<()> {
    for thread in fs::read_dir(format!("/proc/{process}/task"))?.flatten() {
        let number = thread.file_name().to_str().and_then(|name| name.parse().ok());
        if let Some(number) = number {
            let parameters = libc::sched_param { sched_priority: 0 };
            // SAFETY: the structure lives until the call returns. A thread that has ended meanwhile is an error that
            // does not matter; those it has started have its policy.
            unsafe { libc::sched_setscheduler(number, libc::SCHED_IDLE, &raw const parameters) };
        }
    }
    Ok(())
}
