//! How everything is doing.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{ExecutionError, Executions, FileLimits};
use crate::interpreter;

/// How everything is doing (X16).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// The interpreter: Python, packages, isolation, protections, workers, queue.
    pub interpreter: interpreter::Status,
    /// Where the catalog is, without any secret.
    pub catalog: String,
    /// When files were last cleaned up.
    pub last_cleanup: Option<DateTime<Utc>>,
    /// How many files all users have together.
    pub total_user_files: u64,
    /// How many bytes these have.
    pub total_file_bytes: u64,
    /// What holds for each user.
    pub limits: FileLimits,
}

impl Status {
    /// `file_expiration_hours`: how long a file lives, in hours; -1 is for ever, as in the setting.
    #[must_use]
    pub fn file_expiration_hours(&self) -> f64 {
        self.limits.expiration.as_ref().map_or(-1.0, |expiration: &Duration| expiration.as_secs_f64() / 3600.0)
    }
}

impl Executions {
    /// How everything is doing.
    ///
    /// # Errors
    /// When the catalog fails.
    pub async fn status(&self) -> Result<Status, ExecutionError> {
        let interpreter = self.interpreter.clone();
        // It reads the list of packages from the disk.
        let interpreter = tokio::task::spawn_blocking(move || interpreter.status());
        let totals = self.catalog.file_totals(self.now()).await?;
        Ok(Status {
            last_cleanup: self.catalog.last_cleanup().await?,
            catalog: self.catalog.place(),
            total_user_files: totals.files,
            total_file_bytes: totals.bytes,
            limits: self.limits,
            interpreter: interpreter.await.map_err(|_| ExecutionError::ShuttingDown)?,
        })
    }
}
