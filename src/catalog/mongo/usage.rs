//! Counters of usage on the server.
//!
//! A user, day and model have one document with both sets of counters, so that both change together. It remembers the
//! last additions, so that one whose answer was lost is not made twice.

use std::{ops::RangeInclusive, time::Duration};

use async_trait::async_trait;
use chrono::NaiveDate;
use mongodb::{
    bson::{Document, doc, oid::ObjectId},
    error::Result as ServerResult,
};

use super::{MongoCatalog, all, failures::Failures, indexes::USAGE, signed, unsigned};
use crate::{
    catalog::{
        CatalogError,
        files::MOST_LISTED,
        usage::{Counters, Usage, UsageCounts, UsageEntry},
    },
    identifiers::UserId,
};

/// How many additions a document remembers: as many as may be under way at once.
const REMEMBERED: i32 = 64;
/// How often an addition is tried whose document is made by others at the same time.
const MOST_CLASHES: usize = 8;

#[async_trait]
impl UsageCounts for MongoCatalog {
    async fn add_usage(&self, user: UserId, day: NaiveDate, model: &str, usage: &Usage) -> Result<(), CatalogError> {
        let addition = ObjectId::new();
        let key = doc! { "user_id": user.0, "day": day.to_string(), "model": model };
        let mut not_yet = key.clone();
        not_yet.insert("additions", doc! { "$ne": addition });
        let remember = doc! { "additions": { "$each": [addition], "$slice": -REMEMBERED } };
        let change = doc! { "$inc": increments(usage), "$push": remember };
        let collection = self.collection::<Document>(USAGE);
        let add = || async {
            match collection.update_one(not_yet.clone(), change.clone()).upsert(true).await {
                Ok(_) => Ok(true),
                // The document is there: it has this addition, or was made in this moment by another one.
                Err(error) if Failures::is_duplicate(&error) => {
                    let mut done = key.clone();
                    done.insert("additions", addition);
                    Ok(collection.count_documents(done).await? > 0)
                }
                Err(error) => Err(error),
            }
        };
        for _ in 0..MOST_CLASHES {
            if self.attempts.make(&add).await? {
                return Ok(());
            }
        }
        let reason = "others begin the same counter all the time".to_owned();
        Err(CatalogError::Failed { place: self.attempts.place(), reason })
    }

    async fn usage(
        &self,
        user: UserId,
        counters: Counters,
        days: RangeInclusive<NaiveDate>,
    ) -> Result<Vec<UsageEntry>, CatalogError> {
        let (first, last) = (days.start().to_string(), days.end().to_string());
        let counters = name(counters);
        let filter = doc! { "user_id": user.0, "day": { "$gte": first, "$lte": last }, counters: { "$exists": true } };
        let collection = self.collection::<Document>(USAGE);
        let find = || async {
            let found = collection.find(filter.clone()).sort(doc! { "day": 1, "model": 1 });
            let found: Vec<Document> = all(found.limit(MOST_LISTED.into()).await?).await?;
            found.iter().map(|document| entry(document, counters)).collect::<ServerResult<Vec<_>>>()
        };
        self.attempts.make(find).await
    }

    async fn clear_usage(&self, user: UserId) -> Result<(), CatalogError> {
        let collection = self.collection::<Document>(USAGE);
        let change = doc! { "$unset": { name(Counters::Shown): "" } };
        let clear = || async { collection.update_many(doc! { "user_id": user.0 }, change.clone()).await.map(drop) };
        self.attempts.make(clear).await
    }

    async fn delete_usage_before(&self, day: NaiveDate) -> Result<u64, CatalogError> {
        self.delete_matching(USAGE, &doc! { "day": { "$lt": day.to_string() } }).await
    }
}

fn name(counters: Counters) -> &'static str {
    match counters {
        Counters::Shown => "shown",
        Counters::Limits => "limits",
    }
}

/// Both sets of counters, as what they grow by.
fn increments(usage: &Usage) -> Document {
    let mut increments = Document::new();
    for counters in [Counters::Shown, Counters::Limits].map(name) {
        for (field, number) in numbers(usage) {
            increments.insert(format!("{counters}.{field}"), signed(number));
        }
    }
    increments
}

fn numbers(usage: &Usage) -> [(&'static str, u64); 10] {
    [
        ("messages", usage.messages),
        ("runs", usage.runs),
        ("run_millis", u64::try_from(usage.run_time.as_millis()).unwrap_or(u64::MAX)),
        ("input_tokens", usage.input_tokens),
        ("cached_tokens", usage.cached_tokens),
        ("output_tokens", usage.output_tokens),
        ("reasoning_tokens", usage.reasoning_tokens),
        ("cost_micro_usd", usage.cost_micro_usd),
        ("unpriced", usage.unpriced),
        ("estimated", usage.estimated),
    ]
}

fn entry(document: &Document, counters: &str) -> ServerResult<UsageEntry> {
    let wrong = |reason: String| std::io::Error::new(std::io::ErrorKind::InvalidData, reason);
    let text = |name| document.get_str(name).map_err(|error| wrong(error.to_string()));
    let counted = document.get_document(counters).map_err(|error| wrong(error.to_string()))?;
    let number = |name| counted.get_i64(name).map_or(0, unsigned);
    let usage = Usage {
        messages: number("messages"),
        runs: number("runs"),
        run_time: Duration::from_millis(number("run_millis")),
        input_tokens: number("input_tokens"),
        cached_tokens: number("cached_tokens"),
        output_tokens: number("output_tokens"),
        reasoning_tokens: number("reasoning_tokens"),
        cost_micro_usd: number("cost_micro_usd"),
        unpriced: number("unpriced"),
        // Documents of earlier versions have no such field.
        estimated: number("estimated"),
    };
    let day = text("day")?.parse().map_err(|_| wrong("a day is none".to_owned()))?;
    Ok(UsageEntry { day, model: text("model")?.to_owned(), usage })
}
