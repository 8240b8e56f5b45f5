//! What happens while a run goes on.

use serde::{Deserialize, Serialize};

use super::outcome::{Display, FailedPackage};
use crate::formats::Kind;

/// Something that happened in a run, in the order in which it happened.
///
/// Events are for showing progress. What a run came to is its [`Outcome`](super::Outcome), which repeats
/// everything that matters, so that nobody has to add events up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// The run waits for a worker; `place` counts from 1.
    Queued {
        /// How many requests are served before this one, itself included.
        place: usize,
    },
    /// A worker has taken the run and its code starts.
    Started,
    /// Text the code wrote to standard output. Adjacent writes are merged.
    Stdout {
        /// What was written.
        text: String,
    },
    /// Text the code wrote to standard error.
    Stderr {
        /// What was written.
        text: String,
    },
    /// The shown output is full: what follows goes to the file `output.txt`.
    OutputFull,
    /// The code showed a value with `display()`.
    Display(Display),
    /// A file was written. Its size may still grow; the outcome has the last word.
    File(FileSeen),
    /// Packages the code imports are being installed.
    Installing {
        /// Names in the package index.
        packages: Vec<String>,
    },
    /// An installation has ended.
    Installed {
        /// What is there now, as `name==version`.
        packages: Vec<String>,
        /// What could not be had, with reasons.
        failed: Vec<FailedPackage>,
    },
}

/// A file as it was seen while its run went on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FileSeen {
    /// Path relative to the run's folder, with `/` between its parts.
    pub name: String,
    /// What sort of file it is, judged by its name.
    pub kind: Kind,
    /// Its size in bytes at that moment.
    pub size: u64,
}
