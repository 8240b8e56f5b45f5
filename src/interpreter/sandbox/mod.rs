//! Running code in a confined process of its own.
//!
//! ```text
//! this program ── zygote ─┬─ sandbox      one for each run, or for each session
//!      │            ▲     ├─ sandbox      copies of the zygote: Python and packages are there already
//!      └─ mounter ──┘     └─ sandbox
//! ```
//!
//! # Layout
//!
//! - `host`: this program's side: keeping sandboxes ready, and driving a run in one.
//! - `zygote`: the process that sandboxes are copies of, and the mounter that shows them files.
//! - `guest`: the inside of a sandbox.
//! - `protections`: what confines it, one file for each layer.
//! - `wire`: what these processes say to each other.
//! - `network`: connections outward, made by this program for a sandbox.
//! - `mounting`, `limits`: what several of them need.

mod guest;
mod host;
mod limits;
mod mounting;
mod network;
mod protections;
mod wire;
mod zygote;

#[cfg(test)]
mod tests;

use std::{
    env,
    sync::atomic::{AtomicBool, Ordering},
};

/// What the fuzz targets begin with.
#[cfg(fuzzing)]
pub(super) mod fuzzed {
    pub(crate) use super::{
        host::{Heard, Hearing, Written},
        wire::{
            conversation::{FromGuest, LONGEST_FROM_GUEST},
            frames::{Decoder, encode},
            held_text::Window,
        },
    };
}

#[cfg(feature = "bot")]
pub(crate) use self::limits::most_memory;
pub(crate) use self::{
    host::{Sandbox, SandboxSettings, Sandboxes},
    limits::{Limits, machine_memory},
};
#[cfg(feature = "bot")]
pub use protections::environment::forget_variables;
pub use protections::{Layer, Network, UnknownLayer};

/// The argument with which a program becomes its own zygote.
const ZYGOTE_ARGUMENT: &str = "--taipan-zygote";

/// Whether this program calls [`init`].
static IS_PREPARED: AtomicBool = AtomicBool::new(false);

/// Lets this program be its own sandbox: call it first thing in `main`, before any thread is started.
///
/// Isolation [`Process`](super::Isolation::Process) starts this executable a second time, as the process that
/// sandboxes are copies of; there this function does not return. Everywhere else it returns at once.
///
/// ```no_run
/// // The first line of `main`:
/// taipan::sandbox::init();
/// ```
pub fn init() {
    if env::args_os().nth(1).is_some_and(|argument| argument == ZYGOTE_ARGUMENT) {
        zygote::run();
    }
    IS_PREPARED.store(true, Ordering::Relaxed);
}

/// Whether this program can be its own zygote.
pub(crate) fn is_prepared() -> bool {
    IS_PREPARED.load(Ordering::Relaxed)
}
