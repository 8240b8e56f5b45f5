//! Is the folder of stored files the one whose files the catalog knows?
//!
//! Where a disk is not mounted, or another catalog is named than before, every record would be one without bytes, and all
//! bytes without a record. So the folder bears a number that stands in the catalog too.

use std::time::{SystemTime, UNIX_EPOCH};

use super::super::{ExecutionError, UserFiles};

impl UserFiles {
    /// Whether the folder is the catalog's. A new catalog and a new folder become each other's.
    pub(in crate::executions) async fn folder_is_the_catalog_s(&self) -> Result<bool, ExecutionError> {
        let (mark, known) = (self.store.mark().await?, self.catalog.store_number().await?);
        match (mark, known) {
            (Some(mark), Some(known)) => Ok(mark == known),
            (Some(mark), None) => {
                // Nothing can be mistaken for something else while there is nothing.
                let is_new = self.knows_no_files().await? && self.store.owners().await?.is_empty();
                Ok(is_new && self.catalog.claim_store(mark).await? == mark)
            }
            (None, _) => {
                let is_new = self.knows_no_files().await?;
                if is_new {
                    let number = self.catalog.claim_store(new_number()).await?;
                    self.store.set_mark(number).await?;
                }
                Ok(is_new)
            }
        }
    }

    /// Has the folder marked before the first file is in it. That the folder is another one is the cleanup's to say.
    pub(in crate::executions) async fn mark_folder(&self) -> Result<(), ExecutionError> {
        let marking = async || self.folder_is_the_catalog_s().await.map(drop);
        self.marked.get_or_try_init(marking).await.copied()
    }

    /// Says that nothing is swept, and what to do.
    pub(super) async fn say_that_the_folder_is_another(&self) {
        let mark = self.store.mark_path();
        let (folder, mark) = (mark.parent().unwrap_or(&mark).display(), mark.display());
        let otherwise = match self.catalog.store_number().await {
            Ok(Some(number)) => format!("if its files are lost, write {number} into {mark}"),
            _ => "if its files are another catalog's and not needed, empty it".to_owned(),
        };
        tracing::error!(
            "[Cleanup] {folder} is not the folder of the files that the catalog at {} knows, so nothing was removed for \
             want of bytes or records: check that its disk is mounted and that DATA_DIR and DATABASE_URL belong \
             together, or, {otherwise}.",
            self.catalog.place()
        );
    }

    async fn knows_no_files(&self) -> Result<bool, ExecutionError> {
        Ok(self.catalog.known_files(None).await?.is_empty())
    }
}

/// One that no other store has: the nanoseconds since 1970.
fn new_number() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_nanos()).unwrap_or(i64::MAX)
}
