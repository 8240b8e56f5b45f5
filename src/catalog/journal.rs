//! Which code was run, when, by whom and how it ended; not the code itself.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::CatalogError;
use crate::identifiers::{FileId, UserId};

/// A run that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRecord {
    /// What the run is called; no other run has this id.
    pub run_id: String,
    /// Whose it was.
    pub user_id: UserId,
    /// When it began; kept in milliseconds.
    pub started_at: DateTime<Utc>,
    /// The SHA-256 of its code, in hexadecimal digits.
    pub code_sha256: String,
    /// How it ended: the name of the ending in snake case.
    pub ending: String,
    /// How long its code ran; kept in milliseconds.
    pub run_time: Duration,
    /// The files of its that were stored.
    pub files: Vec<FileId>,
}

/// The journal of runs, when the last cleanup was, and which store of bytes belongs to the catalog.
///
/// # Errors
/// Every method fails when the catalog does not answer, or answers with what it should not hold.
#[async_trait]
pub trait Journal: Send + Sync {
    /// Writes a run down; one that is written down already stays as it is.
    async fn add_run(&self, run: &RunRecord) -> Result<(), CatalogError>;

    /// The latest runs of a user, or of all, the latest first; at most [`MOST_LISTED`](super::MOST_LISTED).
    async fn latest_runs(&self, user: Option<UserId>, limit: u32) -> Result<Vec<RunRecord>, CatalogError>;

    /// Forgets runs that began before a time, and says how many those were.
    async fn delete_runs_before(&self, time: DateTime<Utc>) -> Result<u64, CatalogError>;

    /// When a cleanup last ended (X16).
    async fn last_cleanup(&self) -> Result<Option<DateTime<Utc>>, CatalogError>;

    /// Notes that a cleanup ended.
    async fn set_last_cleanup(&self, time: DateTime<Utc>) -> Result<(), CatalogError>;

    /// The number of the store whose files the records are of; `None` before [`claim_store`](Self::claim_store).
    async fn store_number(&self) -> Result<Option<i64>, CatalogError>;

    /// Notes the number of the store whose files the records are of, unless one stands there. Gives the one that does.
    async fn claim_store(&self, number: i64) -> Result<i64, CatalogError>;
}
