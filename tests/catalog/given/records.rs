//! Records as the tests need them.

use chrono::{DateTime, TimeDelta, Utc};
use taipan::{
    catalog::{FileRecord, Source},
    identifiers::{FileId, UserId},
};

pub(crate) const ANNA: UserId = UserId(7);
pub(crate) const BEN: UserId = UserId(8);

/// The present of the tests. It lies ahead, since a server removes what ended long ago by its own clock.
pub(crate) fn noon() -> DateTime<Utc> {
    "2100-01-31T12:00:00Z".parse().unwrap()
}

/// Some time after noon.
pub(crate) fn after_noon(seconds: i64) -> DateTime<Utc> {
    noon() + TimeDelta::seconds(seconds)
}

pub(crate) fn id(text: &str) -> FileId {
    text.parse().unwrap()
}

/// An upload of Anna's at noon that never expires.
pub(crate) fn upload(file: &str) -> FileRecord {
    FileRecord {
        file_id: id(file),
        user_id: ANNA,
        filename: format!("{file}.csv"),
        file_path: format!("user_files/7/{file}.csv"),
        file_size: 1234,
        file_type: "csv".to_owned(),
        kind: "data".to_owned(),
        sha256: format!("{file}-sha256"),
        source: Source::Upload,
        message_id: None,
        chat_id: None,
        original_workspace_path: None,
        uploaded_at: noon(),
        expires_at: None,
        preview: None,
    }
}

/// One with every field set.
pub(crate) fn generated(file: &str) -> FileRecord {
    FileRecord {
        filename: "Überblick 📊.png".to_owned(),
        file_size: 0,
        file_type: "image".to_owned(),
        kind: "image".to_owned(),
        source: Source::Generated,
        message_id: Some("message-1".parse().unwrap()),
        chat_id: Some("chat-1".parse().unwrap()),
        original_workspace_path: Some("plots/Überblick 📊.png".to_owned()),
        uploaded_at: noon() + TimeDelta::milliseconds(1),
        expires_at: Some(after_noon(3600)),
        preview: Some("{\"columns\":[\"a\"]}".to_owned()),
        ..upload(file)
    }
}

/// An upload some seconds after noon.
pub(crate) fn upload_at(file: &str, seconds: i64) -> FileRecord {
    FileRecord { uploaded_at: after_noon(seconds), ..upload(file) }
}

/// The ids of records, in their order.
pub(crate) fn ids(records: &[FileRecord]) -> Vec<&str> {
    records.iter().map(|record| record.file_id.as_str()).collect()
}
