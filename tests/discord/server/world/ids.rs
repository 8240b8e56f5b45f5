use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};

/// The first second of 2015, from which Discord counts.
const EPOCH: i64 = 1_420_070_400_000;

/// A snowflake; a text where it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Id(pub(crate) u64);

impl Id {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Hands out ids that grow with time.
#[derive(Default)]
pub(crate) struct Ids {
    last: u64,
}

impl Ids {
    pub(crate) fn next(&mut self, now: DateTime<Utc>) -> Id {
        let time = u64::try_from(now.timestamp_millis() - EPOCH).unwrap() << 22;
        self.last = time.max(self.last + 1);
        Id(self.last)
    }
}
