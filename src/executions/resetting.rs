//! Beginning anew.

use super::{Deletion, ExecutionError, Executions};
use crate::identifiers::UserId;

/// What a reset did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reset {
    /// What became of the files.
    pub files: Deletion,
    /// Whether a session was ended.
    pub ended_session: bool,
}

impl Executions {
    /// Deletes all of a user's files and ends his session (S13). A run of his that goes on is let end, and what it
    /// makes is his.
    ///
    /// # Errors
    /// When the catalog fails.
    pub async fn reset(&self, user: UserId) -> Result<Reset, ExecutionError> {
        let ended_session = self.interpreter.end_session(Some(&user.to_string()));
        Ok(Reset { files: self.delete_all_files(user).await?, ended_session })
    }
}
