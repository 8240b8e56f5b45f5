//! Keys on the server.

use async_trait::async_trait;
use mongodb::bson::{self, doc};
use serde::{Deserialize, Serialize};

use super::{MongoCatalog, all, date, failures::Failures, indexes::API_KEYS, time};
use crate::{
    catalog::{
        CatalogError,
        files::MOST_LISTED,
        keys::{ApiKey, ApiKeys},
    },
    identifiers::UserId,
};

#[derive(Serialize, Deserialize)]
struct KeyDocument {
    key_id: String,
    key_sha256: String,
    user_id: i64,
    label: String,
    created_at: bson::DateTime,
}

#[async_trait]
impl ApiKeys for MongoCatalog {
    async fn add_key(&self, key: &ApiKey) -> Result<(), CatalogError> {
        let document = KeyDocument {
            key_id: key.key_id.clone(),
            key_sha256: key.key_sha256.clone(),
            user_id: key.user_id.0,
            label: key.label.clone(),
            created_at: date(key.created_at),
        };
        let keys = self.collection::<KeyDocument>(API_KEYS);
        let add = || async {
            match keys.insert_one(&document).await {
                Err(error) if Failures::is_duplicate(&error) => Ok(()),
                added => added.map(drop),
            }
        };
        self.attempts.make(add).await
    }

    async fn find_key(&self, sha256: &str) -> Result<Option<ApiKey>, CatalogError> {
        let keys = self.collection::<KeyDocument>(API_KEYS);
        let find = || async { keys.find_one(doc! { "key_sha256": sha256 }).await };
        Ok(self.attempts.make(find).await?.map(ApiKey::from))
    }

    async fn keys(&self) -> Result<Vec<ApiKey>, CatalogError> {
        let keys = self.collection::<KeyDocument>(API_KEYS);
        let oldest_first = doc! { "created_at": 1, "key_id": 1 };
        let limit = MOST_LISTED.into();
        let find = || async { all(keys.find(doc! {}).sort(oldest_first.clone()).limit(limit).await?).await };
        Ok(self.attempts.make(find).await?.into_iter().map(ApiKey::from).collect())
    }

    async fn has_keys(&self) -> Result<bool, CatalogError> {
        let keys = self.collection::<KeyDocument>(API_KEYS);
        let find = || async { keys.find_one(doc! {}).await };
        Ok(self.attempts.make(find).await?.is_some())
    }

    async fn delete_key(&self, key_id: &str) -> Result<bool, CatalogError> {
        Ok(self.delete_matching(API_KEYS, &doc! { "key_id": key_id }).await? > 0)
    }
}

impl From<KeyDocument> for ApiKey {
    fn from(document: KeyDocument) -> Self {
        Self {
            key_id: document.key_id,
            key_sha256: document.key_sha256,
            user_id: UserId(document.user_id),
            label: document.label,
            created_at: time(document.created_at),
        }
    }
}
