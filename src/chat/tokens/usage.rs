//! What an answer took, as the endpoint counts.

use std::ops::Add;

use serde::{Deserialize, Serialize};

/// Tokens by how they are paid. Parts of a sum are told apart, not added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// What was sent.
    pub input: u64,
    /// How much of `input` the endpoint knew already, which is cheaper.
    pub cached_input: u64,
    /// What was answered.
    pub output: u64,
    /// How much of `output` went into reasoning that nobody sees.
    pub reasoning: u64,
}

impl Usage {
    /// All tokens.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.input.saturating_add(self.output)
    }
}

impl Add for Usage {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            input: self.input.saturating_add(other.input),
            cached_input: self.cached_input.saturating_add(other.cached_input),
            output: self.output.saturating_add(other.output),
            reasoning: self.reasoning.saturating_add(other.reasoning),
        }
    }
}
