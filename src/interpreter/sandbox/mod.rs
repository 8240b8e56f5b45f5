//! The sandbox: the same interpreter for code that nobody trusts.
//!
//! - `network`: connecting outward, where that is allowed, and nowhere else.

#![expect(dead_code, reason = "nothing starts sandboxes yet")]

mod network;
