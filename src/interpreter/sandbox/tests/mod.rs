//! What each layer of a sandbox stops, on its own.
//!
//! Every test locks a process of its own in, shows that something worked before, and that it does not any more.

#![expect(clippy::disallowed_methods, reason = "a process that a test starts is told so by its environment")]

mod clean_slate;
mod landlock;
mod limits;
mod names;
mod own_child;
mod seccomp;

#[path = "../../../../tests/own_process.rs"]
#[expect(dead_code, reason = "tests of the whole library use the rest")]
mod own_process;
