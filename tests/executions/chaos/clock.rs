//! A clock that jumps.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use taipan::executions::Clock;

/// The machine's clock, set forward or back by some seconds.
#[derive(Default)]
pub(super) struct JumpingClock(AtomicI64);

impl JumpingClock {
    pub(super) fn ahead(time: TimeDelta) -> Self {
        Self(AtomicI64::new(time.num_seconds()))
    }

    pub(super) fn jump_to(&self, seconds: i64) {
        self.0.store(seconds, Ordering::Relaxed);
    }
}

#[async_trait]
impl Clock for JumpingClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now() + TimeDelta::seconds(self.0.load(Ordering::Relaxed))
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
