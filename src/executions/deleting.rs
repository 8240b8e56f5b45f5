//! Taking files away from their owner.

use std::collections::{HashMap, HashSet};

use super::{ExecutionError, Executions, UserFiles};
use crate::{
    catalog::{FileRecord, Selection},
    files::Place,
    identifiers::UserId,
};

/// What came of removing files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deletion {
    /// Those that are gone.
    pub deleted: Vec<FileRecord>,
    /// Those that could not be removed; they are still there.
    pub failed: Vec<FailedDeletion>,
}

/// A file that could not be removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedDeletion {
    /// Which.
    pub record: FileRecord,
    /// Why, in one sentence.
    pub reason: String,
}

/// What a reset did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reset {
    /// What became of the files.
    pub files: Deletion,
    /// Whether a session was ended.
    pub ended_session: bool,
}

impl Executions {
    /// Deletes all of a user's files and ends his session (S13). A run of his that goes on is let end, and what it
    /// makes is his.
    ///
    /// # Errors
    /// When the catalog fails.
    pub async fn reset(&self, user: UserId) -> Result<Reset, ExecutionError> {
        let ended_session = self.end_session(user);
        Ok(Reset { files: self.delete_all_files(user).await?, ended_session })
    }

    /// Ends a user's session, if he has one, and says whether he had (X13).
    #[expect(clippy::must_use_candidate, reason = "whoever ends it need not know whether there was one")]
    pub fn end_session(&self, user: UserId) -> bool {
        self.interpreter.end_session(Some(&user.to_string()))
    }
}

impl UserFiles {
    /// Deletes a user's file. The id may be any text.
    ///
    /// # Errors
    /// [`ExecutionError::FileNotFound`] for one that is unknown, foreign or expired (S3); what disk and catalog say, and
    /// the file is still there then.
    pub async fn delete_file(&self, user: UserId, file: &str) -> Result<FileRecord, ExecutionError> {
        let _held = self.locks.hold(user).await;
        let record = self.owned(user, file, self.now()).await?;
        if let Ok(place) = record.file_path.parse::<Place>() {
            self.store.remove(&place).await?;
        }
        self.catalog.delete_files(user, std::slice::from_ref(&record.file_id)).await?;
        self.remove_empty_folder(user).await;
        tracing::info!(%user, path = record.file_path, count = 1, "deleted a file");
        Ok(record)
    }

    /// Deletes all of a user's files, and what is remembered of his messages' runs.
    ///
    /// # Errors
    /// When the catalog fails; files whose bytes are gone by then lose their records with the next cleanup.
    pub async fn delete_all_files(&self, user: UserId) -> Result<Deletion, ExecutionError> {
        let _held = self.locks.hold(user).await;
        let now = self.now();
        let records = self.records(user, &Selection::All, now).await?;
        let (gone, failed) = self.remove_bytes(records).await;
        if failed.is_empty() {
            let deleted = self.catalog.delete_all_files(user).await?;
            // Those whose time was over were not listed.
            let listed: HashSet<_> = gone.iter().map(|record| &record.file_id).collect();
            let others = deleted.into_iter().filter(|record| !listed.contains(&record.file_id)).collect();
            self.remove_bytes(others).await;
        } else {
            self.forget(user, &gone).await?;
        }
        self.workspaces.remove_all(user).await?;
        self.remove_empty_folder(user).await;
        tracing::info!(%user, path = %user_folder(user), count = gone.len(), "deleted all files");
        Ok(Deletion { deleted: gone, failed })
    }

    /// Removes files: their bytes side by side, then their records together. The owner's lock is held.
    pub(super) async fn remove(&self, user: UserId, records: Vec<FileRecord>) -> Result<Deletion, ExecutionError> {
        let (deleted, failed) = self.remove_bytes(records).await;
        self.forget(user, &deleted).await?;
        for record in &deleted {
            tracing::info!(%user, path = record.file_path, count = 1, "deleted a file");
        }
        Ok(Deletion { deleted, failed })
    }

    async fn forget(&self, user: UserId, records: &[FileRecord]) -> Result<(), ExecutionError> {
        let ids: Vec<_> = records.iter().map(|record| record.file_id.clone()).collect();
        if !ids.is_empty() {
            self.catalog.delete_files(user, &ids).await?;
        }
        Ok(())
    }

    /// Removes bytes; gives the records whose bytes are gone, and the others.
    pub(super) async fn remove_bytes(&self, records: Vec<FileRecord>) -> (Vec<FileRecord>, Vec<FailedDeletion>) {
        let places = records.iter().filter_map(|record| record.file_path.parse::<Place>().ok());
        let removed = self.store.remove_all(places).await;
        let mut reasons: HashMap<_, _> = removed
            .into_iter()
            .filter_map(|(place, removed)| Some((place.to_string(), removed.err()?.to_string())))
            .collect();
        let (mut gone, mut failed) = (Vec::new(), Vec::new());
        for record in records {
            match reasons.remove(&record.file_path) {
                Some(reason) => failed.push(FailedDeletion { record, reason }),
                None => gone.push(record),
            }
        }
        (gone, failed)
    }

    pub(super) async fn remove_empty_folder(&self, user: UserId) -> bool {
        self.store.remove_empty_folder(user).await.unwrap_or_else(|error| {
            tracing::warn!(%user, %error, "an empty folder could not be removed");
            false
        })
    }
}

fn user_folder(user: UserId) -> String {
    format!("user_files/{user}")
}
