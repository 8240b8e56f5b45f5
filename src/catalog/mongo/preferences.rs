//! Preferences on the server.

use std::collections::BTreeMap;

use async_trait::async_trait;
use mongodb::bson::{Document, doc};
use serde::Deserialize;
use serde_json::Value;

use super::{MongoCatalog, all, indexes::PREFERENCES};
use crate::{
    catalog::{
        CatalogError,
        preferences::{Preferences, written},
    },
    identifiers::UserId,
};

#[derive(Deserialize)]
struct PreferenceDocument {
    key: String,
    /// JSON as text, so that it comes back as it was.
    value: String,
}

#[async_trait]
impl Preferences for MongoCatalog {
    async fn preferences(&self, user: UserId) -> Result<BTreeMap<String, Value>, CatalogError> {
        let preferences = self.collection::<PreferenceDocument>(PREFERENCES);
        let find = || async { all(preferences.find(doc! { "user_id": user.0 }).await?).await };
        let found = self.attempts.make(find).await?;
        let read = found.into_iter().map(|document| Ok((document.key, serde_json::from_str(&document.value)?)));
        read.collect::<serde_json::Result<_>>()
            .map_err(|error| CatalogError::Unreadable { place: self.attempts.place(), reason: error.to_string() })
    }

    async fn set_preference(&self, user: UserId, key: &str, value: Option<&Value>) -> Result<(), CatalogError> {
        let filter = doc! { "user_id": user.0, "key": key };
        let Some(value) = value else {
            return self.delete_matching(PREFERENCES, &filter).await.map(drop);
        };
        let change = doc! { "$set": { "value": written(key, value)? } };
        let preferences = self.collection::<Document>(PREFERENCES);
        let set = || async { preferences.update_one(filter.clone(), change.clone()).upsert(true).await.map(drop) };
        self.attempts.make(set).await
    }
}
