//! What a user and the assistant said, in each channel apart (A4).

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::CatalogError;
use crate::identifiers::UserId;

/// How many turns of a conversation are kept; with one more, the oldest goes.
pub const MOST_TURNS: u32 = 200;
/// The longest turn, in bytes.
pub const LONGEST_TURN: usize = 4 * 1024 * 1024;

/// A question with everything that belongs to its answer, which are kept or forgotten together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// When it was said; kept in milliseconds.
    pub said_at: DateTime<Utc>,
    /// Its messages, in whichever form the assistant keeps them; at most [`LONGEST_TURN`].
    pub content: String,
}

impl Turn {
    pub(super) fn check(&self) -> Result<(), CatalogError> {
        let fits = self.content.len() <= LONGEST_TURN;
        fits.then_some(()).ok_or(CatalogError::TooLong { what: "A turn of a conversation", most: LONGEST_TURN })
    }
}

/// The conversations. A channel is any text that tells a user's conversations apart.
///
/// # Errors
/// Every method fails when the catalog does not answer, or answers with what it should not hold.
#[async_trait]
pub trait Conversations: Send + Sync {
    /// Adds a turn at the end: all of it, once, or nothing. Of more than [`MOST_TURNS`] the oldest go.
    async fn append_turn(&self, user: UserId, channel: &str, turn: &Turn) -> Result<(), CatalogError>;

    /// The last turns, in the order in which they were added.
    async fn last_turns(&self, user: UserId, channel: &str, count: u32) -> Result<Vec<Turn>, CatalogError>;

    /// Forgets all that a user said, in one channel or in all of them, and says how many turns those were.
    async fn clear_turns(&self, user: UserId, channel: Option<&str>) -> Result<u64, CatalogError>;
}
