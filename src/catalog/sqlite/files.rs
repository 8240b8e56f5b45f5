//! Records of files in SQLite.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, named_params, params, types::Type};

use super::SqliteCatalog;
use crate::{
    catalog::{
        CatalogError,
        files::{FileKey, FileRecord, FileRecords, Insertion, KnownFile, MOST_LISTED, Page, Selection, Source, Totals},
    },
    identifiers::{ChatId, FileId, MessageId, UserId},
};

/// All columns but the preview's, in the order of [`record`].
const COLUMNS: &str = "file_id, user_id, filename, file_path, file_size, file_type, kind, sha256, source, message_id, \
                       chat_id, original_workspace_path, uploaded_at, expires_at, preview";

#[async_trait]
impl FileRecords for SqliteCatalog {
    async fn insert_file(&self, record: &FileRecord) -> Result<Insertion, CatalogError> {
        let record = record.kept();
        self.write(move |transaction| {
            let there = find(transaction, &record.key())?;
            match there {
                Some(there) if there.is_expired(record.uploaded_at) => delete(transaction, &record.key())?,
                Some(there) if there.is_same_file(&record) => return Ok(Insertion::Existing(there)),
                Some(there) => return Ok(Insertion::Taken(there)),
                None => {}
            }
            insert(transaction, &record)?;
            Ok(Insertion::Added)
        })
        .await
    }

    async fn find_file(
        &self,
        user: UserId,
        file: &FileId,
        now: DateTime<Utc>,
    ) -> Result<Option<FileRecord>, CatalogError> {
        let key = FileKey { user_id: user, file_id: file.clone() };
        let found = self.read(move |connection| find(connection, &key)).await?;
        Ok(found.filter(|record| !record.is_expired(now)))
    }

    async fn list_files(
        &self,
        user: UserId,
        selection: &Selection,
        now: DateTime<Utc>,
        page: &Page,
    ) -> Result<Vec<FileRecord>, CatalogError> {
        let (which, id) = match selection {
            Selection::All => ("?5 IS NULL", None),
            Selection::Message(id) => ("message_id = ?5", Some(id.to_string())),
            Selection::Chat(id) => ("chat_id = ?5", Some(id.to_string())),
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM user_files WHERE user_id = ?1 AND {which} \
             AND (expires_at IS NULL OR expires_at > ?2) AND (uploaded_at, file_id) > (?3, ?4) \
             ORDER BY uploaded_at, file_id LIMIT ?6"
        );
        let (time, after) = page.bounded_after();
        let (after, limit) = (after.to_owned(), page.bounded_limit());
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map(params![user.0, now.timestamp_millis(), time, after, id, limit], record)?;
            rows.collect()
        })
        .await
    }

    async fn count_files(&self, user: UserId, now: DateTime<Utc>) -> Result<u64, CatalogError> {
        self.read(move |connection| {
            let sql = "SELECT (SELECT count(*) FROM user_files WHERE user_id = ?1 AND expires_at IS NULL) \
                       + (SELECT count(*) FROM user_files WHERE user_id = ?1 AND expires_at > ?2)";
            let mut statement = connection.prepare_cached(sql)?;
            statement.query_row(params![user.0, now.timestamp_millis()], |row| unsigned(row, 0))
        })
        .await
    }

    async fn delete_files(&self, user: UserId, files: &[FileId]) -> Result<Vec<FileRecord>, CatalogError> {
        let files = files.to_vec();
        self.write(move |transaction| {
            let sql = format!("DELETE FROM user_files WHERE user_id = ?1 AND file_id = ?2 RETURNING {COLUMNS}");
            let mut statement = transaction.prepare_cached(&sql)?;
            let mut deleted = Vec::new();
            for file in &files {
                deleted.extend(statement.query_row(params![user.0, file.as_str()], record).optional()?);
            }
            Ok(in_order(deleted))
        })
        .await
    }

    async fn delete_all_files(&self, user: UserId) -> Result<Vec<FileRecord>, CatalogError> {
        self.write(move |transaction| {
            let sql = format!("DELETE FROM user_files WHERE user_id = ?1 RETURNING {COLUMNS}");
            let mut statement = transaction.prepare_cached(&sql)?;
            let deleted = statement.query_map([user.0], record)?.collect::<Result<_, _>>()?;
            Ok(in_order(deleted))
        })
        .await
    }

    async fn expired_files(&self, now: DateTime<Utc>, limit: u32) -> Result<Vec<FileRecord>, CatalogError> {
        let limit = limit.clamp(1, MOST_LISTED);
        self.read(move |connection| {
            let sql = format!("SELECT {COLUMNS} FROM user_files WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2");
            let mut statement = connection.prepare_cached(&sql)?;
            statement.query_map(params![now.timestamp_millis(), limit], record)?.collect()
        })
        .await
    }

    async fn delete_expired_files(
        &self,
        files: &[FileKey],
        now: DateTime<Utc>,
    ) -> Result<Vec<FileRecord>, CatalogError> {
        let files = files.to_vec();
        self.write(move |transaction| {
            let sql = format!(
                "DELETE FROM user_files WHERE user_id = ?1 AND file_id = ?2 AND expires_at <= ?3 RETURNING {COLUMNS}"
            );
            let mut statement = transaction.prepare_cached(&sql)?;
            let mut deleted = Vec::new();
            for FileKey { user_id, file_id } in &files {
                let values = params![user_id.0, file_id.as_str(), now.timestamp_millis()];
                deleted.extend(statement.query_row(values, record).optional()?);
            }
            Ok(in_order(deleted))
        })
        .await
    }

    async fn known_files(&self, after: Option<&FileKey>) -> Result<Vec<KnownFile>, CatalogError> {
        let (user, file) = after.map_or((i64::MIN, ""), |key| (key.user_id.0, key.file_id.as_str()));
        let file = file.to_owned();
        self.read(move |connection| {
            let sql = "SELECT user_id, file_id, file_path FROM user_files WHERE (user_id, file_id) > (?1, ?2) \
                       ORDER BY user_id, file_id LIMIT ?3";
            let mut statement = connection.prepare_cached(sql)?;
            let known = |row: &Row<'_>| {
                let key = FileKey { user_id: UserId(row.get(0)?), file_id: word(row, 1)? };
                Ok(KnownFile { key, file_path: row.get(2)? })
            };
            statement.query_map(params![user, file, MOST_LISTED], known)?.collect()
        })
        .await
    }

    async fn file_totals(&self, now: DateTime<Utc>) -> Result<Totals, CatalogError> {
        self.read(move |connection| {
            let sql = "SELECT count(*), coalesce(sum(file_size), 0) FROM user_files \
                       WHERE expires_at IS NULL OR expires_at > ?1";
            let mut statement = connection.prepare_cached(sql)?;
            let totals = |row: &Row<'_>| Ok(Totals { files: unsigned(row, 0)?, bytes: unsigned(row, 1)? });
            statement.query_row([now.timestamp_millis()], totals)
        })
        .await
    }

    async fn set_preview(&self, user: UserId, file: &FileId, preview: &str) -> Result<bool, CatalogError> {
        let (file, preview) = (file.to_string(), preview.to_owned());
        self.write(move |transaction| {
            let sql = "UPDATE user_files SET preview = ?3 WHERE user_id = ?1 AND file_id = ?2";
            Ok(transaction.execute(sql, params![user.0, file, preview])? > 0)
        })
        .await
    }
}

fn find(connection: &Connection, key: &FileKey) -> rusqlite::Result<Option<FileRecord>> {
    let sql = format!("SELECT {COLUMNS} FROM user_files WHERE user_id = ?1 AND file_id = ?2");
    let mut statement = connection.prepare_cached(&sql)?;
    statement.query_row(params![key.user_id.0, key.file_id.as_str()], record).optional()
}

fn delete(connection: &Connection, key: &FileKey) -> rusqlite::Result<()> {
    let sql = "DELETE FROM user_files WHERE user_id = ?1 AND file_id = ?2";
    connection.execute(sql, params![key.user_id.0, key.file_id.as_str()]).map(drop)
}

fn insert(connection: &Connection, record: &FileRecord) -> rusqlite::Result<()> {
    let sql = format!(
        "INSERT INTO user_files ({COLUMNS}) VALUES (:file_id, :user_id, :filename, :file_path, :file_size, :file_type, \
         :kind, :sha256, :source, :message_id, :chat_id, :original_workspace_path, :uploaded_at, :expires_at, :preview)"
    );
    let values = named_params! {
        ":file_id": record.file_id.as_str(),
        ":user_id": record.user_id.0,
        ":filename": record.filename,
        ":file_path": record.file_path,
        ":file_size": i64::try_from(record.file_size).unwrap_or(i64::MAX),
        ":file_type": record.file_type,
        ":kind": record.kind,
        ":sha256": record.sha256,
        ":source": match record.source {
            Source::Upload => "upload",
            Source::Generated => "generated",
        },
        ":message_id": record.message_id.as_ref().map(MessageId::as_str),
        ":chat_id": record.chat_id.as_ref().map(ChatId::as_str),
        ":original_workspace_path": record.original_workspace_path,
        ":uploaded_at": record.uploaded_at.timestamp_millis(),
        ":expires_at": record.expires_at.map(|end| end.timestamp_millis()),
        ":preview": record.preview,
    };
    connection.prepare_cached(&sql)?.execute(values).map(drop)
}

fn record(row: &Row<'_>) -> rusqlite::Result<FileRecord> {
    Ok(FileRecord {
        file_id: word(row, 0)?,
        user_id: UserId(row.get(1)?),
        filename: row.get(2)?,
        file_path: row.get(3)?,
        file_size: unsigned(row, 4)?,
        file_type: row.get(5)?,
        kind: row.get(6)?,
        sha256: row.get(7)?,
        source: match row.get::<_, String>(8)?.as_str() {
            "generated" => Source::Generated,
            _ => Source::Upload,
        },
        message_id: row.get::<_, Option<String>>(9)?.map(|_| word(row, 9)).transpose()?,
        chat_id: row.get::<_, Option<String>>(10)?.map(|_| word(row, 10)).transpose()?,
        original_workspace_path: row.get(11)?,
        uploaded_at: time(row, 12)?,
        expires_at: row.get::<_, Option<i64>>(13)?.map(|_| time(row, 13)).transpose()?,
        preview: row.get(14)?,
    })
}

fn in_order(mut records: Vec<FileRecord>) -> Vec<FileRecord> {
    records.sort_by_key(FileRecord::position);
    records
}

/// An id, which is checked like any other that comes from outside.
fn word<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<T>
where
    T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    let text: String = row.get(column)?;
    text.parse().map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error)))
}

/// A number that is never negative.
pub(super) fn unsigned(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, number))
}

/// A time in milliseconds.
pub(super) fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<DateTime<Utc>> {
    let millis: i64 = row.get(column)?;
    DateTime::from_timestamp_millis(millis).ok_or(rusqlite::Error::IntegralValueOutOfRange(column, millis))
}
