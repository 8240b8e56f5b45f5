//! What all clones of an interpreter share.

use std::{
    path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::oneshot;

use super::{
    InterpreterError, Isolation, Request,
    active_run::{ActiveRun, Answer},
    packages::Installer,
    pool::Pool,
    python::Python,
    recording::OutputLimits,
};

/// Numbers runs.
static NEXT_RUN: AtomicU64 = AtomicU64::new(1);

/// The running Python, the pool, and the limits of every run. Dropping it cancels what goes on.
pub(super) struct Host {
    pub(super) pool: Arc<Pool>,
    pub(super) python: &'static Python,
    pub(super) installer: Arc<Installer>,
    pub(super) timeout: Duration,
    pub(super) max_timeout: Duration,
    pub(super) output: OutputLimits,
    pub(super) isolation: Isolation,
    pub(super) started: Instant,
}

impl Host {
    /// Lets a request wait for its turn.
    pub(super) fn submit(
        &self,
        request: Request,
        live: bool,
    ) -> Result<(Arc<ActiveRun>, oneshot::Receiver<Answer>), InterpreterError> {
        let timeout = self.timeout_of(&request)?;
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
