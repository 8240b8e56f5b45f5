//! What this program says to the zygote and to the mounter, and what they answer.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::super::{
    Limits,
    protections::{Layer, Network},
};

/// The number of a sandbox, from its preparation until nothing is left of it. Never used twice.
pub(crate) type Slot = u64;

/// The first packet to the zygote, with the mounter's socket.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Setup {
    /// The virtual environment.
    pub(crate) venv: PathBuf,
    /// Modules to import before the first sandbox is made.
    pub(crate) preload: Vec<String>,
    /// An empty folder of the host, to build the sandboxes' file system on.
    pub(crate) staging: PathBuf,
    /// How much a sandbox may take.
    pub(crate) limits: Limits,
    /// Whether sandboxes may connect outward.
    pub(crate) network: Network,
    /// What sandboxes are told of where names are looked up: a `resolv.conf`.
    pub(crate) resolver: String,
    /// Layers without which nothing starts.
    pub(crate) required: Vec<Layer>,
}

/// What the zygote is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ToZygote {
    /// Fork a sandbox. With it come its end of the conversation, what becomes its descriptors 1 and 2, and memory for
    /// text that it has not sent yet.
    Fork {
        /// Its number.
        slot: Slot,
    },
}

/// What the zygote says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum FromZygote {
    /// It is ready to fork.
    Hello {
        /// The full version of Python, such as `3.11.2`.
        version: String,
    },
    /// It cannot start, and has ended.
    Refused(Refusal),
    /// A sandbox was forked. With it come handles on its init and on its main process.
    Forked {
        /// Its number.
        slot: Slot,
    },
    /// A sandbox could not be forked.
    NotForked {
        /// Its number.
        slot: Slot,
        /// Why.
        reason: String,
    },
    /// A sandbox's main process has ended.
    Ended {
        /// Its number.
        slot: Slot,
        /// The signal that ended it, or 0.
        signal: i32,
    },
}

/// Why the zygote cannot start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Refusal {
    /// A module cannot be imported.
    Preload {
        /// The module.
        module: String,
        /// The exception's text.
        reason: String,
    },
    /// Python itself cannot start.
    Python(String),
    /// The machine does not give what sandboxes need.
    Sandbox(String),
}

/// What the mounter is asked; it answers each with a [`Mounted`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ToMounter {
    /// Make the folder of a sandbox that is about to be forked.
    Open {
        /// Its number.
        slot: Slot,
    },
    /// Show files and folders of the host to a sandbox, to read.
    Show {
        /// Its number.
        slot: Slot,
        /// Each with its name below the sandbox's `/mnt/in`.
        files: Vec<(PathBuf, PathBuf)>,
    },
    /// Take files away again that were shown below a folder.
    Hide {
        /// The sandbox's number.
        slot: Slot,
        /// The folder, below `/mnt/in`.
        below: PathBuf,
    },
    /// Take everything away again: the sandbox has ended.
    Close {
        /// Its number.
        slot: Slot,
    },
}

/// What the mounter answers: nothing, or why it could not.
pub(crate) type Mounted = Result<(), String>;
