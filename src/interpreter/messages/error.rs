//! What the interpreter could not do.

use std::{io, path::PathBuf};

use thiserror::Error;

/// The interpreter could not run the code at all.
///
/// What the code does (an exception, a time-out, a flood of output) is never one of these: it is the
/// [`Ending`](super::Ending) of an [`Outcome`](super::Outcome).
///
/// ```
/// use taipan::{Interpreter, InterpreterError, Request};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let interpreter = Interpreter::builder().workers(1).build()?;
/// let request = Request::new("load_file('sales')").input_file("sales", "/no/such/sales.csv");
/// let error = interpreter.execute(request).await.expect_err("there is no such file");
/// assert!(matches!(error, InterpreterError::InputFile { .. }));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum InterpreterError {
    /// The queue is full. Nothing ran; all workers live; try again later.
    #[error("The interpreter is busy: {waiting} runs are waiting already. Try again in a moment.")]
    Busy {
        /// How many requests wait.
        waiting: usize,
    },
    /// The interpreter is being shut down. Nothing ran; what runs is allowed to end.
    #[error("The interpreter is shutting down and takes no more runs.")]
    ShuttingDown,
    /// Python could not be started, so there is no interpreter.
    #[error("{0}")]
    Start(StartError),
    /// The worker died without an answer. It has been replaced; the run's output is lost.
    #[error("The worker of this run was lost ({reason}). It has been replaced; run the code again.")]
    WorkerLost {
        /// What is known about the cause.
        reason: String,
    },
    /// A file given to the run cannot be read. Nothing ran; the worker lives.
    #[error("The file {} cannot be read: {error}.", path.display())]
    InputFile {
        /// The path as it was given.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The request is not one that can be run. Nothing ran; the worker lives.
    #[error("{0}")]
    InvalidRequest(String),
    /// The run's folder could not be made or entered. Nothing ran; the worker lives or has been replaced.
    #[error(
        "The run's folder cannot be used: {0}. Check that the disk is not full and that the folder for temporary files can be written to."
    )]
    Workspace(io::Error),
}

/// Why Python could not be started. There is no interpreter, and no thread or folder of one; where Python itself runs
/// already ([`StartError::Preload`] and what comes later), it keeps running with its environment.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// There is no virtual environment at this path.
    #[error("There is no Python environment at {}. Run `make venv`, or name one with TAIPAN_VENV.", .0.display())]
    NoVenv(PathBuf),
    /// The virtual environment belongs to another Python than the one Taipan was built with.
    #[error("The Python environment at {} is for Python {found}, but this Taipan was built with Python {built}. Make the environment anew (`make venv`), or build Taipan with PYO3_PYTHON={}/bin/python.", venv.display(), venv.display())]
    OtherPython {
        /// The environment.
        venv: PathBuf,
        /// Its version of Python.
        found: String,
        /// The version that Taipan is linked with.
        built: String,
    },
    /// CPython itself refused to start.
    #[error("Python could not be started: {0}.")]
    Python(String),
    /// A module that should be warm cannot be imported.
    #[error("The Python environment at {} cannot import {module}: {reason}. Run `make venv` to install the base packages.", venv.display())]
    Preload {
        /// The environment.
        venv: PathBuf,
        /// The module.
        module: String,
        /// The exception's text.
        reason: String,
    },
    /// A setting of the builder makes no sense.
    #[error("{0}")]
    Setting(String),
    /// Python was started before in this process with other settings; there can be only one.
    #[error("Python runs in this process already, with the environment {}. One process has one Python.", .0.display())]
    AlreadyStarted(PathBuf),
    /// This isolation is not available.
    #[error("{0}")]
    Isolation(String),
    /// A thread or folder could not be made.
    #[error("The interpreter could not be set up: {0}.")]
    Io(#[from] io::Error),
}

impl From<StartError> for InterpreterError {
    fn from(error: StartError) -> Self {
        Self::Start(error)
    }
}
