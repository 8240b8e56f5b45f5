//! What time it is, for every part that has to know; handed in, so that tests need not wait.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

/// Something that knows the time; tests bring one of their own.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The present.
    fn now(&self) -> DateTime<Utc>;

    /// Lets time pass; dropping the future ends that.
    async fn sleep(&self, duration: Duration);
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
