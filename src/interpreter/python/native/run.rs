//! A run as Python sees it.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU8, Ordering},
};

use pyo3::{prelude::*, types::PyString};

use super::super::{super::recording::Channel, StopReason, surroundings::Surroundings};

/// One run. Python keeps what belongs to it in attributes of its own.
#[pyclass(name = "Run", module = "_taipan", dict, frozen)]
pub(crate) struct PyRun {
    pub(crate) active: Arc<dyn Surroundings>,
    redirected: AtomicU8,
    redirections: Mutex<[Option<Py<PyAny>>; 2]>,
}

impl PyRun {
    pub(crate) fn new(active: Arc<dyn Surroundings>) -> Self {
        Self { active, redirected: AtomicU8::new(0), redirections: Mutex::new([None, None]) }
    }

    /// What the code has put in the place of a stream, if it has.
    pub(super) fn redirection(&self, py: Python<'_>, channel: Channel) -> Option<Py<PyAny>> {
        if self.redirected.load(Ordering::Relaxed) & (1 << channel as u8) == 0 {
            return None;
        }
        let redirections = self.redirections.lock().unwrap_or_else(PoisonError::into_inner);
        redirections[channel as usize].as_ref().map(|stream| stream.clone_ref(py))
    }

    pub(super) fn redirect(&self, channel: Channel, stream: Option<Py<PyAny>>) {
        let bit = 1 << channel as u8;
        if stream.is_some() {
            self.redirected.fetch_or(bit, Ordering::Relaxed);
        } else {
            self.redirected.fetch_and(!bit, Ordering::Relaxed);
        }
        let mut redirections = self.redirections.lock().unwrap_or_else(PoisonError::into_inner);
        let old = std::mem::replace(&mut redirections[channel as usize], stream);
        drop(redirections);
        drop(old);
    }
}

#[pymethods]
impl PyRun {
    /// The source text.
    #[getter]
    fn code(&self) -> &str {
        self.active.code()
    }

    /// What the source is called in tracebacks.
    #[getter]
    fn file_name(&self) -> &str {
        self.active.file_name()
    }

    /// What follows the script's name in `sys.argv`.
    #[getter]
    fn args(&self) -> Vec<String> {
        self.active.args().to_vec()
    }

    /// What `input()` reads, or `None`.
    #[getter]
    fn stdin(&self) -> Option<&str> {
        self.active.stdin()
    }

    /// Where the run's folder really lies.
    #[getter]
    fn folder(&self) -> String {
        self.active.folder().to_string_lossy().into_owned()
    }

    /// The folder of the owner's packages.
    #[getter]
    fn packages_folder(&self) -> String {
        self.active.packages_folder().to_string_lossy().into_owned()
    }

    /// Whether the run was given files.
    #[getter]
    fn has_inputs(&self) -> bool {
        !self.active.inputs().is_empty()
    }

    /// Whether the code's variables are for a next run.
    #[getter]
    fn is_kept(&self) -> bool {
        self.active.is_kept()
    }

    /// Whether the code only asks its session something.
    #[getter]
    fn is_aside(&self) -> bool {
        self.active.is_aside()
    }

    /// Whether the run's code goes on, so that it can be stopped.
    #[getter]
    fn is_running(&self) -> bool {
        self.active.stop().is_entered()
    }

    /// Whether the run is to stop.
    #[getter]
    fn stopping(&self) -> bool {
        self.active.stop().requested().is_some()
    }

    /// Notes that the run is to stop: it was asked by a signal, whose reason only the asker knows.
    fn ask_to_stop(&self) {
        self.active.stop().request(StopReason::Cancelled);
    }

    /// A sentence for the user.
    fn note(&self, text: &Bound<'_, PyString>) {
        self.active.note(text.to_string_lossy().into_owned());
    }
}
