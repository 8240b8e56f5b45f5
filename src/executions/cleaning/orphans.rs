//! Records without bytes, and bytes without records.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::super::{ExecutionError, UserFiles};
use crate::{
    catalog::{KnownFile, Selection},
    files::{Lying, Place},
    identifiers::UserId,
};

/// How old bytes without a record are before they are removed: a record follows its bytes in less.
const MOST_WAITED: TimeDelta = TimeDelta::hours(1);

impl UserFiles {
    /// Removes records whose bytes are gone, such as those of files that were being deleted when the program was killed.
    pub(super) async fn remove_records_without_bytes(&self) -> Result<u64, ExecutionError> {
        let (mut removed, mut after) = (0, None);
        loop {
            let known = self.catalog.known_files(after.as_ref()).await?;
            let Some(last) = known.last() else { return Ok(removed) };
            after = Some(last.key.clone());
            for known in self.without_bytes(known).await? {
                removed += u64::from(self.remove_record_without_bytes(known).await?);
            }
        }
    }

    async fn without_bytes(&self, known: Vec<KnownFile>) -> Result<Vec<KnownFile>, ExecutionError> {
        let (mut missing, mut with_place, mut places) = (Vec::new(), Vec::new(), Vec::new());
        for known in known {
            match known.file_path.parse::<Place>() {
                Ok(place) => {
                    places.push(place);
                    with_place.push(known);
                }
                // It leads to no stored file.
                Err(_) => missing.push(known),
            }
        }
        let paths = self.store.paths(places).await?;
        missing.extend(with_place.into_iter().zip(paths).filter(|(_, path)| path.is_none()).map(|(known, _)| known));
        Ok(missing)
    }

    async fn remove_record_without_bytes(&self, known: KnownFile) -> Result<bool, ExecutionError> {
        let user = known.key.user_id;
        let _held = self.locks.hold(user).await;
        // It may have been deleted meanwhile, and the same file saved again.
        let Some(known) = self.without_bytes(vec![known]).await?.pop() else { return Ok(false) };
        let removed = self.catalog.delete_files(user, &[known.key.file_id]).await?;
        if !removed.is_empty() {
            tracing::warn!(%user, path = known.file_path, count = 1, "removed a record without bytes");
        }
        Ok(!removed.is_empty())
    }

    /// Removes bytes that no record leads to and that are older than an hour: of files that were being saved when the
    /// program was killed, or whose bytes could not be removed when they expired.
    pub(super) async fn remove_bytes_without_record(&self) -> Result<u64, ExecutionError> {
        let mut removed = 0;
        for user in self.store.owners().await? {
            if !self.lying_without_record(user).await?.is_empty() {
                let _held = self.locks.hold(user).await;
                // A record may have followed its bytes meanwhile.
                let lying = self.lying_without_record(user).await?;
                removed += self.remove_lying(user, lying).await;
            }
        }
        Ok(removed)
    }

    async fn lying_without_record(&self, user: UserId) -> Result<Vec<Lying>, ExecutionError> {
        let now = self.now();
        let mut lying = self.store.lying(user).await?;
        lying.retain(|file| is_old(file, now));
        if !lying.is_empty() {
            let records = self.records(user, &Selection::All, now).await?;
            let known: HashSet<_> = records.into_iter().map(|record| record.file_path).collect();
            lying.retain(|file| !known.contains(&file.place.to_string()));
        }
        Ok(lying)
    }

    async fn remove_lying(&self, user: UserId, lying: Vec<Lying>) -> u64 {
        let mut removed = 0;
        for (place, removal) in self.store.remove_all(lying.into_iter().map(|file| file.place)).await {
            match removal {
                Ok(_) => {
                    tracing::warn!(%user, path = %place, count = 1, "removed bytes without a record");
                    removed += 1;
                }
                Err(error) => tracing::error!(%user, path = %place, %error, "bytes without a record are still there"),
            }
        }
        removed
    }
}

fn is_old(file: &Lying, now: DateTime<Utc>) -> bool {
    now - file.modified > MOST_WAITED
}
