//! Files that people send.

use tokio::io::AsyncRead;

use super::{ExecutionError, UserFiles, saving::Origin};
use crate::{
    catalog::{FileRecord, Source},
    files::Name,
    identifiers::{ChatId, MessageId, UserId},
};

/// What is known of a file that somebody sends.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Upload {
    /// Its name, as it was given.
    pub name: String,
    /// The message it is attached to. The message's runs find it (H2).
    pub message: Option<MessageId>,
    /// The chat of that message.
    pub chat: Option<ChatId>,
}

impl Upload {
    /// A file with this name, which may be anything; people are shown what is safe of it.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), message: None, chat: None }
    }

    /// Says which message it is attached to, and in which chat that is.
    #[must_use]
    pub fn attached_to(mut self, message: MessageId, chat: Option<ChatId>) -> Self {
        (self.message, self.chat) = (Some(message), chat);
        self
    }
}

impl UserFiles {
    /// Saves a file of a user. When he has more than he may, the oldest go (S9). The same file sent twice in one
    /// second is one.
    ///
    /// When this returns, the file survives a crash; dropped before, it may be there or not.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`](crate::files::StoreError::TooLarge), which names file and size (S10); what sender,
    /// disk and catalog say.
    pub async fn save_upload(
        &self,
        user: UserId,
        upload: Upload,
        source: impl AsyncRead + Unpin,
    ) -> Result<FileRecord, ExecutionError> {
        let name = Name::of_upload(&upload.name);
        let received = self.store.receive(user, name, source, self.limits.max_file_bytes).await?;
        let origin = Origin { source: Source::Upload, message: upload.message, chat: upload.chat };
        let _held = self.locks.hold(user).await;
        let now = self.now();
        let record = self.settle(received, &origin, now).await?;
        self.make_room(user, std::slice::from_ref(&record.file_id), now).await;
        Ok(record)
    }
}
