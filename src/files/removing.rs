//! Taking files away.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::{
    Place, Store, StoreError,
    folder::{self, OwnerFolder},
};
use crate::identifiers::UserId;

/// What came of removing one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// It had so many bytes.
    Removed {
        /// Its size in bytes.
        size: u64,
    },
    /// It was not there any more.
    WasGone,
}

impl Store {
    /// Removes the bytes of a file. Where a link was put in its place, the link goes.
    ///
    /// # Errors
    /// Whatever the disk says, for instance that the folder is read-only; the file is still there then.
    pub async fn remove(&self, place: &Place) -> Result<Removal, StoreError> {
        let (root, place) = (Arc::clone(&self.root), place.clone());
        let removing = move || OwnerFolder::open(&root, place.owner)?.remove(&place.name).map_err(StoreError::from);
        match self.blocking.run(removing).await {
            Ok(size) => Ok(Removal::Removed { size }),
            Err(StoreError::Missing) => Ok(Removal::WasGone),
            Err(error) => Err(error),
        }
    }

    /// Removes several files at a time; what came of each is in no order.
    pub async fn remove_all(
        &self,
        places: impl IntoIterator<Item = Place>,
    ) -> Vec<(Place, Result<Removal, StoreError>)> {
        let mut removing = JoinSet::new();
        for place in places {
            let store = self.clone();
            removing.spawn(async move {
                let removed = store.remove(&place).await;
                (place, removed)
            });
        }
        removing.join_all().await
    }

    /// Removes an owner's folder if nothing is in it. Gives whether it did.
    ///
    /// # Errors
    /// Whatever the disk says.
    pub async fn remove_empty_folder(&self, owner: UserId) -> Result<bool, StoreError> {
        let root = Arc::clone(&self.root);
        self.blocking.run(move || Ok(folder::remove_empty(&root, owner)?)).await
    }
}
