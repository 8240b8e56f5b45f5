//! What the server's errors mean for whoever runs the program.

use std::sync::Arc;

use mongodb::error::{Error, ErrorKind, WriteFailure};

use crate::catalog::CatalogError;

/// Servers that step down, restart or are being shut down.
const PASSING: [i32; 13] = [6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13388, 13435, 13436];
/// `Unauthorized` and `AuthenticationFailed`.
const REFUSED: [i32; 2] = [13, 18];
/// `OutOfDiskSpace`, and what the storage engine says then.
const FULL: [i32; 1] = [14031];
const DUPLICATE_KEY: i32 = 11000;

/// Turns errors into sentences about one server.
#[derive(Clone)]
pub(super) struct Failures {
    place: Arc<str>,
}

impl Failures {
    /// About the servers of these names.
    pub(super) fn about(place: &str) -> Self {
        Self { place: place.into() }
    }

    pub(super) fn place(&self) -> String {
        self.place.to_string()
    }

    pub(super) fn of(&self, error: &Error) -> CatalogError {
        let place = self.place();
        let reason = reason(error);
        let code = code(error);
        match error.kind.as_ref() {
            _ if code.is_some_and(|code| FULL.contains(&code)) => CatalogError::Full { place },
            _ if Self::is_passing(error) => CatalogError::Away { place, reason },
            ErrorKind::Authentication { .. } => CatalogError::Refused { place, reason },
            _ if code.is_some_and(|code| REFUSED.contains(&code)) => CatalogError::Refused { place, reason },
            ErrorKind::BsonDeserialization(_) | ErrorKind::Bson(_) => CatalogError::Unreadable { place, reason },
            ErrorKind::Shutdown => CatalogError::Closed,
            _ => CatalogError::Failed { place, reason },
        }
    }

    /// Whether it may be gone with the next attempt.
    pub(super) fn is_passing(error: &Error) -> bool {
        let is_of_connection = matches!(
            error.kind.as_ref(),
            ErrorKind::Io(_)
                | ErrorKind::ServerSelection { .. }
                | ErrorKind::ConnectionPoolCleared { .. }
                | ErrorKind::DnsResolve { .. }
        );
        is_of_connection || code(error).is_some_and(|code| PASSING.contains(&code))
    }

    /// Whether there is something of that key already.
    pub(super) fn is_duplicate(error: &Error) -> bool {
        code(error) == Some(DUPLICATE_KEY)
    }
}

fn code(error: &Error) -> Option<i32> {
    match error.kind.as_ref() {
        ErrorKind::Command(command) => Some(command.code),
        ErrorKind::Write(WriteFailure::WriteError(write)) => Some(write.code),
        ErrorKind::Write(WriteFailure::WriteConcernError(concern)) => Some(concern.code),
        _ => None,
    }
}

/// The end of a sentence, of what the driver says.
fn reason(error: &Error) -> String {
    const MOST: usize = 200;
    let words = error.kind.to_string();
    let line = words.lines().next().unwrap_or_default();
    // Of servers that cannot be reached, the driver lists all it knows; what keeps it from the first is in the middle.
    let met = line.split_once("Error: Kind: ").and_then(|(_, rest)| rest.split_once(", labels")).map(|(met, _)| met);
    let short: String = met.unwrap_or(line).chars().take(MOST).collect();
    short.trim_end_matches('.').to_owned()
}
