//! The pages people read say what is true.
//!
//! - `readme`: what README.md tells people to type.
//! - `names`: what any page names is there.

pub(crate) mod markdown;
mod names;
mod readme;
