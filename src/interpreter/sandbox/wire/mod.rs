//! What the processes of a sandbox say to each other.
//!
//! - [`frames`]: messages on a stream, each with its length in front; for a sandbox and its worker.
//! - [`packets`]: messages with descriptors, one packet each; for the zygote and its mounter.
//! - [`control`]: what this program, the zygote and the mounter say.
//! - [`conversation`]: what a worker and its sandbox say.
//! - [`held_text`]: text that was not sent yet, for the worker to see.
//!
//! Whatever comes from a sandbox may have been written by an attacker. Nothing here trusts a length, a text or an
//! order; no message refers to itself, so none can be deeper than its type.

pub(super) mod control;
pub(super) mod conversation;
pub(super) mod frames;
pub(super) mod held_text;
pub(super) mod packets;
