//! Giving a file a record, and others' room to it.

use chrono::{DateTime, Utc};

use super::{ExecutionError, UserFiles};
use crate::{
    catalog::{FileRecord, Insertion, Source},
    files::{Place, Received, StoreError},
    identifiers::{ChatId, FileId, MessageId, UserId},
};

/// Where a file comes from.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) source: Source,
    pub(super) message: Option<MessageId>,
    pub(super) chat: Option<ChatId>,
}

impl UserFiles {
    /// Makes a received file its owner's: its bytes first, then its record, so that no record is ever without bytes
    /// (S11). The same file saved again is the one that is there. The owner's lock is held.
    pub(super) async fn settle(
        &self,
        mut received: Received,
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<FileRecord, ExecutionError> {
        self.mark_folder().await?;
        for id in candidates(&received, origin, now) {
            let place = match received.keep(&id).await {
                Err(StoreError::Taken(_)) => continue,
                kept => kept?,
            };
            let record = self.record(&received, origin, (id, &place), now);
            match self.catalog.insert_file(&record).await? {
                Insertion::Added => {
                    tracing::info!(user = %record.user_id, path = record.file_path, count = 1, "saved a file");
                    return Ok(record);
                }
                Insertion::Existing(there) => return Ok(there),
                Insertion::Taken(_) => {}
            }
        }
        Err(ExecutionError::NoFreeId)
    }

    fn record(
        &self,
        received: &Received,
        origin: &Origin,
        (file_id, place): (FileId, &Place),
        now: DateTime<Utc>,
    ) -> FileRecord {
        let file_type = received.detected.file_type;
        let relative = (origin.source == Source::Generated).then(|| received.name.relative().to_owned());
        FileRecord {
            file_id,
            user_id: received.owner,
            filename: received.name.shown().to_owned(),
            file_path: place.to_string(),
            file_size: received.size,
            file_type: file_type.name.to_owned(),
            kind: file_type.kind.name().to_owned(),
            sha256: received.digests.sha256(),
            source: origin.source,
            message_id: origin.message.clone(),
            chat_id: origin.chat.clone(),
            original_workspace_path: relative,
            uploaded_at: now,
            expires_at: self.limits.end_of_file(now),
            preview: None,
        }
    }

    /// Removes a user's oldest files beyond the maximum, sparing some (S9). It comes after saving, so that a crash in
    /// between leaves one file too many and not one too few. The owner's lock is held.
    pub(super) async fn make_room(&self, user: UserId, spared: &[FileId], now: DateTime<Utc>) {
        let most = self.limits.max_files_per_user as u64;
        let removed = match self.catalog.oldest_files_beyond(user, most, spared, now).await {
            Ok(oldest) if oldest.is_empty() => return,
            Ok(oldest) => self.remove(user, oldest).await,
            Err(error) => Err(error.into()),
        };
        // What was saved is saved; the next time makes room again.
        match removed {
            Ok(removal) => {
                for failed in removal.failed {
                    tracing::warn!(%user, path = failed.record.file_path, reason = failed.reason, "no room was made");
                }
            }
            Err(error) => tracing::warn!(%user, %error, "no room was made"),
        }
    }
}

/// The ids that a file may have, in the order in which they are tried (S4, H7).
fn candidates(received: &Received, origin: &Origin, now: DateTime<Utc>) -> Vec<FileId> {
    match &origin.message {
        Some(message) if origin.source == Source::Generated => vec![received.digests.generated_id(message)],
        _ => received.digests.ids(received.owner, now).collect(),
    }
}
