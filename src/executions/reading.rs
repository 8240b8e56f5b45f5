//! Lists of files, and their content.

use super::{ExecutionError, FileLimits, UserFiles};
use crate::{
    catalog::{FileRecord, Selection, Source},
    files::{Place, Reading, StoreError},
    identifiers::UserId,
};

/// A file and its content.
#[derive(Debug)]
pub struct OpenFile {
    /// What is known of it.
    pub record: FileRecord,
    /// Its content, to be read in pieces.
    pub content: Reading,
}

impl UserFiles {
    /// What holds for each user's files.
    #[must_use]
    pub fn file_limits(&self) -> FileLimits {
        self.limits
    }

    /// A user's files that are meant, the oldest first: all of them, or those of a message or chat (H3, H4).
    ///
    /// # Errors
    /// When the catalog fails.
    pub async fn list_files(&self, user: UserId, selection: &Selection) -> Result<Vec<FileRecord>, ExecutionError> {
        self.records(user, selection, self.now()).await
    }

    /// What is known of a user's file. The id may be any text.
    ///
    /// # Errors
    /// [`ExecutionError::FileNotFound`] for one that is unknown, foreign or expired (S3); what the catalog says.
    pub async fn file_metadata(&self, user: UserId, file: &str) -> Result<FileRecord, ExecutionError> {
        self.owned(user, file, self.now()).await
    }

    /// Opens a user's file for reading. The id may be any text.
    ///
    /// # Errors
    /// [`ExecutionError::FileNotFound`] for one that is unknown, foreign or expired (S3); what disk and catalog say.
    pub async fn open_file(&self, user: UserId, file: &str) -> Result<OpenFile, ExecutionError> {
        let record = self.owned(user, file, self.now()).await?;
        self.opened(record).await
    }

    /// Opens a file that a run of the user generated (H5). The id may be any text.
    ///
    /// # Errors
    /// [`ExecutionError::NotGenerated`] for an upload of his, else as [`open_file`](Self::open_file).
    pub async fn open_generated_file(&self, user: UserId, file: &str) -> Result<OpenFile, ExecutionError> {
        let record = self.owned(user, file, self.now()).await?;
        match record.source {
            Source::Generated => self.opened(record).await,
            Source::Upload => Err(ExecutionError::NotGenerated),
        }
    }

    async fn opened(&self, record: FileRecord) -> Result<OpenFile, ExecutionError> {
        let read = match record.file_path.parse::<Place>() {
            Ok(place) => self.store.read(&place).await,
            Err(_) => Err(StoreError::Missing),
        };
        match read {
            Ok(content) => Ok(OpenFile { record, content }),
            Err(StoreError::Missing) => {
                // The next cleanup removes the record.
                tracing::error!(user = %record.user_id, path = record.file_path, "a record has no bytes");
                Err(ExecutionError::FileNotFound)
            }
            Err(error) => Err(error.into()),
        }
    }
}
