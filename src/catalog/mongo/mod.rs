//! A catalog on a MongoDB server.
//!
//! Writes are acknowledged when a majority of the servers has them on disk. A call whose connection breaks is repeated
//! for a bounded time, and every write is made so that doing it twice does it once.

mod attempts;
mod conversations;
mod deleting;
mod failures;
mod files;
mod indexes;
mod journal;
mod keys;
mod opening;
mod preferences;
mod usage;

use async_trait::async_trait;
use mongodb::{
    Client, Collection, Cursor, Database,
    bson::{self, Document, doc},
    error::Result as ServerResult,
};
use serde::de::DeserializeOwned;

use self::attempts::Attempts;
use super::{Catalog, CatalogError, Patience, location::ServerUri};

/// A catalog on a MongoDB server.
pub(super) struct MongoCatalog {
    client: Client,
    database: Database,
    attempts: Attempts,
}

impl MongoCatalog {
    pub(super) async fn open(uri: &ServerUri, patience: Patience) -> Result<Self, CatalogError> {
        opening::open(uri, patience).await
    }

    fn collection<T: Send + Sync>(&self, name: &str) -> Collection<T> {
        self.database.collection(name)
    }

    /// Removes what matches, and says how many those were, as far as the connection held.
    async fn delete_matching(&self, collection: &str, filter: &Document) -> Result<u64, CatalogError> {
        let collection = self.collection::<Document>(collection);
        let delete = || async { Ok(collection.delete_many(filter.clone()).await?.deleted_count) };
        self.attempts.make(delete).await
    }
}

#[async_trait]
impl Catalog for MongoCatalog {
    fn place(&self) -> String {
        self.attempts.place()
    }

    async fn check(&self) -> Result<(), CatalogError> {
        self.attempts.make(|| async { self.database.run_command(doc! { "ping": 1 }).await.map(drop) }).await
    }

    async fn close(&self) {
        self.attempts.close();
        self.client.clone().shutdown().await;
    }
}

/// Everything a cursor has; what asked for it set a limit.
async fn all<T: DeserializeOwned + Unpin + Send + Sync>(mut cursor: Cursor<T>) -> ServerResult<Vec<T>> {
    let mut found = Vec::new();
    while cursor.advance().await? {
        found.push(cursor.deserialize_current()?);
    }
    Ok(found)
}

/// A time as the server keeps it.
fn date(time: chrono::DateTime<chrono::Utc>) -> bson::DateTime {
    bson::DateTime::from_millis(time.timestamp_millis())
}

/// A time that the server kept; one that no calendar has becomes the oldest that has.
fn time(date: bson::DateTime) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp_millis(date.timestamp_millis()).unwrap_or(chrono::DateTime::<chrono::Utc>::MIN_UTC)
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}
