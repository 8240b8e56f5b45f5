//! Whose file is it? The one place that answers.

use chrono::{DateTime, Utc};

use super::{ExecutionError, UserFiles};
use crate::{
    catalog::{FileRecord, MOST_LISTED, Page, Selection},
    identifiers::UserId,
};

/// How many files of a user are looked at, were there more than anybody may have.
const MOST_RECORDS: usize = 100_000;

impl UserFiles {
    /// The record of a user's file, by an id as it came from outside. Unknown, foreign, expired and impossible ids are
    /// the same to whoever asks (S3).
    pub(super) async fn owned(
        &self,
        user: UserId,
        file: &str,
        now: DateTime<Utc>,
    ) -> Result<FileRecord, ExecutionError> {
        let id = file.parse().map_err(|_| ExecutionError::FileNotFound)?;
        self.catalog.find_file(user, &id, now).await?.ok_or(ExecutionError::FileNotFound)
    }

    /// The records of all of a user's files that are meant, oldest first.
    pub(super) async fn records(
        &self,
        user: UserId,
        selection: &Selection,
        now: DateTime<Utc>,
    ) -> Result<Vec<FileRecord>, ExecutionError> {
        let mut records: Vec<FileRecord> = Vec::new();
        let mut page = Page::FIRST;
        while records.len() < MOST_RECORDS {
            let listed = self.catalog.list_files(user, selection, now, &page).await?;
            let is_last = listed.len() < MOST_LISTED as usize;
            page.after = listed.last().map(FileRecord::position);
            records.extend(listed);
            if is_last {
                break;
            }
        }
        Ok(records)
    }
}
