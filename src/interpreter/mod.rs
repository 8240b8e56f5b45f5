//! The interpreter: requests go in, events and outcomes come out.
//!
//! # Layout
//!
//! - `messages`: [`Request`], [`Event`], [`Outcome`], [`InterpreterError`]: plain data, one file each.
//! - [`Builder`], [`Interpreter`], [`Run`]: how a program uses them.
//! - `pool`: the queue, the workers and those who watch over them.
//! - `python`: the one door to CPython.
//! - `recording`: what a run has produced so far.
//! - `workspace`: the folder a run works in, its watch and its collection.
//! - `packages`: installing what code imports.

mod acting_as;
mod active_run;
mod builder;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod messages;
mod packages;
mod pool;
mod python;
mod recording;
mod run;
pub mod sandbox;
mod status;
mod workspace;

use std::{
    fmt, path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::oneshot;

use self::{
    active_run::{ActiveRun, Answer},
    packages::Installer,
    pool::Pool,
    python::Python,
    recording::OutputLimits,
};

pub use self::{
    builder::Builder,
    messages::{
        Display, Ending, Event, FailedPackage, FileSeen, GeneratedFile, InputFile, InterpreterError, Omitted,
        OmittedFile, Outcome, PythonException, Request, StartError,
    },
    packages::{AutoInstall, DEFAULT_MAX_BYTES, DEFAULT_TIMEOUT, PackagePolicy},
    run::{CancelHandle, Run},
    sandbox::{Layer, Network, UnknownLayer},
    status::{Isolation, Protection, Status},
};

/// Numbers runs.
static NEXT_RUN: AtomicU64 = AtomicU64::new(1);

/// Runs Python code on a pool of threads. Clones share the pool; when the last is dropped, what goes on is cancelled.
///
/// A process has one Python: further interpreters share it, with pools of their own.
///
/// ```
/// use std::time::Duration;
/// use taipan::{Interpreter, Request};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let interpreter = Interpreter::builder().workers(2).build()?;
/// let (one, two) = tokio::join!(
///     interpreter.execute(Request::new("a = 1\na")),
///     interpreter.execute(Request::new("a = 2\na")),
/// );
/// assert_eq!(one?.result.map(|value| value.text).as_deref(), Some("1"));
/// assert_eq!(two?.result.map(|value| value.text).as_deref(), Some("2"));
///
/// interpreter.shutdown(Duration::from_secs(1)).await;
/// assert!(interpreter.execute(Request::new("a")).await.is_err());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Interpreter {
    host: Arc<Host>,
}

impl Interpreter {
    fn new(host: Host) -> Self {
        Self { host: Arc::new(host) }
    }

    /// Settings to start from.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Runs code and waits for its end. Dropping the future cancels the run.
    ///
    /// # Errors
    /// What the interpreter could not do; never what the code did.
    pub async fn execute(&self, request: Request) -> Result<Outcome, InterpreterError> {
        self.submit(request, false)?.outcome().await
    }

    /// Starts a run whose events can be followed. It ends as soon as the request waits in the queue.
    ///
    /// # Errors
    /// When the queue is full, the interpreter shuts down, or the request is not valid.
    #[expect(clippy::unused_async, reason = "a sandbox or a remote interpreter will have to wait here")]
    pub async fn start(&self, request: Request) -> Result<Run, InterpreterError> {
        self.submit(request, true)
    }

    fn submit(&self, request: Request, live: bool) -> Result<Run, InterpreterError> {
        let (active, answer) = self.host.submit(request, live)?;
        Ok(Run::new(active, Arc::clone(&self.host.pool), answer))
    }

    /// What the interpreter is, and what it is doing. Reads the environment's list of packages from the disk.
    #[must_use]
    pub fn status(&self) -> Status {
        let pool = self.host.pool.status();
        let python = &self.host.python;
        let installed_packages = self.host.installer.base_packages();
        Status {
            python_version: python.version.clone(),
            python_path: python.executable.clone(),
            venv_exists: python.executable.exists(),
            package_count: installed_packages.len(),
            installed_packages,
            isolation: self.host.isolation,
            protections: status::protections(self.host.pool.layers()),
            workers_busy: pool.busy,
            workers_idle: pool.idle,
            sandboxes_ready: self.host.pool.sandboxes_ready(),
            queue_length: pool.waiting,
            uptime: self.host.started.elapsed(),
        }
    }

    /// Ends an owner's session: his next run with [`Request::in_session`] begins a new one. A run that goes on in it
    /// is let end. Gives whether there was a session.
    #[expect(clippy::must_use_candidate, reason = "whether there was a session is rarely of interest")]
    pub fn end_session(&self, owner: Option<&str>) -> bool {
        self.host.pool.end_session(owner)
    }

    /// Takes no more runs and lets those that go on or wait end; after `grace` they are cancelled. Their answers keep
    /// what they have made.
    pub async fn shutdown(&self, grace: Duration) {
        let pool = Arc::clone(&self.host.pool);
        let (send, receive) = oneshot::channel();
        let waiting = std::thread::Builder::new().name("taipan-shutdown".to_owned()).spawn(move || {
            pool.shut_down(grace);
            // Whoever asked may have stopped waiting.
            let _ = send.send(());
        });
        match waiting {
            Ok(_) => drop(receive.await),
            Err(_) => self.host.pool.abort(),
        }
    }
}

impl fmt::Debug for Interpreter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Interpreter").field("pool", &self.host.pool.status()).finish_non_exhaustive()
    }
}

/// What all clones of an interpreter share: the running Python, the pool, and the limits of every run. Dropping it
/// cancels what goes on.
struct Host {
    pool: Arc<Pool>,
    python: Python,
    installer: Arc<Installer>,
    timeout: Duration,
    max_timeout: Duration,
    output: OutputLimits,
    isolation: Isolation,
    started: Instant,
}

impl Host {
    /// Lets a request wait for its turn.
    fn submit(
        &self,
        request: Request,
        live: bool,
    ) -> Result<(Arc<ActiveRun>, oneshot::Receiver<Answer>), InterpreterError> {
        let timeout = self.timeout_of(&request)?;
        if request.in_session && self.isolation == Isolation::Thread {
            let message = "Sessions need isolation `process`: in `thread`, nothing is kept between runs.";
            return Err(InterpreterError::InvalidRequest(message.to_owned()));
        }
        if let Some(sentence) = request.wrong_source_name() {
            return Err(InterpreterError::InvalidRequest(sentence));
        }
        let request = with_full_paths(request)?;
        let number = NEXT_RUN.fetch_add(1, Ordering::Relaxed);
        let installer = Arc::clone(&self.installer);
        let (active, answer) = ActiveRun::new(number, request, timeout, (self.output, live), installer);
        self.pool.submit(Arc::clone(&active))?;
        Ok((active, answer))
    }

    fn timeout_of(&self, request: &Request) -> Result<Duration, InterpreterError> {
        let timeout = request.timeout.unwrap_or(self.timeout);
        if timeout.is_zero() || timeout > self.max_timeout {
            let most = self.max_timeout.as_secs_f64();
            let message = format!("The time limit must be more than 0 and at most {most} seconds.");
            return Err(InterpreterError::InvalidRequest(message));
        }
        Ok(timeout)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.pool.abort();
    }
}

/// Files are named from the caller's working directory; workers have others.
fn with_full_paths(mut request: Request) -> Result<Request, InterpreterError> {
    for file in &mut request.input_files {
        if !file.path.is_absolute() {
            file.path = path::absolute(&file.path)
                .map_err(|error| InterpreterError::InputFile { path: file.path.clone(), error })?;
        }
    }
    Ok(request)
}
