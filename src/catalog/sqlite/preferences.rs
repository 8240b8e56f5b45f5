//! Preferences in SQLite.

use std::collections::BTreeMap;

use async_trait::async_trait;
use rusqlite::{Row, params, types::Type};
use serde_json::Value;

use super::SqliteCatalog;
use crate::{
    catalog::{
        CatalogError,
        preferences::{Preferences, written},
    },
    identifiers::UserId,
};

#[async_trait]
impl Preferences for SqliteCatalog {
    async fn preferences(&self, user: UserId) -> Result<BTreeMap<String, Value>, CatalogError> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached("SELECT key, value FROM preferences WHERE user_id = ?1")?;
            statement.query_map([user.0], preference)?.collect()
        })
        .await
    }

    async fn set_preference(&self, user: UserId, key: &str, value: Option<&Value>) -> Result<(), CatalogError> {
        let value = value.map(|value| written(key, value)).transpose()?;
        let key = key.to_owned();
        self.write(move |transaction| {
            if let Some(value) = value {
                let sql = "INSERT OR REPLACE INTO preferences (user_id, key, value) VALUES (?1, ?2, ?3)";
                transaction.execute(sql, params![user.0, key, value])?;
            } else {
                let sql = "DELETE FROM preferences WHERE user_id = ?1 AND key = ?2";
                transaction.execute(sql, params![user.0, key])?;
            }
            Ok(())
        })
        .await
    }
}

fn preference(row: &Row<'_>) -> rusqlite::Result<(String, Value)> {
    let text = row.get::<_, String>(1)?;
    let value = serde_json::from_str(&text);
    let value = value.map_err(|error| rusqlite::Error::FromSqlConversionFailure(1, Type::Text, Box::new(error)))?;
    Ok((row.get(0)?, value))
}
