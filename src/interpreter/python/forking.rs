//! Copies of a process in which Python runs.

use std::io;

use pyo3::{ffi, prelude::*};

use super::PythonThread;

/// Which of the two this process is, after it was copied.
pub(crate) enum Forked {
    /// The one that was there before; the copy has this number.
    Parent(rustix::process::Pid),
    /// The copy.
    Child,
}

impl PythonThread<'_> {
    /// Copies this process, of which this thread must be the only one. `before` and `after` are called around it, in
    /// the parent alone as far as `after` goes.
    ///
    /// # Errors
    /// When `before` fails or the system allows no more processes; there is no copy then.
    pub(crate) fn fork(
        &self,
        before: impl FnOnce() -> io::Result<()>,
        after: impl FnOnce() -> io::Result<()>,
    ) -> io::Result<Forked> {
        before()?;
        let _: Python<'_> = self.py;
        // SAFETY: the GIL is held, and each of the two calls after the fork is made by the process it is for. This is
        // the only thread, so no lock is held by another that the copy would lack.
        let (process, failure) = unsafe {
            ffi::PyOS_BeforeFork();
            let process = libc::fork();
            let failure = io::Error::last_os_error();
            if process == 0 {
                ffi::PyOS_AfterFork_Child();
            } else {
                ffi::PyOS_AfterFork_Parent();
            }
            (process, failure)
        };
        if process == 0 {
            return Ok(Forked::Child);
        }
        after()?;
        rustix::process::Pid::from_raw(process.max(0)).map(Forked::Parent).ok_or(failure)
    }
}
