//! Counting a user's runs, which are limited for each day (U13).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, NaiveDate, Utc};

use super::super::{DailyRuns, ExecutionError, Executions, LimitReached};
use crate::{
    catalog::{Counters, Usage, total},
    identifiers::UserId,
};

/// Under which model the catalog counts what needs none.
const NO_MODEL: &str = "";

/// How many runs there may be, and those that go on and so are not in the catalog yet.
#[derive(Debug, Default)]
pub(in crate::executions) struct RunCounter {
    limit: DailyRuns,
    going: Mutex<HashMap<(UserId, NaiveDate), u64>>,
}

/// A run that counts while it goes on; dropping it says that it has ended.
#[derive(Debug)]
pub(super) struct Counted {
    counter: Arc<RunCounter>,
    user: UserId,
    day: NaiveDate,
}

impl RunCounter {
    pub(in crate::executions) fn new(limit: DailyRuns) -> Self {
        Self { limit, going: Mutex::default() }
    }

    fn going(&self, user: UserId, day: NaiveDate) -> u64 {
        let going = self.going.lock().unwrap_or_else(PoisonError::into_inner);
        going.get(&(user, day)).copied().unwrap_or_default()
    }

    fn begin(self: &Arc<Self>, user: UserId, day: NaiveDate) -> Counted {
        let mut going = self.going.lock().unwrap_or_else(PoisonError::into_inner);
        *going.entry((user, day)).or_default() += 1;
        Counted { counter: Arc::clone(self), user, day }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut going = self.counter.going.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (self.user, self.day);
        let Some(count) = going.get_mut(&key) else { return };
        *count -= 1;
        if *count == 0 {
            going.remove(&key);
        }
    }
}

impl Executions {
    /// Counts a run that is about to begin, unless the user has had as many as he may. Runs of one user are counted one
    /// after another, so that none slips through; those that go on in other programs count once they have ended.
    pub(super) async fn count(&self, user: UserId, now: DateTime<Utc>) -> Result<Counted, ExecutionError> {
        let today = now.date_naive();
        let DailyRuns { most, time_zone } = self.counter.limit;
        let _held = self.locks.hold(user).await;
        if let Some(most) = most {
            let ended = total(&self.catalog.usage(user, Counters::Limits, today..=today).await?).runs;
            if ended.saturating_add(self.counter.going(user, today)) >= most {
                let limit = format!("{most} {}", if most == 1 { "run" } else { "runs" });
                return Err(LimitReached::today(limit, now, time_zone).into());
            }
        }
        Ok(self.counter.begin(user, today))
    }

    /// Writes down that a run has ended, for the day on which it began. Where that cannot be done, its answer is worth
    /// more than its count.
    pub(super) async fn count_ended(&self, counted: Counted, run_time: Duration) {
        let usage = Usage { runs: 1, run_time, ..Usage::default() };
        let _held = self.locks.hold(counted.user).await;
        if let Err(error) = self.catalog.add_usage(counted.user, counted.day, NO_MODEL, &usage).await {
            tracing::error!(user = %counted.user, %error, "a run was not counted");
        }
        // Before others look: it would count twice.
        drop(counted);
    }
}
