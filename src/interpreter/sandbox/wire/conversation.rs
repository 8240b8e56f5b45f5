//! What a worker and its sandbox say to each other.

use std::{collections::BTreeMap, path::PathBuf};

use serde::{Deserialize, Serialize};

use super::super::{super::python::CodeEnd, protections::LayerReport};
use crate::interpreter::{Display, FailedPackage};

/// The longest message of a sandbox, in bytes: a displayed value of 10 MB fits.
pub(crate) const LONGEST_FROM_GUEST: usize = 16 * 1024 * 1024;
/// The longest message to a sandbox: code and standard input.
pub(crate) const LONGEST_TO_GUEST: usize = 1024 * 1024 * 1024;

/// What a sandbox is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum ToGuest {
    /// Run this.
    Run(Order),
    /// An installation that was asked for has ended: the imports that stay missing.
    Installed(BTreeMap<String, FailedPackage>),
}

/// Code to run, with what it is given.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    /// The source text.
    pub(crate) code: String,
    /// What the source is called in tracebacks.
    pub(crate) file_name: String,
    /// What follows the script's name in `sys.argv`.
    pub(crate) args: Vec<String>,
    /// What `input()` reads.
    pub(crate) stdin: Option<String>,
    /// The files the code may open, oldest first.
    pub(crate) inputs: Vec<OrderedInput>,
    /// Whether the code's variables are for a next run.
    pub(crate) is_kept: bool,
}

/// A file the code may open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OrderedInput {
    /// The id code asks for.
    pub(crate) id: String,
    /// Its cleaned name.
    pub(crate) name: String,
    /// Where the code finds it, below `/mnt/data`.
    pub(crate) path: PathBuf,
    /// Where its bytes are, below `/mnt/in`.
    pub(crate) original: PathBuf,
}

/// What a sandbox says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum FromGuest {
    /// Its folder is there; a handle on it comes along. The first message, before any code can run.
    Prepared,
    /// The kernel will ask whether it may connect; where, comes along. The second message, with the network on.
    Asks,
    /// It is locked and waits for code. The last message before it does.
    Ready(Vec<LayerReport>),
    /// Code wrote something. Writer 0 is the main thread.
    Wrote {
        /// 1 is standard output, 2 standard error.
        stream: u8,
        /// The number of the thread.
        writer: u64,
        /// What it wrote.
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
    },
    /// A thread has ended, and what it has begun is to be shown.
    Flush {
        /// The number of the thread.
        writer: u64,
    },
    /// The code showed a value.
    Display(Display),
    /// A sentence for the user.
    Note(String),
    /// Packages behind these imports are missing; it waits.
    Install(Vec<String>),
    /// The code has ended.
    Ended(CodeEnd),
}
