//! How many files a user may have, how large, and for how long.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

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
