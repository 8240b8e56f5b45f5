//! Keys in SQLite.

use async_trait::async_trait;
use rusqlite::{OptionalExtension, Row, params};

use super::{SqliteCatalog, files::time};
use crate::{
    catalog::{
        CatalogError,
        files::MOST_LISTED,
        keys::{ApiKey, ApiKeys},
    },
    identifiers::UserId,
};

const COLUMNS: &str = "SELECT key_id, key_sha256, user_id, label, created_at FROM api_keys";

#[async_trait]
impl ApiKeys for SqliteCatalog {
    async fn add_key(&self, key: &ApiKey) -> Result<(), CatalogError> {
        let key = key.clone();
        self.write(move |transaction| {
            let sql = "INSERT OR IGNORE INTO api_keys (key_id, key_sha256, user_id, label, created_at) \
                       VALUES (?1, ?2, ?3, ?4, ?5)";
            let created_at = key.created_at.timestamp_millis();
            transaction
                .execute(sql, params![key.key_id, key.key_sha256, key.user_id.0, key.label, created_at])
                .map(drop)
        })
        .await
    }

    async fn find_key(&self, sha256: &str) -> Result<Option<ApiKey>, CatalogError> {
        let sha256 = sha256.to_owned();
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(&format!("{COLUMNS} WHERE key_sha256 = ?1"))?;
            statement.query_row([sha256], key).optional()
        })
        .await
    }

    async fn keys(&self) -> Result<Vec<ApiKey>, CatalogError> {
        self.read(|connection| {
            let sql = format!("{COLUMNS} ORDER BY created_at, key_id LIMIT {MOST_LISTED}");
            connection.prepare(&sql)?.query_map([], key)?.collect()
        })
        .await
    }

    async fn has_keys(&self) -> Result<bool, CatalogError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM api_keys)")?;
            statement.query_row([], |row| row.get(0))
        })
        .await
    }

    async fn delete_key(&self, key_id: &str) -> Result<bool, CatalogError> {
        let key_id = key_id.to_owned();
        self.write(move |transaction| Ok(transaction.execute("DELETE FROM api_keys WHERE key_id = ?1", [key_id])? > 0))
            .await
    }
}

fn key(row: &Row<'_>) -> rusqlite::Result<ApiKey> {
    Ok(ApiKey {
        key_id: row.get(0)?,
        key_sha256: row.get(1)?,
        user_id: UserId(row.get(2)?),
        label: row.get(3)?,
        created_at: time(row, 4)?,
    })
}
