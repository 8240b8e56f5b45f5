use std::{sync::Mutex, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use taipan::executions::Clock;

/// A clock that stands still at 2026-11-21 12:00 UTC but for its pauses, which take no time.
#[derive(Default)]
pub(crate) struct TestClock {
    slept: Mutex<Vec<Duration>>,
}

impl TestClock {
    /// The pauses so far, in seconds.
    pub(crate) fn pauses(&self) -> Vec<f64> {
        self.slept.lock().unwrap().iter().map(Duration::as_secs_f64).collect()
    }
}

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        let start: DateTime<Utc> = "2026-11-21T12:00:00Z".parse().unwrap();
        start + self.slept.lock().unwrap().iter().sum::<Duration>()
    }

    async fn sleep(&self, pause: Duration) {
        self.slept.lock().unwrap().push(pause);
    }
}
