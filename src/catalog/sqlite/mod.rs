//! A catalog in an SQLite file: the default, with nothing to set up.
//!
//! One thread writes and another reads, each with a connection of its own, so that lists do not wait for the disk.
//! What was acknowledged is in the write-ahead log on disk.

mod connections;
mod conversations;
mod failures;
mod files;
mod journal;
mod keys;
mod opening;
mod preferences;
mod schema;
mod usage;

use std::path::Path;

use async_trait::async_trait;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use self::{connections::ConnectionThread, failures::Failures};
use super::{Catalog, CatalogError};

/// A catalog in an SQLite file.
pub(super) struct SqliteCatalog {
    failures: Failures,
    // Dropped first, so that the writer's is the last connection and empties the log into the file.
    reader: ConnectionThread,
    writer: ConnectionThread,
}

impl SqliteCatalog {
    pub(super) async fn open(path: &Path) -> Result<Self, CatalogError> {
        let failures = Failures::about(path);
        let opened = {
            let (path, failures) = (path.to_owned(), failures.clone());
            tokio::task::spawn_blocking(move || opening::open(&path, &failures)).await
        };
        let (writer, reader) = opened.map_err(|_| CatalogError::Closed)??;
        let start = |name, connection| ConnectionThread::start(name, connection).map_err(|e| failures.of_system(&e));
        let (writer, reader) = (start("catalog-writer", writer)?, start("catalog-reader", reader)?);
        Ok(Self { failures, reader, writer })
    }

    /// Looks something up.
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, CatalogError> {
        let done = self.reader.call(move |connection| work(connection)).await?;
        done.map_err(|error| self.failures.of(&error))
    }

    /// Changes something: all of it or nothing, and on disk when this returns.
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, CatalogError> {
        let change = move |connection: &mut Connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let result = work(&transaction)?;
            transaction.commit()?;
            Ok(result)
        };
        self.writer.call(change).await?.map_err(|error| self.failures.of(&error))
    }
}

#[async_trait]
impl Catalog for SqliteCatalog {
    fn place(&self) -> String {
        self.failures.place()
    }

    async fn check(&self) -> Result<(), CatalogError> {
        self.read(|connection| connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))).await
    }

    async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}
