//! The assistant: a person asks in words, a model answers, and writes Python where that helps (A1).
//!
//! - [`model`]: the one door to language models, over any endpoint that speaks as OpenAI's do.
//! - [`tokens`]: how much a conversation takes up, and what it costs.

pub mod model;
pub mod tokens;
