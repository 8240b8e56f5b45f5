//! What is known of an endpoint before it is asked.

use std::{fmt, time::Duration};

use super::Address;

/// How often a question is repeated that failed for a reason that passes.
pub const RETRIES: usize = 3;
/// The longest pause before a repeat. An endpoint that asks for a longer one is not asked again; the error says when.
pub const LONGEST_RETRY_PAUSE: Duration = Duration::from_secs(30);

/// An endpoint: where it is, how it is paid, and how long it may take.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// `OPENAI_BASE_URL`.
    pub address: Address,
    /// `OPENAI_API_KEY`; local servers need none.
    pub key: Option<Secret>,
    /// How long to wait for it.
    pub timeouts: Timeouts,
}

impl Endpoint {
    /// An endpoint with the usual time-outs.
    #[must_use]
    pub fn new(address: Address, key: Option<Secret>) -> Self {
        Self { address, key, timeouts: Timeouts::default() }
    }
}

/// How long to wait for an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Until a connection stands. 10 seconds by default.
    pub connect: Duration,
    /// Until the first byte of the answer; a model that reasons is silent for long. 300 seconds by default.
    pub first_byte: Duration,
    /// Between two pieces of an answer. 120 seconds by default.
    pub idle: Duration,
    /// Until the end of an answer, however much is said; some servers send signs of life forever. 900 seconds by
    /// default.
    pub whole: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            first_byte: Duration::from_secs(300),
            idle: Duration::from_secs(120),
            whole: Duration::from_secs(900),
        }
    }
}

/// A text that is never shown: it has no `Display`, and `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps a text secret; white space around it, which copying leaves, is dropped.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    pub(super) fn reveal(&self) -> &str {
        &self.0
    }

    /// A text with this secret blacked out, since endpoints repeat keys in their errors.
    pub(super) fn taken_out_of(&self, text: &str) -> String {
        if self.0.is_empty() { text.to_owned() } else { text.replace(&self.0, "…") }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}
