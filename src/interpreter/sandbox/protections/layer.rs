//! The layers by name, and what is told of each.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// One of the protections that keep code in a sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Layer {
    /// Users, processes, mounts, network, shared memory and host name of its own.
    Namespaces,
    /// The kernel's own rules of which files may be opened, whoever asks.
    Landlock,
    /// A list of the system calls that may be made.
    Seccomp,
    /// Upper bounds for threads, descriptors, files, stack and memory.
    #[serde(rename = "rlimits")]
    ResourceLimits,
    /// An environment that holds nothing of the program's.
    Environment,
    /// No descriptor but those that belong to the sandbox.
    Descriptors,
    /// A watch of the memory in use, from outside.
    Memory,
    /// A folder to work in with a size of its own.
    Workspace,
}

impl Layer {
    /// All layers, in the order in which they are shown.
    pub const ALL: [Self; 8] = [
        Self::Namespaces,
        Self::Landlock,
        Self::Seccomp,
        Self::ResourceLimits,
        Self::Environment,
        Self::Descriptors,
        Self::Memory,
        Self::Workspace,
    ];

    /// The name by which settings and messages call it.
    ///
    /// ```
    /// use taipan::interpreter::Layer;
    ///
    /// assert_eq!(Layer::ResourceLimits.name(), "rlimits");
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Namespaces => "namespaces",
            Self::Landlock => "landlock",
            Self::Seccomp => "seccomp",
            Self::ResourceLimits => "rlimits",
            Self::Environment => "environment",
            Self::Descriptors => "descriptors",
            Self::Memory => "memory",
            Self::Workspace => "workspace",
        }
    }

    /// What it stops, in a clause.
    #[must_use]
    pub fn stops(self) -> &'static str {
        match self {
            Self::Namespaces => "seeing or signalling other processes, and seeing the host's files, users and network",
            Self::Landlock => "opening files outside of what a run may read and write, and executing any",
            Self::Seccomp => "starting programs and processes, opening sockets, and the kernel's rarely used calls",
            Self::ResourceLimits => {
                "floods of threads, descriptors and huge files, core dumps, and sudden growth of memory"
            }
            Self::Environment => "reading the program's settings, keys and tokens from the environment",
            Self::Descriptors => "using files and connections that the program has open",
            Self::Memory => "filling the machine's memory, shared memory included",
            Self::Workspace => "filling the disk with files, or with their number",
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for Layer {
    type Err = UnknownLayer;

    /// By its name; letter case and space around it do not matter.
    fn from_str(text: &str) -> Result<Self, UnknownLayer> {
        let name = text.trim().to_lowercase();
        let found = Self::ALL.into_iter().find(|layer| layer.name() == name);
        found.ok_or_else(|| UnknownLayer { name: text.trim().to_owned() })
    }
}

/// A name that no layer has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is not a layer of protection; there are {}.", Layer::ALL.map(Layer::name).join(", "))]
pub struct UnknownLayer {
    name: String,
}

/// Whether a layer is in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LayerReport {
    /// The layer.
    pub(crate) layer: Layer,
    /// Why it is not in force, and what to allow so that it is.
    pub(crate) missing: Option<String>,
}

impl LayerReport {
    /// Of an attempt to put a layer in force, or to get past it.
    pub(crate) fn new(layer: Layer, attempt: Result<(), String>) -> Self {
        Self { layer, missing: attempt.err() }
    }
}
