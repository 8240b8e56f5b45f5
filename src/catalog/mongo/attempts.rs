//! Calls are repeated while connections break, for a bounded time.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use backon::{ExponentialBuilder, Retryable};
use mongodb::error::{Error, Result as ServerResult};
use tokio::time::{Instant, timeout};

use super::failures::Failures;
use crate::catalog::CatalogError;

/// How long one attempt may take before it counts as one whose connection broke.
const ANSWER: Duration = Duration::from_secs(30);
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Makes calls to the server, again and again if need be.
pub(super) struct Attempts {
    failures: Failures,
    patience: Duration,
    is_closed: AtomicBool,
}

impl Attempts {
    pub(super) fn new(failures: Failures, patience: Duration) -> Self {
        Self { failures, patience, is_closed: AtomicBool::new(false) }
    }

    pub(super) fn place(&self) -> String {
        self.failures.place()
    }

    /// Later calls fail.
    pub(super) fn close(&self) {
        self.is_closed.store(true, Ordering::Relaxed);
    }

    /// What the server answers, or why it does not. What is called may be called several times, the last of them when
    /// the patience ends.
    pub(super) async fn make<T, A>(&self, call: impl Fn() -> A) -> Result<T, CatalogError>
    where
        A: Future<Output = ServerResult<T>>,
    {
        if self.is_closed.load(Ordering::Relaxed) {
            return Err(CatalogError::Closed);
        }
        let attempt = || async { timeout(ANSWER, call()).await.unwrap_or_else(|_| Err(no_answer())) };
        let deadline = Instant::now() + self.patience;
        let made = attempt
            .retry(pauses())
            .when(|error| {
                let again = Failures::is_passing(error) && Instant::now() < deadline;
                tracing::debug!(place = self.place(), %error, again, "the catalog did not answer");
                again
            })
            .await;
        made.map_err(|error| self.failures.of(&error))
    }
}

/// How long to wait before each next attempt: longer and longer, up to a second, at random within that.
pub(super) fn pauses() -> ExponentialBuilder {
    ExponentialBuilder::default()
        .with_min_delay(FIRST_PAUSE)
        .with_max_delay(LONGEST_PAUSE)
        .without_max_times()
        .with_jitter()
}

fn no_answer() -> Error {
    std::io::Error::from(std::io::ErrorKind::TimedOut).into()
}
