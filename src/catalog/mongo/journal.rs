//! The journal of runs on the server.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use mongodb::bson::{self, Document, doc};
use serde::{Deserialize, Serialize};

use super::{MongoCatalog, all, date, failures::Failures, indexes::RUNS, opening::MOMENTS, signed, time, unsigned};
use crate::{
    catalog::{
        CatalogError,
        files::MOST_LISTED,
        journal::{Journal, RunRecord},
    },
    identifiers::{FileId, UserId},
};

const LAST_CLEANUP: &str = "last_cleanup";
const STORE: &str = "store";

#[derive(Serialize, Deserialize)]
struct RunDocument {
    run_id: String,
    user_id: i64,
    started_at: bson::DateTime,
    code_sha256: String,
    ending: String,
    run_millis: i64,
    files: Vec<FileId>,
}

#[async_trait]
impl Journal for MongoCatalog {
    async fn add_run(&self, run: &RunRecord) -> Result<(), CatalogError> {
        let document = RunDocument::from(run);
        let runs = self.collection::<RunDocument>(RUNS);
        let add = || async {
            match runs.insert_one(&document).await {
                Err(error) if Failures::is_duplicate(&error) => Ok(()),
                added => added.map(drop),
            }
        };
        self.attempts.make(add).await
    }

    async fn latest_runs(&self, user: Option<UserId>, limit: u32) -> Result<Vec<RunRecord>, CatalogError> {
        let filter = user.map_or_else(Document::new, |user| doc! { "user_id": user.0 });
        let runs = self.collection::<RunDocument>(RUNS);
        let latest_first = doc! { "started_at": -1, "run_id": -1 };
        let limit = limit.clamp(1, MOST_LISTED).into();
        let find = || async { all(runs.find(filter.clone()).sort(latest_first.clone()).limit(limit).await?).await };
        Ok(self.attempts.make(find).await?.into_iter().map(RunRecord::from).collect())
    }

    async fn delete_runs_before(&self, time: DateTime<Utc>) -> Result<u64, CatalogError> {
        self.delete_matching(RUNS, &doc! { "started_at": { "$lt": date(time) } }).await
    }

    async fn last_cleanup(&self) -> Result<Option<DateTime<Utc>>, CatalogError> {
        let moments = self.collection::<Document>(MOMENTS);
        let found = self.attempts.make(|| async { moments.find_one(doc! { "_id": LAST_CLEANUP }).await }).await?;
        Ok(found.and_then(|moment| moment.get_datetime("at").ok().copied()).map(time))
    }

    async fn set_last_cleanup(&self, time: DateTime<Utc>) -> Result<(), CatalogError> {
        let moments = self.collection::<Document>(MOMENTS);
        let change = doc! { "$set": { "at": date(time) } };
        let of_it = doc! { "_id": LAST_CLEANUP };
        let set = || async { moments.update_one(of_it.clone(), change.clone()).upsert(true).await.map(drop) };
        self.attempts.make(set).await
    }

    async fn store_number(&self) -> Result<Option<i64>, CatalogError> {
        let moments = self.collection::<Document>(MOMENTS);
        let found = self.attempts.make(|| async { moments.find_one(doc! { "_id": STORE }).await }).await?;
        Ok(found.and_then(|store| store.get_i64("number").ok()))
    }

    async fn claim_store(&self, number: i64) -> Result<i64, CatalogError> {
        let moments = self.collection::<Document>(MOMENTS);
        let claim = || async {
            match moments.insert_one(doc! { "_id": STORE, "number": number }).await {
                Err(error) if Failures::is_duplicate(&error) => Ok(()),
                claimed => claimed.map(drop),
            }
        };
        self.attempts.make(claim).await?;
        Ok(self.store_number().await?.unwrap_or(number))
    }
}

impl From<&RunRecord> for RunDocument {
    fn from(run: &RunRecord) -> Self {
        Self {
            run_id: run.run_id.clone(),
            user_id: run.user_id.0,
            started_at: date(run.started_at),
            code_sha256: run.code_sha256.clone(),
            ending: run.ending.clone(),
            run_millis: signed(u64::try_from(run.run_time.as_millis()).unwrap_or(u64::MAX)),
            files: run.files.clone(),
        }
    }
}

impl From<RunDocument> for RunRecord {
    fn from(document: RunDocument) -> Self {
        Self {
            run_id: document.run_id,
            user_id: UserId(document.user_id),
            started_at: time(document.started_at),
            code_sha256: document.code_sha256,
            ending: document.ending,
            run_time: Duration::from_millis(unsigned(document.run_millis)),
            files: document.files,
        }
    }
}
