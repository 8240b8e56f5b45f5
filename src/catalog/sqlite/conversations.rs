//! Conversations in SQLite.

use async_trait::async_trait;
use rusqlite::{Row, params};

use super::{SqliteCatalog, files::time};
use crate::{
    catalog::{
        CatalogError,
        conversations::{Conversations, MOST_TURNS, Turn},
    },
    identifiers::UserId,
};

#[async_trait]
impl Conversations for SqliteCatalog {
    async fn append_turn(&self, user: UserId, channel: &str, turn: &Turn) -> Result<(), CatalogError> {
        turn.check()?;
        let (channel, turn) = (channel.to_owned(), turn.clone());
        self.write(move |transaction| {
            let sql = "INSERT INTO turns (user_id, channel, said_at, content) VALUES (?1, ?2, ?3, ?4)";
            let said_at = turn.said_at.timestamp_millis();
            transaction.prepare_cached(sql)?.execute(params![user.0, channel, said_at, turn.content])?;
            let sql = "DELETE FROM turns WHERE number IN (SELECT number FROM turns WHERE user_id = ?1 AND channel = ?2 \
                       ORDER BY number DESC LIMIT -1 OFFSET ?3)";
            transaction.prepare_cached(sql)?.execute(params![user.0, channel, MOST_TURNS]).map(drop)
        })
        .await
    }

    async fn last_turns(&self, user: UserId, channel: &str, count: u32) -> Result<Vec<Turn>, CatalogError> {
        let channel = channel.to_owned();
        self.read(move |connection| {
            let sql = "SELECT said_at, content FROM turns WHERE user_id = ?1 AND channel = ?2 \
                       ORDER BY number DESC LIMIT ?3";
            let mut statement = connection.prepare_cached(sql)?;
            let turn = |row: &Row<'_>| Ok(Turn { said_at: time(row, 0)?, content: row.get(1)? });
            let latest_first = statement.query_map(params![user.0, channel, count], turn)?;
            let mut turns: Vec<_> = latest_first.collect::<Result<_, _>>()?;
            turns.reverse();
            Ok(turns)
        })
        .await
    }

    async fn clear_turns(&self, user: UserId, channel: Option<&str>) -> Result<u64, CatalogError> {
        let channel = channel.map(str::to_owned);
        self.write(move |transaction| {
            let sql = "DELETE FROM turns WHERE user_id = ?1 AND (?2 IS NULL OR channel = ?2)";
            transaction.execute(sql, params![user.0, channel]).map(|count| count as u64)
        })
        .await
    }
}
