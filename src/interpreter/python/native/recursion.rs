//! A recursion limit for each thread, so that one run's `sys.setrecursionlimit` does not reach another.
//!
//! CPython keeps the limit in the state of each thread, but only offers to set it for all of them. Where it lies in
//! the state differs between versions and is not part of its API, hence it is looked for when Python starts.
//! Python 3.11 raises a thread's limit to that of the process where it is lower.

use std::sync::OnceLock;

use pyo3::{exceptions::PyRecursionError, ffi, prelude::*, types::PyModule};

/// How far into a thread's state is looked, in words of four bytes; the state is larger in every version.
const WORDS: usize = 40;
/// Limits that no other word of the state is likely to equal.
const MARKS: [i32; 2] = [54_321, 45_679];

/// Which word of a thread's state is its limit; the one before it is how much of the limit remains.
static PLACE: OnceLock<Option<usize>> = OnceLock::new();

/// Looks for the place of the limit; gives whether threads can have limits of their own.
#[pyfunction]
fn find_recursion_limit(py: Python<'_>) -> PyResult<bool> {
    if PLACE.get().is_none() {
        let sys = py.import("sys")?;
        let before = sys.call_method0("getrecursionlimit")?;
        let mut places: Vec<usize> = (1..WORDS).collect();
        for mark in MARKS {
            sys.call_method1("setrecursionlimit", (mark,))?;
            places.retain(|&place| {
                let remaining = read(py, place - 1);
                read(py, place) == mark && remaining <= mark && mark - remaining < 1000
            });
        }
        sys.call_method1("setrecursionlimit", (before,))?;
        let _ = PLACE.set(match places.as_slice() {
            [place] => Some(*place),
            _ => None,
        });
    }
    Ok(PLACE.get().copied().flatten().is_some())
}

/// Sets this thread's limit.
///
/// Raises `RecursionError` where the thread is deeper than that already.
#[pyfunction]
fn set_recursion_limit(py: Python<'_>, limit: i32) -> PyResult<()> {
    let Some(place) = PLACE.get().copied().flatten() else { return Ok(()) };
    let depth = read(py, place) - read(py, place - 1);
    if depth >= limit {
        let message =
            format!("cannot set the recursion limit to {limit} at the recursion depth {depth}: the limit is too low");
        return Err(PyRecursionError::new_err(message));
    }
    write(py, place, limit);
    write(py, place - 1, limit - depth);
    Ok(())
}

/// This thread's limit.
#[pyfunction]
fn recursion_limit(py: Python<'_>) -> Option<i32> {
    PLACE.get().copied().flatten().map(|place| read(py, place))
}

fn word(_py: Python<'_>, place: usize) -> *mut i32 {
    // SAFETY: the GIL is held, so this thread has a state; it is aligned for pointers, and larger than `WORDS` words
    // in every supported version, so the address lies within it.
    unsafe { ffi::PyThreadState_Get().cast::<i32>().add(place) }
}

fn read(py: Python<'_>, place: usize) -> i32 {
    // SAFETY: `word` gives an aligned address within the thread's state; the GIL is held.
    unsafe { word(py, place).read_volatile() }
}

fn write(py: Python<'_>, place: usize, value: i32) {
    // SAFETY: as for `read`; `place` was found to hold the limit or what remains of it, and nobody but this thread
    // changes them while the GIL is held.
    unsafe { word(py, place).write_volatile(value) };
}

pub(super) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(find_recursion_limit, module)?)?;
    module.add_function(wrap_pyfunction!(set_recursion_limit, module)?)?;
    module.add_function(wrap_pyfunction!(recursion_limit, module)?)
}
