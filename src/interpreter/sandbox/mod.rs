//! Running code in a confined process of its own.

#[cfg_attr(not(test), expect(dead_code, reason = "the processes that lock themselves in are the next step"))]
mod protections;
#[cfg(test)]
mod tests;

pub use protections::{Layer, Network, UnknownLayer};
