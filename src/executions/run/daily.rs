//! How often a user's code may run in a day (U13).

use chrono::{DateTime, Days, NaiveTime, Utc};
use chrono_tz::Tz;

use super::super::{ExecutionError, Executions};
use crate::{
    catalog::{Counters, Usage, total},
    identifiers::UserId,
};

/// What needs no model is counted under no name.
const NO_MODEL: &str = "";

/// How often a user's code may run in a day, which begins at midnight UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DailyRuns {
    /// How many runs there are at most.
    pub most: u64,
    /// The clocks of the users.
    pub time_zone: Tz,
}

impl Executions {
    /// Lets the code of each user run only so often in a day.
    #[must_use]
    pub fn with_daily_runs(self, daily: Option<DailyRuns>) -> Self {
        Self { daily, ..self }
    }

    /// Counts a run that is about to begin, if there may be one more.
    pub(super) async fn count_run(&self, user: UserId, now: DateTime<Utc>) -> Result<(), ExecutionError> {
        let Some(DailyRuns { most, time_zone }) = self.daily else { return Ok(()) };
        let today = now.date_naive();
        let _held = self.locks.hold(user).await;
        let counted = self.catalog.usage(user, Counters::Limits, today..=today).await?;
        if total(&counted).runs >= most {
            let tomorrow = today.checked_add_days(Days::new(1)).unwrap_or(today);
            let until = tomorrow.and_time(NaiveTime::MIN).and_utc().with_timezone(&time_zone);
            return Err(ExecutionError::DailyRuns { most, until });
        }
        let one = Usage { runs: 1, ..Usage::default() };
        Ok(self.catalog.add_usage(user, today, NO_MODEL, &one).await?)
    }
}
