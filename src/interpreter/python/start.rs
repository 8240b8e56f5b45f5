//! Starts the one Python of this process.

use std::{
    ffi::{CStr, CString},
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    thread,
};

use once_cell::sync::OnceCell;
use pyo3::{ffi, prelude::*};

use super::{super::StartError, arenas, modules, native, sources};

/// The version that this program is linked with, such as `3.11`.
const BUILT_VERSION: &str = env!("TAIPAN_BUILD_PYTHON_VERSION");
/// The Python that this program was built against; its environment is the default one.
const BUILT_PYTHON: &str = env!("TAIPAN_BUILD_PYTHON");

/// How Python is to be started.
#[derive(Clone, Debug)]
pub(crate) struct StartOptions {
    /// The virtual environment; without one, that of the Python this program was built against.
    pub(crate) venv: Option<PathBuf>,
    /// Modules to import before any code runs.
    pub(crate) preload: Vec<String>,
}

/// The running Python: where it came from and what it is.
#[derive(Clone, Debug)]
pub(crate) struct Python {
    /// The virtual environment.
    pub(crate) venv: PathBuf,
    /// Its `python`.
    pub(crate) executable: PathBuf,
    /// The full version, such as `3.11.2`.
    pub(crate) version: String,
}

/// Python's place in an environment.
pub(crate) const PROGRAM: &str = "bin/python";

static PYTHON: OnceCell<Python> = OnceCell::new();
/// Held while modules are imported ahead: two threads importing pandas at once have crashed. Whether that was done.
static PRELOADING: Mutex<bool> = Mutex::new(false);

impl Python {
    /// Starts Python, or joins the one that runs already, and imports what should be warm.
    pub(crate) fn start(options: &StartOptions) -> Result<&'static Self, StartError> {
        let named = named_environment(options.venv.as_deref())?;
        if let Some(running) = PYTHON.get().filter(|running| !same_folder(&running.venv, &named)) {
            return Err(StartError::AlreadyStarted(running.venv.clone()));
        }
        let venv = environment(options.venv.as_deref())?;
        let python = PYTHON.get_or_try_init(|| start_in(&venv))?;
        if !same_folder(&python.venv, &venv) {
            return Err(StartError::AlreadyStarted(python.venv.clone()));
        }
        python.preload(&options.preload)?;
        Ok(python)
    }

    /// Starts Python on this thread, which it then calls the main thread, and imports what should be warm. For a
    /// process that has no other thread and is to have none.
    pub(crate) fn start_here(venv: &Path, preload: &[String]) -> Result<&'static Self, StartError> {
        let python = PYTHON.get_or_try_init(|| {
            arenas::lie_side_by_side();
            let executable = venv.join(PROGRAM);
            let version = initialize(&executable)?;
            Ok::<_, StartError>(Self { venv: venv.to_owned(), executable, version })
        })?;
        python.preload(preload)?;
        Ok(python)
    }

    fn preload(&self, wanted: &[String]) -> Result<(), StartError> {
        let mut settled = PRELOADING.lock().unwrap_or_else(PoisonError::into_inner);
        if *settled && wanted.is_empty() {
            // Code of another interpreter may run, and what it changed must not be taken for how things are.
            return Ok(());
        }
        pyo3::Python::attach(|py| {
            let preload = py.import("taipan_runtime.starting").and_then(|module| module.getattr("preload"));
            let preload = preload.map_err(|error| StartError::Python(error.to_string()))?;
            for module in wanted {
                preload.call1((module,)).map_err(|error| StartError::Preload {
                    venv: self.venv.clone(),
                    module: module.clone(),
                    reason: error.value(py).to_string(),
                })?;
            }
            let settle = py.import("taipan_runtime.starting").and_then(|module| module.call_method0("settle"));
            settle.map(drop).map_err(|error| StartError::Python(error.to_string()))
        })?;
        *settled = true;
        Ok(())
    }
}

/// The virtual environment to use: the one that is named, or the one this program was built with.
///
/// # Errors
/// When there is none, or when it is for another Python.
pub(crate) fn environment(named: Option<&Path>) -> Result<PathBuf, StartError> {
    let venv = named_environment(named)?;
    if !venv.join(PROGRAM).exists() {
        return Err(StartError::NoVenv(venv));
    }
    check_version(&venv)?;
    Ok(venv)
}

fn named_environment(named: Option<&Path>) -> std::io::Result<PathBuf> {
    std::path::absolute(named.map_or_else(default_venv, Path::to_owned))
}

fn same_folder(left: &Path, right: &Path) -> bool {
    left == right || matches!((left.canonicalize(), right.canonicalize()), (Ok(left), Ok(right)) if left == right)
}

fn default_venv() -> PathBuf {
    let python = Path::new(BUILT_PYTHON);
    python.parent().and_then(Path::parent).map_or_else(|| PathBuf::from(".venv"), Path::to_owned)
}

/// Starts Python on a thread of its own, which stays: Python calls the thread that starts it the main thread.
fn start_in(venv: &Path) -> Result<Python, StartError> {
    let executable = venv.join(PROGRAM);
    let (send, receive) = std::sync::mpsc::sync_channel(1);
    let program = executable.clone();
    thread::Builder::new().name("taipan-python".to_owned()).spawn(move || {
        let started = initialize(&program);
        let well = started.is_ok();
        // The receiver waits below; there is nothing to do should it be gone.
        let _ = send.send(started);
        if well {
            loop {
                thread::park();
            }
        }
    })?;
    let version = receive.recv().map_err(|_| StartError::Python("the starting thread died".to_owned()))??;
    Ok(Python { venv: venv.to_owned(), executable, version })
}

fn check_version(venv: &Path) -> Result<(), StartError> {
    let Some(found) = venv_version(venv) else { return Ok(()) };
    if found == BUILT_VERSION {
        return Ok(());
    }
    Err(StartError::OtherPython { venv: venv.to_owned(), found, built: BUILT_VERSION.to_owned() })
}

/// Reads `version = 3.11.2` (venv) or `version_info = 3.11.2` (uv, virtualenv) of `pyvenv.cfg`, as `3.11`.
fn venv_version(venv: &Path) -> Option<String> {
    let text = fs::read_to_string(venv.join("pyvenv.cfg")).ok()?;
    let version = text.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        matches!(key.trim(), "version" | "version_info").then(|| value.trim().to_owned())
    })?;
    let mut parts = version.split('.');
    Some(format!("{}.{}", parts.next()?, parts.next()?))
}

fn initialize(executable: &Path) -> Result<String, StartError> {
    let executable = CString::new(executable.as_os_str().as_encoded_bytes())
        .map_err(|_| StartError::Python("the path of the environment holds a NUL".to_owned()))?;
    start_interpreter(&executable)?;
    let ready = pyo3::Python::attach(|py| -> PyResult<String> {
        sources::install(py)?;
        native::install(py)?;
        let run_modules = py.import("taipan_runtime.isolation.modules")?.getattr("RunModules")?;
        modules::dispatch_by_run(py, &run_modules)?;
        py.import("taipan_runtime.starting")?.call_method0("install")?;
        let version = py.import("platform")?.call_method0("python_version")?.extract()?;
        Ok(version)
    });
    ready.map_err(|error| pyo3::Python::attach(|py| StartError::Python(describe(py, &error))))
}

fn describe(py: pyo3::Python<'_>, error: &PyErr) -> String {
    let place = error.traceback(py).and_then(|traceback| traceback.format().ok()).unwrap_or_default();
    tracing::error!(traceback = place, "the runtime could not be set up");
    error.to_string()
}

/// Initializes CPython with the environment's own configuration, isolated from `PYTHON*` variables, the user's
/// site folder and the terminal's signals, and lets go of the GIL.
fn start_interpreter(executable: &CString) -> Result<(), StartError> {
    // SAFETY: the calls follow the order of the "Python Initialization Configuration" chapter of the C API manual:
    // a configuration is initialized, filled, used and cleared on this thread; no Python runs before.
    unsafe {
        if ffi::Py_IsInitialized() != 0 {
            return Err(StartError::Python("another part of this program has started it already".to_owned()));
        }
        // Names and texts are UTF-8 whatever the locale: many a container has none.
        let mut before = std::mem::MaybeUninit::<ffi::PyPreConfig>::zeroed();
        ffi::PyPreConfig_InitIsolatedConfig(before.as_mut_ptr());
        let before = before.assume_init_mut();
        before.utf8_mode = 1;
        check(ffi::Py_PreInitialize(before))?;
        let mut config = std::mem::MaybeUninit::<ffi::PyConfig>::zeroed();
        ffi::PyConfig_InitIsolatedConfig(config.as_mut_ptr());
        let config = config.assume_init_mut();
        config.site_import = 1;
        config.write_bytecode = 1;
        let field = &raw mut config.executable;
        let mut status = ffi::PyConfig_SetBytesString(config, field, executable.as_ptr());
        if ffi::PyStatus_Exception(status) == 0 {
            let field = &raw mut config.program_name;
            status = ffi::PyConfig_SetBytesString(config, field, executable.as_ptr());
        }
        if ffi::PyStatus_Exception(status) == 0 {
            status = ffi::Py_InitializeFromConfig(config);
        }
        ffi::PyConfig_Clear(config);
        check(status)?;
        ffi::PyEval_SaveThread();
    }
    Ok(())
}

/// Turns what a step of starting CPython came to into a result.
fn check(status: ffi::PyStatus) -> Result<(), StartError> {
    // SAFETY: only reads the status, whose message is a text that lives as long as the program, or null.
    let message = unsafe {
        if ffi::PyStatus_Exception(status) == 0 {
            return Ok(());
        }
        if status.err_msg.is_null() { c"it gave no reason" } else { CStr::from_ptr(status.err_msg) }
    };
    Err(StartError::Python(message.to_string_lossy().into_owned()))
}
