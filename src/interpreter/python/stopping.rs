//! Asks running code to stop.

use std::{
    ffi::c_long,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU8, Ordering},
    },
};

use pyo3::{ffi, prelude::*, sync::PyOnceLock};

/// Why a run is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StopReason {
    /// Somebody cancelled it.
    Cancelled,
    /// Its time was over.
    TimedOut,
}

/// Whether a run is to stop, and the thread to ask.
///
/// CPython stops a thread with an *asynchronous exception*: raised there between two byte codes. It cannot reach
/// into C code, and it may be late, hence [`StopSwitch::leave`] withdraws what has not landed.
#[derive(Default)]
pub(crate) struct StopSwitch {
    reason: AtomicU8,
    thread: Mutex<Option<c_long>>,
}

impl StopSwitch {
    /// Asks for a stop; the first reason stands. Gives whether this one was the first.
    pub(crate) fn request(&self, reason: StopReason) -> bool {
        let value = match reason {
            StopReason::Cancelled => 1,
            StopReason::TimedOut => 2,
        };
        self.reason.compare_exchange(0, value, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// Why the run is to stop, if it is.
    pub(crate) fn requested(&self) -> Option<StopReason> {
        match self.reason.load(Ordering::Acquire) {
            1 => Some(StopReason::Cancelled),
            2 => Some(StopReason::TimedOut),
            _ => None,
        }
    }

    /// Whether code runs.
    pub(super) fn is_entered(&self) -> bool {
        self.thread.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    fn set_thread(&self, thread: Option<c_long>) {
        *self.thread.lock().unwrap_or_else(PoisonError::into_inner) = thread;
    }

    /// This thread now runs the code.
    pub(super) fn enter(&self, _py: Python<'_>) {
        // SAFETY: reads this thread's identity, no arguments, the GIL is held.
        self.set_thread(Some(unsafe { PyThread_get_thread_ident() }.cast_signed()));
    }

    /// This thread no longer runs the code; an exception that has not landed is withdrawn.
    pub(super) fn leave(&self, _py: Python<'_>) {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread
            && self.requested().is_some()
        {
            // SAFETY: the GIL is held; NULL withdraws a pending asynchronous exception of that thread.
            unsafe { ffi::PyThreadState_SetAsyncExc(thread, std::ptr::null_mut()) };
        }
    }

    /// Raises the stop in the code's thread, if it still runs there. Waits for the GIL, possibly for long.
    /// Gives whether there was somebody to ask.
    pub(crate) fn ask(&self) -> bool {
        Python::attach(|py| {
            // The first time this is an import, which lets others have the GIL: it comes before the lock, for which
            // code that ends waits with the GIL.
            let class = stopped_class(py);
            // The lock is held so that the thread cannot leave between the look and the raise; the GIL is held,
            // and nobody takes this lock while waiting for the GIL.
            let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
            match (*thread, class) {
                (Some(thread), Ok(class)) => {
                    raise_in(py, thread, class.bind(py));
                    true
                }
                _ => false,
            }
        })
    }
}

unsafe extern "C" {
    // Not in PyO3's bindings; part of CPython's API since 1.5 (pythread.h).
    fn PyThread_get_thread_ident() -> std::ffi::c_ulong;
}

/// Raises `class` in the thread with this identity between two of its byte codes.
pub(super) fn raise_in(_py: Python<'_>, thread: c_long, class: &Bound<'_, PyAny>) {
    // SAFETY: the GIL is held and `class` is an exception class; an unknown thread identity is no error.
    unsafe { ffi::PyThreadState_SetAsyncExc(thread, class.as_ptr()) };
}

/// The exception class that stops code: `taipan_runtime.stopping.Stopped`.
pub(super) fn stopped_class(py: Python<'_>) -> PyResult<&Py<PyAny>> {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    CLASS.get_or_try_init(py, || Ok(py.import("taipan_runtime.stopping")?.getattr("Stopped")?.unbind()))
}
