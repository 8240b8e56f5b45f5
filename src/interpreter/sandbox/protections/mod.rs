//! What keeps code in a sandbox from the machine: independent layers, each in a file of its own.
//!
//! A freshly forked process with a single thread locks itself in by calling them in this order, since some need what
//! later ones take away:
//!
//! 1. `namespaces` (made elsewhere): then `resource_limits::apply`, whose count of threads is kept for each user
//!    namespace.
//! 2. `capabilities::drop_all`, after the ids of the user namespace are mapped: afterwards `/proc/self` belongs to
//!    nobody.
//! 3. `descriptors::close_all_but`. The environment was empty from the start.
//! 4. `landlock::restrict`, then `seccomp::Filters::apply`, which refuses Landlock's calls too.
//! 5. `resource_limits::limit_growth`, last of all: it counts from what the process has at that moment.
//!
//! Each has a `verify` that tries something harmless which it must stop.

mod call_arguments;
pub(crate) mod capabilities;
mod decision_tree;
pub(crate) mod descriptors;
pub(crate) mod environment;
pub(crate) mod landlock;
mod layer;
pub(crate) mod memory;
pub(crate) mod namespaces;
pub(crate) mod resource_limits;
pub(crate) mod seccomp;
pub(crate) mod system_calls;

pub(crate) use layer::LayerReport;
pub use layer::{Layer, UnknownLayer};

use serde::{Deserialize, Serialize};

/// Whether code may reach the network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Network {
    /// No network in any form.
    #[default]
    Off,
    /// Connections outward, over TCP and UDP.
    On,
}
