//! The end of files, and of what crashes leave behind (S7).

mod belonging;
mod orphans;

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{ExecutionError, UserFiles};
use crate::catalog::FileRecord;

/// How long after one cleanup the next begins.
const INTERVAL: Duration = Duration::from_secs(3600);
/// How many expired files are removed together.
const BATCH: u32 = 500;
/// How times are written.
const TIME: &str = "%Y-%m-%d %H:%M";

/// What a cleanup removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cleanup {
    /// Files whose time was over.
    pub expired_files: u64,
    /// Folders of users in which nothing was.
    pub empty_folders: u64,
    /// Records whose bytes are gone.
    pub records_without_bytes: u64,
    /// Bytes without a record, older than an hour.
    pub bytes_without_record: u64,
    /// Workspaces of messages that were not used for 7 days.
    pub idle_workspaces: u64,
}

impl UserFiles {
    /// Cleans up at once and then every hour, for as long as this is awaited. It may be dropped at any moment.
    pub async fn clean_hourly(&self) {
        loop {
            self.clean().await;
            self.clock.sleep(INTERVAL).await;
        }
    }

    /// Removes expired files, what crashes left behind, empty folders, and workspaces that nobody used for long. What
    /// fails is logged, and left to the next time.
    pub async fn clean(&self) -> Cleanup {
        let began = self.now();
        tracing::info!("[Cleanup] Starting cleanup at {}", began.format(TIME));
        let mut cleanup =
            Cleanup { expired_files: done("expired files", self.remove_expired(began).await), ..Cleanup::default() };
        tracing::info!("[Cleanup] Removed {} expired files", cleanup.expired_files);
        self.sweep(&mut cleanup).await;
        cleanup.idle_workspaces = done("idle workspaces", self.remove_idle_workspaces().await);
        cleanup.empty_folders = done("empty folders", self.remove_empty_folders().await);
        tracing::info!("[Cleanup] Cleaned {} empty directories", cleanup.empty_folders);
        let ended = self.now();
        if let Err(error) = self.catalog.set_last_cleanup(ended).await {
            tracing::error!(%error, "the time of the cleanup was not written down");
        }
        // A clock may have been set back meanwhile.
        let seconds = (ended - began).to_std().unwrap_or_default().as_secs_f64();
        tracing::info!("[Cleanup] Cleanup completed in {seconds:.2}s");
        cleanup
    }

    /// Removes what crashes left behind, unless the folder is not the one that the catalog knows: then all would be that.
    async fn sweep(&self, cleanup: &mut Cleanup) {
        match self.folder_is_the_catalog_s().await {
            Ok(true) => {
                let records = self.remove_records_without_bytes().await;
                cleanup.records_without_bytes = done("records without bytes", records);
                let bytes = self.remove_bytes_without_record().await;
                cleanup.bytes_without_record = done("bytes without records", bytes);
            }
            Ok(false) => self.say_that_the_folder_is_another().await,
            Err(error) => tracing::error!(%error, "[Cleanup] what crashes left behind could not be removed"),
        }
    }

    /// Takes records first: a file that was renewed meanwhile keeps its bytes, and a crash leaves bytes for the sweep.
    async fn remove_expired(&self, now: DateTime<Utc>) -> Result<u64, ExecutionError> {
        let mut removed = 0;
        loop {
            let expired = self.catalog.expired_files(now, BATCH).await?;
            let is_last = expired.len() < BATCH as usize;
            let mut of_batch = 0;
            for of_user in by_owner(expired) {
                of_batch += self.remove_expired_of(of_user, now).await?;
            }
            removed += of_batch;
            if is_last || of_batch == 0 {
                return Ok(removed);
            }
        }
    }

    async fn remove_expired_of(&self, records: Vec<FileRecord>, now: DateTime<Utc>) -> Result<u64, ExecutionError> {
        let Some(user) = records.first().map(|record| record.user_id) else { return Ok(0) };
        let _held = self.locks.hold(user).await;
        let keys: Vec<_> = records.iter().map(FileRecord::key).collect();
        let removed = self.catalog.delete_expired_files(&keys, now).await?;
        let count = removed.len() as u64;
        let (gone, failed) = self.remove_bytes(removed).await;
        for record in gone {
            tracing::info!(%user, path = record.file_path, count = 1, "removed an expired file");
        }
        for failed in failed {
            // The sweep for bytes without a record tries again.
            tracing::error!(%user, path = failed.record.file_path, reason = failed.reason, "an expired file is still there");
        }
        Ok(count)
    }

    async fn remove_empty_folders(&self) -> Result<u64, ExecutionError> {
        let mut removed = 0;
        for user in self.store.owners().await? {
            removed += u64::from(self.remove_empty_folder(user).await);
        }
        Ok(removed)
    }

    async fn remove_idle_workspaces(&self) -> Result<u64, ExecutionError> {
        let mut removed = 0;
        for user in self.workspaces.users().await.map_err(ExecutionError::Workspace)? {
            let _held = self.locks.hold(user).await;
            removed += self.workspaces.remove_idle(user, self.now()).await.map_err(ExecutionError::Workspace)?;
        }
        Ok(removed)
    }
}

fn by_owner(mut records: Vec<FileRecord>) -> Vec<Vec<FileRecord>> {
    records.sort_by_key(|record| record.user_id);
    let same = |one: &FileRecord, other: &FileRecord| one.user_id == other.user_id;
    records.chunk_by(same).map(<[FileRecord]>::to_vec).collect()
}

/// How many were removed; a failure is logged, and what is left is left to the next cleanup.
fn done(what: &str, removed: Result<u64, ExecutionError>) -> u64 {
    removed.unwrap_or_else(|error| {
        tracing::error!(%error, "[Cleanup] {what} could not be removed");
        0
    })
}
