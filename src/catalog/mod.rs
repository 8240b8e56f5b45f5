//! What is known about users' files, conversations, usage, preferences, runs and keys; the files' bytes lie elsewhere.
//!
//! [`Catalog`] is one promise with two implementations: an embedded SQLite file, with nothing to set up, and a MongoDB
//! server. [`Location`] says which, [`open`] opens it.
//!
//! - Whatever belongs to somebody is looked up by his [`UserId`](crate::identifiers::UserId), so that nobody reaches
//!   what is another's (S3).
//! - What was acknowledged is on disk, and survives the program's and the machine's sudden end (S11).
//! - Times are kept in milliseconds; the present is always given by the caller.
//! - Adding what is there already changes nothing, so a caller who does not know how his call ended may repeat it.
//!
//! ```
//! use std::path::Path;
//! use taipan::catalog::{self, Location, Patience};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let data_dir: &Path = folder.path();
//! let location = Location::choose(None, data_dir)?;
//! let catalog = catalog::open(&location, Patience::default()).await?;
//! assert_eq!(catalog.last_cleanup().await?, None);
//! catalog.close().await;
//! # Ok(())
//! # }
//! ```

mod conversations;
mod error;
mod files;
mod journal;
mod keys;
mod location;
mod mongo;
mod preferences;
mod sqlite;
mod usage;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;

pub use conversations::{Conversations, LONGEST_TURN, MOST_TURNS, Turn};
pub use error::CatalogError;
pub use files::{
    FileKey, FileRecord, FileRecords, Insertion, KnownFile, MOST_LISTED, Page, Position, Selection, Source, Totals,
};
pub use journal::{Journal, RunRecord};
pub use keys::{ApiKey, ApiKeys, KeyText, LONGEST_LABEL};
pub use location::Location;
pub use preferences::{LONGEST_KEY, LONGEST_VALUE, Preferences};
pub use usage::{Counters, Usage, UsageCounts, UsageEntry, by_day, by_model, total};

/// Everything that is kept about users. It may be called from many tasks at once.
///
/// A call that is dropped before it ends may or may not have been done.
#[async_trait]
pub trait Catalog: FileRecords + Conversations + UsageCounts + Preferences + Journal + ApiKeys {
    /// Where the catalog is, for people; without any secret.
    fn place(&self) -> String;

    /// Asks whether the catalog answers.
    ///
    /// # Errors
    /// When it does not within [`Patience::retries`].
    async fn check(&self) -> Result<(), CatalogError>;

    /// Waits for what was begun, and closes files and connections. Later calls fail with [`CatalogError::Closed`].
    async fn close(&self);
}

/// How long to wait for a catalog that does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How long [`open`] waits for a server that is not there yet; 30 seconds unless set.
    pub start: Duration,
    /// For how long a call is repeated when its connection breaks; 10 seconds unless set.
    pub retries: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { start: Duration::from_secs(30), retries: Duration::from_secs(10) }
    }
}

/// Opens a catalog, and makes it when there is none yet. What an older version of Taipan made is brought up to date.
///
/// # Errors
/// When it cannot be opened; a catalog that is damaged or from a newer version of Taipan is left as it is.
pub async fn open(location: &Location, patience: Patience) -> Result<Arc<dyn Catalog>, CatalogError> {
    match location {
        Location::File(path) => Ok(Arc::new(sqlite::SqliteCatalog::open(path).await?)),
        Location::Server(uri) => Ok(Arc::new(mongo::MongoCatalog::open(uri, patience).await?)),
    }
}
