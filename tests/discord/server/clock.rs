use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};

/// The real time, moved on at will.
#[derive(Default)]
pub(crate) struct Clock {
    ahead: Mutex<TimeDelta>,
}

impl Clock {
    pub(crate) fn now(&self) -> DateTime<Utc> {
        Utc::now() + *self.ahead.lock().unwrap()
    }

    pub(crate) fn move_on(&self, by: TimeDelta) {
        *self.ahead.lock().unwrap() += by;
    }
}
