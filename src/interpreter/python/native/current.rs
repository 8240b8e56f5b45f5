//! Which run a thread belongs to.
//!
//! A worker's thread enters the run it executes; threads that the code starts enter the run of the thread that
//! starts them (`taipan_runtime.isolation.threads`). Everything kept apart by run looks here.

use std::{
    cell::{Cell, RefCell},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use pyo3::{prelude::*, types::PyModule};

use super::{
    super::{super::recording::Writer, surroundings::Surroundings},
    PyRun,
};

struct Member {
    run: Py<PyRun>,
    writer: Writer,
}

thread_local! {
    static CURRENT: RefCell<Option<Member>> = const { RefCell::new(None) };
    /// How many shared modules this thread is importing, one within the other.
    static IMPORTING: Cell<u32> = const { Cell::new(0) };
}

/// The runs whose code executes now: a thread nobody knows belongs to the only one, if there is just one.
static EXECUTING: Mutex<Vec<Arc<dyn Surroundings>>> = Mutex::new(Vec::new());

/// Numbers the threads that code starts.
static NEXT_THREAD: AtomicU64 = AtomicU64::new(1);

fn executing<R>(change: impl FnOnce(&mut Vec<Arc<dyn Surroundings>>) -> R) -> R {
    change(&mut EXECUTING.lock().unwrap_or_else(PoisonError::into_inner))
}

/// A worker's thread executes this run until the guard is dropped (with the GIL held).
pub(crate) struct Entered(Arc<dyn Surroundings>);

impl Entered {
    pub(crate) fn enter(run: &Bound<'_, PyRun>) -> Self {
        let active = Arc::clone(&run.get().active);
        executing(|runs| runs.push(Arc::clone(&active)));
        set_current(Some(Member { run: run.clone().unbind(), writer: Writer::Main }));
        Self(active)
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        executing(|runs| runs.retain(|run| !Arc::ptr_eq(run, &self.0)));
        set_current(None);
        // A stop may have landed between the beginning of an import and its end.
        IMPORTING.set(0);
    }
}

fn set_current(member: Option<Member>) {
    // The old member is dropped after the borrow ends: dropping a Python object may run Python code.
    let old = CURRENT.with(|current| current.replace(member));
    drop(old);
}

/// The run of this thread, with its place among the run's writers.
pub(super) fn with_current<R>(look: impl FnOnce(&PyRun, Writer) -> R) -> Option<R> {
    CURRENT.with(|current| current.borrow().as_ref().map(|member| look(member.run.get(), member.writer)))
}

/// The only run that executes now, for threads that Python did not start.
pub(super) fn only_run() -> Option<Arc<dyn Surroundings>> {
    executing(|runs| match runs.as_slice() {
        [only] => Some(Arc::clone(only)),
        _ => None,
    })
}

/// The run of this thread; `None` outside of runs, and while a module is imported that all runs share.
#[pyfunction]
fn current(py: Python<'_>) -> Option<Py<PyRun>> {
    if IMPORTING.get() > 0 {
        return None;
    }
    CURRENT.with(|current| current.borrow().as_ref().map(|member| member.run.clone_ref(py)))
}

/// Makes this thread, which a run's code has started, part of the run.
#[pyfunction]
fn enter(run: &Bound<'_, PyRun>) {
    let number = NEXT_THREAD.fetch_add(1, Ordering::Relaxed);
    set_current(Some(Member { run: run.clone().unbind(), writer: Writer::Thread(number) }));
}

/// This thread ends: what it has begun to write is shown.
#[pyfunction]
fn leave() {
    let _ = with_current(|run, writer| run.active.flush(writer));
    set_current(None);
}

/// Begins the import of a module that all runs share: what it sets up is not this run's alone.
#[pyfunction]
fn begin_shared_import() {
    IMPORTING.set(IMPORTING.get() + 1);
}

/// Ends such an import.
#[pyfunction]
fn end_shared_import() {
    IMPORTING.set(IMPORTING.get().saturating_sub(1));
}

/// Raises an exception class in another thread of the run, between two of its byte codes.
#[pyfunction]
fn raise_in_thread(thread: u64, class: &Bound<'_, PyAny>) {
    super::super::stopping::raise_in(class.py(), thread.cast_signed(), class);
}

pub(super) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(current, module)?)?;
    module.add_function(wrap_pyfunction!(enter, module)?)?;
    module.add_function(wrap_pyfunction!(leave, module)?)?;
    module.add_function(wrap_pyfunction!(begin_shared_import, module)?)?;
    module.add_function(wrap_pyfunction!(end_shared_import, module)?)?;
    module.add_function(wrap_pyfunction!(raise_in_thread, module)?)
}
