//! What users used up, by model and day (A6, U13).

use std::{
    collections::BTreeMap,
    ops::{AddAssign, RangeInclusive},
    time::Duration,
};

use async_trait::async_trait;
use chrono::NaiveDate;

use super::CatalogError;
use crate::identifiers::UserId;

/// Something used up; it adds up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Messages that were answered.
    pub messages: u64,
    /// Runs of code.
    pub runs: u64,
    /// How long they ran; kept in milliseconds.
    pub run_time: Duration,
    /// Tokens the model was given, those from its cache included.
    pub input_tokens: u64,
    /// Those of them that came from the model's cache.
    pub cached_tokens: u64,
    /// Tokens the model wrote, those of its reasoning included.
    pub output_tokens: u64,
    /// Those of them that were reasoning.
    pub reasoning_tokens: u64,
    /// What it cost as far as prices are known, in millionths of a US dollar.
    pub cost_micro_usd: u64,
    /// Answers whose price is not known.
    pub unpriced: u64,
    /// Answers whose tokens were counted here, since the endpoint did not say: these, and what they cost, are estimates.
    pub estimated: u64,
}

impl Usage {
    /// What it cost, in millionths of a US dollar; `None` when the price of some of it is not known.
    #[must_use]
    pub fn cost(&self) -> Option<u64> {
        (self.unpriced == 0).then_some(self.cost_micro_usd)
    }

    /// Whether some of it is an estimate.
    #[must_use]
    pub fn is_estimate(&self) -> bool {
        self.estimated > 0
    }
}

impl AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        self.messages += other.messages;
        self.runs += other.runs;
        self.run_time += other.run_time;
        self.input_tokens += other.input_tokens;
        self.cached_tokens += other.cached_tokens;
        self.output_tokens += other.output_tokens;
        self.reasoning_tokens += other.reasoning_tokens;
        self.cost_micro_usd += other.cost_micro_usd;
        self.unpriced += other.unpriced;
        self.estimated += other.estimated;
    }
}

/// What a user used up of one model on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageEntry {
    /// The day, in UTC.
    pub day: NaiveDate,
    /// The model; empty for what needed none.
    pub model: String,
    /// How much.
    pub usage: Usage,
}

/// Usage is counted twice, since what a user may clear must not free him of his limits (U9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counters {
    /// What a user is shown, and may clear.
    Shown,
    /// What his daily limits are held against.
    Limits,
}

/// All entries together.
#[must_use]
pub fn total(entries: &[UsageEntry]) -> Usage {
    entries.iter().fold(Usage::default(), |mut sum, entry| {
        sum += entry.usage;
        sum
    })
}

/// The entries of each model together.
#[must_use]
pub fn by_model(entries: &[UsageEntry]) -> BTreeMap<String, Usage> {
    let mut sums = BTreeMap::<_, Usage>::new();
    for entry in entries {
        *sums.entry(entry.model.clone()).or_default() += entry.usage;
    }
    sums
}

/// The entries of each day together.
#[must_use]
pub fn by_day(entries: &[UsageEntry]) -> BTreeMap<NaiveDate, Usage> {
    let mut sums = BTreeMap::<_, Usage>::new();
    for entry in entries {
        *sums.entry(entry.day).or_default() += entry.usage;
    }
    sums
}

/// The counters of usage.
///
/// # Errors
/// Every method fails when the catalog does not answer, or answers with what it should not hold.
#[async_trait]
pub trait UsageCounts: Send + Sync {
    /// Counts something that a user used up: all of it, once, or nothing.
    async fn add_usage(&self, user: UserId, day: NaiveDate, model: &str, usage: &Usage) -> Result<(), CatalogError>;

    /// What a user used up on these days, by day and model; at most [`MOST_LISTED`](super::MOST_LISTED) entries.
    async fn usage(
        &self,
        user: UserId,
        counters: Counters,
        days: RangeInclusive<NaiveDate>,
    ) -> Result<Vec<UsageEntry>, CatalogError>;

    /// Clears what a user is shown. What his limits are held against stays.
    async fn clear_usage(&self, user: UserId) -> Result<(), CatalogError>;

    /// Forgets what was used before a day, and says how many entries that were.
    async fn delete_usage_before(&self, day: NaiveDate) -> Result<u64, CatalogError>;
}
