//! The journal of runs in SQLite.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params, types::Type};

use super::{
    SqliteCatalog,
    files::{time, unsigned},
};
use crate::{
    catalog::{
        CatalogError,
        files::MOST_LISTED,
        journal::{Journal, RunRecord},
    },
    identifiers::{FileId, UserId},
};

const LAST_CLEANUP: &str = "last_cleanup";
/// Stands among the moments, as the number of the store.
const STORE: &str = "store";
const STORE_NUMBER: &str = "SELECT at FROM moments WHERE name = ?1";

#[async_trait]
impl Journal for SqliteCatalog {
    async fn add_run(&self, run: &RunRecord) -> Result<(), CatalogError> {
        let run = run.clone();
        self.write(move |transaction| {
            let sql = "INSERT OR IGNORE INTO runs (run_id, user_id, started_at, code_sha256, ending, run_millis, files) \
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
            // Ids hold no spaces.
            let files: Vec<_> = run.files.iter().map(FileId::as_str).collect();
            let values = params![
                run.run_id,
                run.user_id.0,
                run.started_at.timestamp_millis(),
                run.code_sha256,
                run.ending,
                i64::try_from(run.run_time.as_millis()).unwrap_or(i64::MAX),
                files.join(" "),
            ];
            transaction.prepare_cached(sql)?.execute(values).map(drop)
        })
        .await
    }

    async fn latest_runs(&self, user: Option<UserId>, limit: u32) -> Result<Vec<RunRecord>, CatalogError> {
        let (which, user) = user.map_or(("?1 IS NULL", None), |user| ("user_id = ?1", Some(user.0)));
        let sql = format!(
            "SELECT run_id, user_id, started_at, code_sha256, ending, run_millis, files FROM runs WHERE {which} \
             ORDER BY started_at DESC, run_id DESC LIMIT ?2"
        );
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            statement.query_map(params![user, limit.clamp(1, MOST_LISTED)], run)?.collect()
        })
        .await
    }

    async fn delete_runs_before(&self, time: DateTime<Utc>) -> Result<u64, CatalogError> {
        self.write(move |transaction| {
            let sql = "DELETE FROM runs WHERE started_at < ?1";
            transaction.execute(sql, [time.timestamp_millis()]).map(|count| count as u64)
        })
        .await
    }

    async fn last_cleanup(&self) -> Result<Option<DateTime<Utc>>, CatalogError> {
        self.read(|connection| {
            let sql = "SELECT at FROM moments WHERE name = ?1";
            connection.query_row(sql, [LAST_CLEANUP], |row| time(row, 0)).optional()
        })
        .await
    }

    async fn set_last_cleanup(&self, time: DateTime<Utc>) -> Result<(), CatalogError> {
        self.write(move |transaction| {
            let sql = "INSERT OR REPLACE INTO moments (name, at) VALUES (?1, ?2)";
            transaction.execute(sql, params![LAST_CLEANUP, time.timestamp_millis()]).map(drop)
        })
        .await
    }

    async fn store_number(&self) -> Result<Option<i64>, CatalogError> {
        self.read(|connection| connection.query_row(STORE_NUMBER, [STORE], |row| row.get(0)).optional()).await
    }

    async fn claim_store(&self, number: i64) -> Result<i64, CatalogError> {
        self.write(move |transaction| {
            let sql = "INSERT OR IGNORE INTO moments (name, at) VALUES (?1, ?2)";
            transaction.execute(sql, params![STORE, number])?;
            transaction.query_row(STORE_NUMBER, [STORE], |row| row.get(0))
        })
        .await
    }
}

fn run(row: &Row<'_>) -> rusqlite::Result<RunRecord> {
    let files = row.get::<_, String>(6)?;
    let files: Result<_, _> = files.split_whitespace().map(str::parse).collect();
    Ok(RunRecord {
        run_id: row.get(0)?,
        user_id: UserId(row.get(1)?),
        started_at: time(row, 2)?,
        code_sha256: row.get(3)?,
        ending: row.get(4)?,
        run_time: Duration::from_millis(unsigned(row, 5)?),
        files: files.map_err(|error| rusqlite::Error::FromSqlConversionFailure(6, Type::Text, Box::new(error)))?,
    })
}
