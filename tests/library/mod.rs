//! What Rust programs see of Taipan.

mod documents;
mod outside_crate;
mod start_errors;
mod surface;
