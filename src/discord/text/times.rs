//! Times as Discord shows them, in each reader's own time zone.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// A day and a time.
pub(in crate::discord) fn at(time: DateTime<Utc>) -> String {
    format!("<t:{}:f>", time.timestamp())
}

/// How long ago, or until when.
pub(in crate::discord) fn relative(time: DateTime<Utc>) -> String {
    format!("<t:{}:R>", time.timestamp())
}

/// Hours without needless decimals: `48`, `0.1`.
pub(in crate::discord) fn hours(time: Duration) -> String {
    let tenths = (time.as_secs_f64() / 360.0).round() / 10.0;
    format!("{tenths}")
}

/// Seconds with two decimals.
pub(in crate::discord) fn seconds(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_have_no_needless_decimals() {
        let shown = |seconds| hours(Duration::from_secs(seconds));
        assert_eq!([shown(48 * 3600), shown(360), shown(5400)], ["48", "0.1", "1.5"]);
    }
}
