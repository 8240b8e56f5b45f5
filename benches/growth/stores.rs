//! A catalog of each engine, filled with many records in little time.

use std::{path::PathBuf, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use mongodb::bson::{self, Document, doc};
use taipan::{
    catalog::{self, Catalog, FileRecord, Location, Patience, Source},
    identifiers::UserId,
};
use tempfile::TempDir;

use crate::mongod::OwnServer;

/// Whose files are listed.
pub(crate) const OWNER: UserId = UserId(7);
/// How many records one request adds.
const TOGETHER: u32 = 10_000;

/// Where a catalog is kept while it is measured.
pub(crate) enum Store {
    Sqlite(TempDir),
    MongoDb(OwnServer),
}

impl Store {
    pub(crate) fn of_each_engine() -> [Self; 2] {
        [Self::Sqlite(tempfile::tempdir().expect("a folder")), Self::MongoDb(OwnServer::start())]
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::MongoDb(_) => "MongoDB",
        }
    }

    pub(crate) async fn open(&self) -> Arc<dyn Catalog> {
        let location = match self {
            Self::Sqlite(folder) => Location::choose(None, folder.path()),
            Self::MongoDb(server) => Location::choose(Some(&server.uri()), "unused".as_ref()),
        };
        catalog::open(&location.expect("a place"), Patience::default()).await.expect("a catalog")
    }

    /// Adds records of the owner's, with these numbers, around the catalog's own door.
    pub(crate) async fn fill(&self, from: u32, to: u32) {
        match self {
            Self::Sqlite(folder) => fill_file(folder.path().join("catalog.sqlite3"), from, to),
            Self::MongoDb(server) => fill_server(&server.uri(), from, to).await,
        }
    }
}

/// The present of the measurement; it lies ahead, since a server removes what ended long ago by its own clock.
pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(4_000_000_000, 0).expect("a time")
}

/// A record of the owner's with this number; every other one ends some day.
pub(crate) fn record(number: u32) -> FileRecord {
    let uploaded_at = now() + TimeDelta::seconds(number.into());
    FileRecord {
        file_id: format!("7_4000000000_{number:08x}").parse().expect("an id"),
        user_id: OWNER,
        filename: format!("table {number}.csv"),
        file_path: format!("user_files/7/7_4000000000_{number:08x}.csv"),
        file_size: 1000,
        file_type: "csv".to_owned(),
        kind: "data".to_owned(),
        sha256: "0123456789abcdef".repeat(4),
        source: Source::Upload,
        message_id: None,
        chat_id: None,
        original_workspace_path: None,
        uploaded_at,
        expires_at: number.is_multiple_of(2).then(|| uploaded_at + TimeDelta::days(365)),
        preview: None,
    }
}

fn fill_file(path: PathBuf, from: u32, to: u32) {
    let mut connection = rusqlite::Connection::open(path).expect("the catalog's file");
    let transaction = connection.transaction().expect("a transaction");
    {
        let sql =
            "INSERT INTO user_files VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'upload', NULL, NULL, NULL, ?9, ?10, NULL)";
        let mut insert = transaction.prepare(sql).expect("the catalog's table");
        for record in (from..to).map(record) {
            let values = rusqlite::params![
                record.file_id.as_str(),
                record.user_id.0,
                record.filename,
                record.file_path,
                1000,
                record.file_type,
                record.kind,
                record.sha256,
                record.uploaded_at.timestamp_millis(),
                record.expires_at.map(|end| end.timestamp_millis()),
            ];
            insert.execute(values).expect("a record");
        }
    }
    transaction.commit().expect("a commit");
}

async fn fill_server(uri: &str, from: u32, to: u32) {
    let client = mongodb::Client::with_uri_str(uri).await.expect("the server");
    let files = client.database("taipan").collection::<Document>("user_files");
    let mut begin = from;
    while begin < to {
        let end = to.min(begin + TOGETHER);
        files.insert_many((begin..end).map(record).map(document)).await.expect("records");
        begin = end;
    }
}

fn document(record: FileRecord) -> Document {
    let date = |time: DateTime<Utc>| bson::DateTime::from_millis(time.timestamp_millis());
    doc! {
        "file_id": record.file_id.as_str(), "user_id": record.user_id.0, "filename": record.filename,
        "file_path": record.file_path, "file_size": 1000_i64, "file_type": record.file_type, "kind": record.kind,
        "sha256": record.sha256, "source": "upload", "message_id": null, "chat_id": null,
        "original_workspace_path": null, "uploaded_at": date(record.uploaded_at),
        "expires_at": record.expires_at.map(date), "preview": null,
    }
}
