//! How many files a user may have, how large, and for how long; and how many runs in a day.

use std::time::Duration;

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use thiserror::Error;

/// What holds for the files of each user, uploaded and generated ones alike (S2, S9, S10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileLimits {
    /// `FILE_EXPIRATION_HOURS`: how long a file lives; `None` is for ever.
    pub expiration: Option<Duration>,
    /// `MAX_FILES_PER_USER`: how many files a user has at most; at least 1.
    pub max_files_per_user: usize,
    /// `MAX_FILE_SIZE_MB`, in bytes: how large a file may be.
    pub max_file_bytes: u64,
}

impl Default for FileLimits {
    fn default() -> Self {
        Self {
            expiration: Some(Duration::from_secs(48 * 3600)),
            max_files_per_user: 20,
            max_file_bytes: 50 * 1024 * 1024,
        }
    }
}

impl FileLimits {
    /// When a file ends that is saved now; `None` is never, also for what no calendar reaches.
    pub(super) fn end_of_file(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        now.checked_add_signed(TimeDelta::from_std(self.expiration?).ok()?)
    }
}

/// How many runs each user may have in a day, which begins at midnight UTC (U13).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DailyRuns {
    /// `DAILY_RUNS`: how many; `None` is without a limit. Runs count that have ended or go on, however they end.
    pub most: Option<u64>,
    /// `TIMEZONE`: the clocks of the users, by which they are told when the limit ends.
    pub time_zone: Tz,
}

/// A user has used up what he may in a day.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("You have reached the limit of {limit} a day. It ends at {}.", .until.format("%Y-%m-%d %H:%M %Z"))]
pub struct LimitReached {
    /// Which limit, such as `20 runs`.
    pub limit: String,
    /// When it ends, as the clocks of the users show it.
    pub until: DateTime<Tz>,
}

impl LimitReached {
    /// A limit that ends with the day.
    pub(crate) fn today(limit: String, now: DateTime<Utc>, time_zone: Tz) -> Self {
        Self { limit, until: midnight_after(now).with_timezone(&time_zone) }
    }
}

fn midnight_after(now: DateTime<Utc>) -> DateTime<Utc> {
    let tomorrow = now.date_naive().checked_add_days(Days::new(1)).unwrap_or(now.date_naive());
    tomorrow.and_time(NaiveTime::MIN).and_utc()
}
