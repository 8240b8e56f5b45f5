//! Sizes and times as people read them.

use std::{fmt, time::Duration};

const KB: f64 = 1024.0;
const MB: f64 = KB * 1024.0;

/// A number of bytes: `512 B`, `1.5 KB`, `20.0 MB`; 1 KB is 1024 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ByteSize(pub(crate) u64);

impl fmt::Display for ByteSize {
    #[expect(clippy::cast_precision_loss, reason = "one decimal of a size needs no more than 52 bits")]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.0 as f64;
        // 1023.95 KB would be rounded to "1024.0 KB".
        let text = if bytes < KB {
            format!("{} B", self.0)
        } else if bytes < MB - KB / 20.0 {
            format!("{:.1} KB", bytes / KB)
        } else {
            format!("{:.1} MB", bytes / MB)
        };
        formatter.pad(&text)
    }
}

/// A time in seconds with two decimals: `0.25 s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seconds(pub(crate) Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:.2} s", self.0.as_secs_f64())
    }
}

/// `1 file`, `3 files`: a number with its noun.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_one_decimal_and_1024_bytes_are_a_kb() {
        let shown = |bytes| ByteSize(bytes).to_string();
        assert_eq!(shown(0), "0 B");
        assert_eq!(shown(1023), "1023 B");
        assert_eq!(shown(1024), "1.0 KB");
        assert_eq!(shown(1536), "1.5 KB");
        assert_eq!(shown(1024 * 1024 - 1), "1.0 MB");
        assert_eq!(shown(52_428_800), "50.0 MB");
    }

    #[test]
    fn seconds_have_two_decimals() {
        assert_eq!(Seconds(Duration::from_millis(1234)).to_string(), "1.23 s");
    }

    #[test]
    fn one_thing_is_singular_and_all_else_is_plural() {
        assert_eq!(counted(1, "file"), "1 file");
        assert_eq!(counted(0, "file"), "0 files");
        assert_eq!(counted(2, "file"), "2 files");
    }
}
