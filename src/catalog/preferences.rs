//! What users chose for themselves: a model, a session.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde_json::Value;

use super::CatalogError;
use crate::identifiers::UserId;

/// The longest name of a preference, in bytes.
pub const LONGEST_KEY: usize = 64;
/// The longest value of a preference as JSON, in bytes.
pub const LONGEST_VALUE: usize = 16 * 1024;

/// The preferences of each user.
///
/// # Errors
/// Every method fails when the catalog does not answer, or answers with what it should not hold.
#[async_trait]
pub trait Preferences: Send + Sync {
    /// All that a user chose, by name.
    async fn preferences(&self, user: UserId) -> Result<BTreeMap<String, Value>, CatalogError>;

    /// Keeps what a user chose, in place of what he chose before; `None` forgets it.
    async fn set_preference(&self, user: UserId, key: &str, value: Option<&Value>) -> Result<(), CatalogError>;
}

/// The JSON that is kept.
pub(super) fn written(key: &str, value: &Value) -> Result<String, CatalogError> {
    if key.len() > LONGEST_KEY {
        return Err(CatalogError::TooLong { what: "The name of a preference", most: LONGEST_KEY });
    }
    let text = value.to_string();
    if text.len() > LONGEST_VALUE {
        return Err(CatalogError::TooLong { what: "A preference", most: LONGEST_VALUE });
    }
    Ok(text)
}
