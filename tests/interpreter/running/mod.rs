//! What a run prints, raises and leaves when it is stopped.

mod crashing;
pub(crate) mod exceptions;
mod leftovers;
mod libraries;
mod network;
mod output;
mod sessions;
pub(crate) mod stopping;
