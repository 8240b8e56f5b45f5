use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};

/// The real time, moved on at will.
#[derive(Default)]
pub(crate) struct Clock {
    ahead: Mutex<TimeDelta>,
    /// When it was stopped.
    stopped: Mutex<Option<DateTime<Utc>>>,
}

impl Clock {
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.stopped.lock().unwrap().unwrap_or_else(Utc::now) + *self.ahead.lock().unwrap()
    }

    /// Only [`Clock::move_on`] moves it from now on.
    pub(crate) fn stop(&self) {
        self.stopped.lock().unwrap().get_or_insert_with(Utc::now);
    }

    pub(crate) fn move_on(&self, by: TimeDelta) {
        *self.ahead.lock().unwrap() += by;
    }
}
