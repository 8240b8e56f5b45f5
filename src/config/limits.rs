//! Settings that bound what a run may use up.

use std::{ops::RangeInclusive, time::Duration};

use super::{
    reader::{Reader, Reported},
    setting::{
        CODE_EXECUTION_TIMEOUT, DAILY_RUNS, MAX_FILE_SIZE_MB, MAX_OUTPUT_KB, MAX_RUNS_PER_USER, MAX_WORKSPACE_MB,
        MEMORY_LIMIT_MB,
    },
};
use crate::interpreter::sandbox;

/// The longest time a single run may ask for (X10).
pub const MAX_TIMEOUT: Duration = Duration::from_secs(300);

/// What may be given for a time limit, as the end of the sentence "it must be …".
pub const TIMEOUT_ALLOWED: &str = CODE_EXECUTION_TIMEOUT.allowed;

const KB: u64 = 1024;
const MB: u64 = 1024 * KB;
const MAX_KB: u64 = 10_240;
const MAX_MB: u64 = 1_048_576;
/// With less memory not even pandas can be used.
const LEAST_MEMORY_MB: u64 = 16;
const RUN_COUNTS: RangeInclusive<usize> = 1..=256;

/// What a run may use up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// `CODE_EXECUTION_TIMEOUT`: how long code runs where a run does not say otherwise.
    pub timeout: Duration,
    /// `MEMORY_LIMIT_MB`, in bytes: how much memory a run may take in a sandbox.
    pub memory_bytes: u64,
    /// `MAX_OUTPUT_KB`, in bytes: how much output is shown.
    pub output_bytes: usize,
    /// `MAX_WORKSPACE_MB`, in bytes: how much the files of one run take together.
    pub workspace_bytes: u64,
    /// `MAX_FILE_SIZE_MB`, in bytes: how large a file given to a run may be.
    pub file_bytes: u64,
    /// `MAX_RUNS_PER_USER`: how many runs of one user go on at a time.
    pub runs_per_user: usize,
    /// `DAILY_RUNS`: how many runs a user may have in a day; `None` is any number.
    pub daily_runs: Option<u64>,
}

impl Limits {
    pub(super) fn read<L: Fn(&str) -> Option<String>>(reader: &mut Reader<L>) -> Result<Self, Reported> {
        let timeout = reader.read(&CODE_EXECUTION_TIMEOUT, parse_timeout);
        let memory_bytes = read_memory(reader);
        let output_bytes = reader.read(&MAX_OUTPUT_KB, |text| size(text, KB, MAX_KB)?.try_into().ok());
        let workspace_bytes = reader.read(&MAX_WORKSPACE_MB, |text| size(text, MB, MAX_MB));
        let file_bytes = reader.read(&MAX_FILE_SIZE_MB, |text| size(text, MB, MAX_MB));
        let runs_per_user =
            reader.read(&MAX_RUNS_PER_USER, |text| text.parse().ok().filter(|n| RUN_COUNTS.contains(n)));
        let daily_runs = reader.read_optional(&DAILY_RUNS, |text| text.parse().ok().filter(|count| *count > 0));
        Ok(Self {
            timeout: timeout?,
            memory_bytes: memory_bytes?,
            output_bytes: output_bytes?,
            workspace_bytes: workspace_bytes?,
            file_bytes: file_bytes?,
            runs_per_user: runs_per_user?,
            daily_runs: daily_runs?,
        })
    }
}

/// A time limit in seconds, fractions allowed: above 0 and at most [`MAX_TIMEOUT`]; `None` for anything else.
///
/// ```
/// use std::time::Duration;
/// use taipan::config::parse_timeout;
///
/// assert_eq!(parse_timeout("0.5"), Some(Duration::from_millis(500)));
/// assert_eq!(parse_timeout("0"), None);
/// assert_eq!(parse_timeout("300.1"), None);
/// assert_eq!(parse_timeout("NaN"), None);
/// ```
#[must_use]
pub fn parse_timeout(text: &str) -> Option<Duration> {
    let seconds = text.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok().filter(|timeout| !timeout.is_zero() && *timeout <= MAX_TIMEOUT)
}

/// A limit that somebody set must lie within this machine; the default gives way on a small one.
fn read_memory<L: Fn(&str) -> Option<String>>(reader: &mut Reader<L>) -> Result<u64, Reported> {
    let machine = sandbox::machine_memory();
    let enough = |text: &str| size(text, MB, MAX_MB).filter(|bytes| *bytes >= LEAST_MEMORY_MB * MB);
    let bytes = reader.read(&MEMORY_LIMIT_MB, enough)?;
    if bytes > machine && reader.is_given(&MEMORY_LIMIT_MB) {
        let allowed = format!("{} ({} MB)", MEMORY_LIMIT_MB.allowed, machine / MB);
        return Err(reader.refuse(&MEMORY_LIMIT_MB, allowed));
    }
    Ok(bytes.min(machine))
}

/// A whole number of units from 1 to `most`, in bytes.
fn size(text: &str, unit: u64, most: u64) -> Option<u64> {
    text.parse().ok().filter(|count| (1..=most).contains(count)).map(|count: u64| count * unit)
}
