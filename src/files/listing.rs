//! What lies on the disk, whatever the catalog says of it.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    Place, Store, StoreError,
    folder::{self, OwnerFolder},
};
use crate::identifiers::UserId;

/// How many files of one owner are looked at. What is more is looked at when these are gone.
const MOST_LISTED: usize = 100_000;

/// A file that lies in an owner's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lying {
    /// Where. It has no id if it was never finished.
    pub place: Place,
    /// How many bytes it has.
    pub size: u64,
    /// When it was last written.
    pub modified: DateTime<Utc>,
}

impl Store {
    /// Everybody who has a folder, also an empty one.
    ///
    /// # Errors
    /// Whatever the disk says.
    pub async fn owners(&self) -> Result<Vec<UserId>, StoreError> {
        let root = Arc::clone(&self.root);
        self.blocking.run(move || Ok(folder::owners(&root)?)).await
    }

    /// All that lies in an owner's folder, in no order: stored files, those that are just being received or were left
    /// behind unfinished, and what others put there. At most 100,000 of them.
    ///
    /// # Errors
    /// Whatever the disk says; that there is no folder is none.
    pub async fn lying(&self, owner: UserId) -> Result<Vec<Lying>, StoreError> {
        let root = Arc::clone(&self.root);
        let listing = move || {
            let mut found = Vec::new();
            OwnerFolder::open(&root, owner)?.each(MOST_LISTED, |name, stat| {
                let place = Place::found(owner, name.to_owned());
                let size = u64::try_from(stat.st_size).unwrap_or_default();
                let modified = DateTime::from_timestamp(stat.st_mtime, 0).unwrap_or_default();
                found.push(Lying { place, size, modified });
            })?;
            Ok(found)
        };
        match self.blocking.run(listing).await {
            Err(StoreError::Missing) => Ok(Vec::new()),
            listed => listed,
        }
    }
}
