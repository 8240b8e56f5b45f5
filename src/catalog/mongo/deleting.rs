//! Removing records of files, and knowing which those were also when a connection breaks in the middle.

use std::collections::HashSet;

use mongodb::bson::{Document, doc, oid::ObjectId};
use serde::Deserialize;

use super::{MongoCatalog, all, files::FileDocument, indexes::FILES};
use crate::catalog::{CatalogError, files::FileRecord};

/// How many records one deletion names; a request to the server must not become too large.
const TOGETHER: usize = 10_000;

#[derive(Deserialize)]
struct Stored {
    #[serde(rename = "_id")]
    id: ObjectId,
    #[serde(flatten)]
    document: FileDocument,
}

#[derive(Deserialize)]
struct StoredId {
    #[serde(rename = "_id")]
    id: ObjectId,
}

impl MongoCatalog {
    /// Removes what is found by a filter, as far as it still is so when it is removed, and gives what was removed, oldest
    /// first. Of two calls at once both may name a record.
    pub(super) async fn delete_records(
        &self,
        filter: Document,
        still: Document,
    ) -> Result<Vec<FileRecord>, CatalogError> {
        let files = self.collection::<Stored>(FILES);
        let find =
            || async { all(files.find(filter.clone()).sort(doc! { "uploaded_at": 1, "file_id": 1 }).await?).await };
        let found = self.attempts.make(find).await?;
        let mut deleted = Vec::with_capacity(found.len());
        let mut found = found.into_iter().peekable();
        while found.peek().is_some() {
            let together: Vec<_> = found.by_ref().take(TOGETHER).collect();
            let staying = self.delete_found(&still, &together).await?;
            let gone = together.into_iter().filter(|stored| !staying.contains(&stored.id));
            deleted.extend(gone.map(|stored| FileRecord::from(stored.document)));
        }
        Ok(deleted)
    }

    /// Removes those of which something still holds, and gives the ids of those that stay.
    async fn delete_found(&self, still: &Document, found: &[Stored]) -> Result<HashSet<ObjectId>, CatalogError> {
        let ids: Vec<_> = found.iter().map(|stored| stored.id).collect();
        let these = doc! { "_id": { "$in": ids } };
        let deletion = doc! { "$and": [these.clone(), still.clone()] };
        if self.delete_matching(FILES, &deletion).await? == found.len() as u64 {
            return Ok(HashSet::new());
        }
        let files = self.collection::<StoredId>(FILES);
        let remaining = || async { all(files.find(these.clone()).projection(doc! { "_id": 1 }).await?).await };
        let remaining = self.attempts.make(remaining).await?;
        Ok(remaining.into_iter().map(|stored| stored.id).collect())
    }
}
