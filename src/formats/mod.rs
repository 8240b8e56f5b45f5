//! The one table of file types: names, kinds, emoji, extensions and magic bytes.

mod kind;

pub use kind::Kind;
