//! Records of users' files: what each is, whose, and until when.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::CatalogError;
use crate::identifiers::{ChatId, FileId, MessageId, UserId};

/// The most records that one call lists; whoever wants more asks for the next page.
pub const MOST_LISTED: u32 = 1000;

/// What is known about a stored file (S6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// What the file is called, unique among its owner's.
    pub file_id: FileId,
    /// Whose it is.
    pub user_id: UserId,
    /// Its name, as people see it.
    pub filename: String,
    /// Where its bytes are, from `DATA_DIR` on.
    pub file_path: String,
    /// Its size in bytes.
    pub file_size: u64,
    /// The name of its type: `csv`, `excel`, `image` …
    pub file_type: String,
    /// The kind of its type: `data`, `image` …
    pub kind: String,
    /// The SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// Where it came from.
    pub source: Source,
    /// The message whose run made it, or which it was attached to.
    pub message_id: Option<MessageId>,
    /// The chat of that message.
    pub chat_id: Option<ChatId>,
    /// Where the run that made it had it, from the run's folder on.
    pub original_workspace_path: Option<String>,
    /// When it was saved; kept in milliseconds.
    pub uploaded_at: DateTime<Utc>,
    /// From when on nobody sees it any more; `None` is never. Kept in milliseconds.
    pub expires_at: Option<DateTime<Utc>>,
    /// What the assistant is told of its content (columns, first rows), as JSON.
    pub preview: Option<String>,
}

impl FileRecord {
    /// By what it is looked up.
    #[must_use]
    pub fn key(&self) -> FileKey {
        FileKey { user_id: self.user_id, file_id: self.file_id.clone() }
    }

    /// Where it stands among its owner's files.
    #[must_use]
    pub fn position(&self) -> Position {
        Position { uploaded_at: self.uploaded_at, file_id: self.file_id.clone() }
    }

    /// Whether its time is over (S8).
    #[must_use]
    pub fn is_expired(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }

    /// Whether it is the same file as another of that id: of the same name and bytes.
    #[must_use]
    pub fn is_same_file(&self, other: &Self) -> bool {
        self.filename == other.filename && self.file_size == other.file_size && self.sha256 == other.sha256
    }

    /// As a catalog keeps it: in whole milliseconds.
    pub(super) fn kept(&self) -> Self {
        Self {
            uploaded_at: whole_millis(self.uploaded_at),
            expires_at: self.expires_at.map(whole_millis),
            ..self.clone()
        }
    }
}

/// How a file came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A person uploaded it.
    Upload,
    /// A run made it.
    Generated,
}

/// A file and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileKey {
    /// The owner.
    pub user_id: UserId,
    /// The file.
    pub file_id: FileId,
}

/// A record in short, for comparing the catalog with the disk (S7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownFile {
    /// The file and its owner.
    pub key: FileKey,
    /// Where its bytes are, from `DATA_DIR` on.
    pub file_path: String,
}

/// What became of a record that was to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Insertion {
    /// It is there now. An expired record of that id gave way.
    Added,
    /// The same file was there already, and stays as it was.
    Existing(FileRecord),
    /// Another file has this id (S4). Nothing was changed.
    Taken(FileRecord),
}

/// Which of a user's files are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// All of them.
    All,
    /// Those of a message (H3).
    Message(MessageId),
    /// Those of a chat (H4).
    Chat(ChatId),
}

/// A piece of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many records at most, of 1 to [`MOST_LISTED`].
    pub limit: u32,
    /// The record before the first; `None` begins with the oldest.
    pub after: Option<Position>,
}

impl Page {
    /// The oldest records, as many as one call may list.
    pub const FIRST: Self = Self { limit: MOST_LISTED, after: None };

    /// How many records are listed.
    pub(super) fn bounded_limit(&self) -> i64 {
        self.limit.clamp(1, MOST_LISTED).into()
    }

    /// In whole milliseconds, and the id after which records of that time are listed.
    pub(super) fn bounded_after(&self) -> (i64, &str) {
        self.after
            .as_ref()
            .map_or((i64::MIN, ""), |after| (after.uploaded_at.timestamp_millis(), after.file_id.as_str()))
    }
}

/// Where a record stands in a list: by time, then by id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// When the file was saved.
    pub uploaded_at: DateTime<Utc>,
    /// What it is called.
    pub file_id: FileId,
}

/// How much there is of all users together (X16).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many files.
    pub files: u64,
    /// How large they are together, in bytes.
    pub bytes: u64,
}

/// The records of files. An expired record is hidden from every look-up that is given the present (S8).
///
/// # Errors
/// Every method fails when the catalog does not answer, or answers with what it should not hold.
#[async_trait]
pub trait FileRecords: Send + Sync {
    /// Adds a record, unless there is one of that owner and id which has not expired when the new one begins.
    async fn insert_file(&self, record: &FileRecord) -> Result<Insertion, CatalogError>;

    /// The record of a user's file; `None` for an unknown, a foreign and an expired one (S3).
    async fn find_file(
        &self,
        user: UserId,
        file: &FileId,
        now: DateTime<Utc>,
    ) -> Result<Option<FileRecord>, CatalogError>;

    /// A user's files in the order in which they were saved, the newest last.
    async fn list_files(
        &self,
        user: UserId,
        selection: &Selection,
        now: DateTime<Utc>,
        page: &Page,
    ) -> Result<Vec<FileRecord>, CatalogError>;

    /// How many files a user has.
    async fn count_files(&self, user: UserId, now: DateTime<Utc>) -> Result<u64, CatalogError>;

    /// The oldest files that must go so that at most `keep` stay, leaving aside those that are spared (S9). There are
    /// fewer when too many are spared.
    async fn oldest_files_beyond(
        &self,
        user: UserId,
        keep: u64,
        spared: &[FileId],
        now: DateTime<Utc>,
    ) -> Result<Vec<FileRecord>, CatalogError> {
        let excess = self.count_files(user, now).await?.saturating_sub(keep);
        let excess = usize::try_from(excess).unwrap_or(usize::MAX);
        let (mut oldest, mut page) = (Vec::new(), Page::FIRST);
        while oldest.len() < excess {
            let listed = self.list_files(user, &Selection::All, now, &page).await?;
            let Some(last) = listed.last() else { break };
            page.after = Some(last.position());
            oldest.extend(listed.into_iter().filter(|record| !spared.contains(&record.file_id)));
        }
        oldest.truncate(excess);
        Ok(oldest)
    }

    /// Removes the records of some of a user's files, whether expired or not, and gives those that were there, oldest
    /// first.
    async fn delete_files(&self, user: UserId, files: &[FileId]) -> Result<Vec<FileRecord>, CatalogError>;

    /// Removes the records of all of a user's files with one deletion, and gives them, oldest first (U9).
    async fn delete_all_files(&self, user: UserId) -> Result<Vec<FileRecord>, CatalogError>;

    /// Some records whose time is over, of all users, those first that ended first; at most [`MOST_LISTED`].
    async fn expired_files(&self, now: DateTime<Utc>, limit: u32) -> Result<Vec<FileRecord>, CatalogError>;

    /// Removes records whose time is over, and gives those that were removed. One that was renewed since it was listed
    /// stays.
    async fn delete_expired_files(
        &self,
        files: &[FileKey],
        now: DateTime<Utc>,
    ) -> Result<Vec<FileRecord>, CatalogError>;

    /// Every record in short, expired ones too, by owner and id, at most [`MOST_LISTED`] after the one given.
    async fn known_files(&self, after: Option<&FileKey>) -> Result<Vec<KnownFile>, CatalogError>;

    /// How much all users have together.
    async fn file_totals(&self, now: DateTime<Utc>) -> Result<Totals, CatalogError>;

    /// Keeps what is told of a file's content; whether there is such a file.
    async fn set_preview(&self, user: UserId, file: &FileId, preview: &str) -> Result<bool, CatalogError>;
}

fn whole_millis(time: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(time.timestamp_millis()).unwrap_or(time)
}
