//! What clients are told of a file.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::catalog::{FileRecord, Source};

/// Where a file's content is.
pub(in crate::http) fn content_url(file_id: &str) -> String {
    format!("/api/v1/files/{file_id}/content")
}

/// A user's files.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FileList {
    files: Vec<FileDocument>,
    total_files: usize,
    /// How many bytes they have together.
    total_bytes: u64,
}

/// What is known of a file.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FileDocument {
    id: String,
    name: String,
    /// In bytes.
    size: u64,
    /// The name of its format: `csv`, `excel` …
    format: String,
    /// Its kind: `data`, `image`, `text` …
    r#type: String,
    sha256: String,
    /// `upload` or `generated`.
    source: &'static str,
    message_id: Option<String>,
    chat_id: Option<String>,
    created_at: DateTime<Utc>,
    /// From when on it is gone; null is never.
    expires_at: Option<DateTime<Utc>>,
    /// Where its content is.
    url: String,
}

impl From<&[FileRecord]> for FileList {
    fn from(records: &[FileRecord]) -> Self {
        Self {
            files: records.iter().map(FileDocument::from).collect(),
            total_files: records.len(),
            total_bytes: records.iter().map(|record| record.file_size).sum(),
        }
    }
}

impl From<&FileRecord> for FileDocument {
    fn from(record: &FileRecord) -> Self {
        Self {
            id: record.file_id.to_string(),
            name: record.filename.clone(),
            size: record.file_size,
            format: record.file_type.clone(),
            r#type: record.kind.clone(),
            sha256: record.sha256.clone(),
            source: match record.source {
                Source::Upload => "upload",
                Source::Generated => "generated",
            },
            message_id: record.message_id.as_ref().map(ToString::to_string),
            chat_id: record.chat_id.as_ref().map(ToString::to_string),
            created_at: record.uploaded_at,
            expires_at: record.expires_at,
            url: content_url(record.file_id.as_str()),
        }
    }
}
