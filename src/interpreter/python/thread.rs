//! A worker's thread attached to Python.

use std::sync::Arc;

use pyo3::{
    exceptions::PyRuntimeError,
    prelude::*,
    sync::PyOnceLock,
    types::{PyString, PyTuple},
};

use serde::{Deserialize, Serialize};

use super::{
    super::{Display, PythonException},
    native::{Entered, PyRun},
    stopping::stopped_class,
    surroundings::Surroundings,
};

/// A thread that is attached to Python, for as long as the closure given to [`PythonThread::attach`] runs.
pub(crate) struct PythonThread<'py> {
    pub(super) py: Python<'py>,
}

/// How the code itself ended, as Python tells it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum CodeEnd {
    /// It ran to its end; the value of its last expression.
    Completed(Option<Display>),
    /// It raised.
    Raised(PythonException),
    /// It called `sys.exit`.
    Exited(i32),
    /// It was stopped; where it was then, if that is known.
    Stopped(Option<String>),
    /// Its process was ended by this signal, or by itself (0).
    Killed(i32),
    /// It was ended because it took too much memory.
    OutOfMemory,
}

/// A run whose code has ended, and whose traces are still to be taken away.
#[must_use = "clean up after the run"]
pub(crate) struct EndedRun {
    run: Py<PyRun>,
    entered: Entered,
}

impl PythonThread<'_> {
    /// Attaches this thread; its Python state lives as long as `work` goes on.
    pub(crate) fn attach<R>(work: impl FnOnce(&PythonThread<'_>) -> R) -> R {
        Python::attach(|py| work(&PythonThread { py }))
    }

    /// Waits without holding the GIL.
    pub(crate) fn idle<R: Send>(&self, wait: impl FnOnce() -> R + Send) -> R {
        self.py.detach(wait)
    }

    /// Runs the code to its end, or until it is stopped; after an `earlier` run with what that one has left.
    ///
    /// # Errors
    /// What Python itself said when the run could not even be begun.
    pub(crate) fn execute(
        &self,
        active: &Arc<dyn Surroundings>,
        earlier: Option<EndedRun>,
    ) -> Result<(CodeEnd, EndedRun), String> {
        let py = self.py;
        let run = Bound::new(py, PyRun::new(Arc::clone(active))).map_err(|error| error.to_string())?;
        let earlier = earlier.map(|EndedRun { run, entered: _left }| run);
        let entered = Entered::enter(&run);
        active.stop().enter(py);
        let answer = self.function("execute").and_then(|execute| execute.call1((&run, earlier)));
        // From here on nothing is raised in this thread any more, so what follows is done to its end.
        active.stop().leave(py);
        let answer = answer.or_else(|error| self.stopped(&run, error));
        active.code_ended();
        let end = answer.and_then(|answer| read_answer(&answer)).unwrap_or_else(|error| self.read_error(&error));
        Ok((end, EndedRun { run: run.unbind(), entered }))
    }

    /// Takes the run's traces away; slow, hence after the answer was given.
    pub(crate) fn clean_up(&self, ended: EndedRun) {
        let cleaned = self.function("clean_up").and_then(|clean_up| clean_up.call1((&ended.run,)));
        if let Err(error) = cleaned {
            tracing::error!(%error, "a run's traces could not be taken away");
        }
        drop(ended.entered);
    }

    /// Prepares Python for being the only thing in its process: signals stop code from now on.
    ///
    /// # Errors
    /// What Python said.
    pub(crate) fn confine(&self) -> Result<(), String> {
        self.confined("prepare").map(drop)
    }

    /// Pieces of code such as people often ask for, the simplest first.
    ///
    /// # Errors
    /// What Python said.
    pub(crate) fn typical_code(&self) -> Result<Vec<String>, String> {
        self.confined("typical_code")?.extract().map_err(|error: PyErr| error.to_string())
    }

    fn confined(&self, name: &str) -> Result<Bound<'_, PyAny>, String> {
        let module = self.py.import("taipan_runtime.starting.confined");
        module.and_then(|module| module.call_method0(name)).map_err(|error| error.to_string())
    }

    fn function(&self, name: &'static str) -> PyResult<Bound<'_, PyAny>> {
        static EXECUTION: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let module = EXECUTION.get_or_try_init(self.py, || {
            PyResult::Ok(self.py.import("taipan_runtime.execution")?.into_any().unbind())
        })?;
        module.bind(self.py).getattr(PyString::intern(self.py, name))
    }

    /// What comes out of `execute` is the stop of the code, or a fault of ours, which is given back.
    fn stopped<'py>(&'py self, run: &Bound<'py, PyRun>, error: PyErr) -> PyResult<Bound<'py, PyAny>> {
        let is_stop = error.matches(self.py, stopped_class(self.py)?.bind(self.py))?;
        if !is_stop {
            return Err(error);
        }
        self.function("stopped")?.call1((run, error.value(self.py)))
    }

    /// `execute` answers rather than raises: this is a fault of ours.
    fn read_error(&self, error: &PyErr) -> CodeEnd {
        let traceback = error.traceback(self.py).and_then(|traceback| traceback.format().ok()).unwrap_or_default();
        CodeEnd::Raised(PythonException {
            type_name: error.get_type(self.py).name().map_or_else(|_| "Exception".to_owned(), |name| name.to_string()),
            message: error.value(self.py).to_string(),
            traceback: format!("{traceback}{error}\n"),
        })
    }
}

/// Reads what `taipan_runtime.execution.execute` answers.
fn read_answer(answer: &Bound<'_, PyAny>) -> PyResult<CodeEnd> {
    let answer = answer.cast::<PyTuple>()?;
    let text = |index| answer.get_item(index)?.extract::<String>();
    let tag = answer.get_item(0)?;
    match tag.cast::<PyString>()?.to_str()? {
        "completed" => Ok(CodeEnd::Completed(read_display(&answer.get_item(1)?)?)),
        "raised" => {
            Ok(CodeEnd::Raised(PythonException { type_name: text(1)?, message: text(2)?, traceback: text(3)? }))
        }
        "exited" => Ok(CodeEnd::Exited(answer.get_item(1)?.extract()?)),
        "stopped" => Ok(CodeEnd::Stopped(Some(text(1)?))),
        other => Err(PyRuntimeError::new_err(format!("unknown answer {other}"))),
    }
}

fn read_display(value: &Bound<'_, PyAny>) -> PyResult<Option<Display>> {
    if value.is_none() {
        return Ok(None);
    }
    let (text, html, markdown, cut) = value.extract()?;
    Ok(Some(Display { text, html, markdown, cut }))
}
