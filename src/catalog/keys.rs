//! Keys with which programs come in over HTTP (H9). Of a key itself nothing is kept but its hash.

use std::fmt::{self, Write as _};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rustix::rand::{GetRandomFlags, getrandom};
use sha2::{Digest as _, Sha256};

use super::CatalogError;
use crate::identifiers::UserId;

/// What keys begin with, so that people and scanners for secrets know one when they see it.
const PREFIX: &str = "taipan_";
/// How many random bytes a key has: as many as its hash. What is guessed at random is never found, so a fast hash does.
const KEY_BYTES: usize = 32;
/// How many random bytes the name of a key has.
const ID_BYTES: usize = 4;
/// The longest label of a key, in bytes.
pub const LONGEST_LABEL: usize = 128;
/// Users that are made for keys are numbered up to here; those of Discord begin far above.
const MOST_USERS: u64 = 1 << 40;

/// A key, as far as the catalog knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// What the key is called when it is listed or revoked: eight hexadecimal digits that say nothing of it.
    pub key_id: String,
    /// The SHA-256 of the key's text, in hexadecimal digits.
    pub key_sha256: String,
    /// Whose runs and files it leads to.
    pub user_id: UserId,
    /// What somebody noted about it.
    pub label: String,
    /// When it was made; kept in milliseconds.
    pub created_at: DateTime<Utc>,
}

/// The text of a key, which is shown once and kept nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyText(String);

/// The keys.
///
/// # Errors
/// Every method fails when the catalog does not answer, or answers with what it should not hold.
#[async_trait]
pub trait ApiKeys: Send + Sync {
    /// Keeps a key; one of that name stays as it is.
    async fn add_key(&self, key: &ApiKey) -> Result<(), CatalogError>;

    /// The key whose text has this hash.
    async fn find_key(&self, sha256: &str) -> Result<Option<ApiKey>, CatalogError>;

    /// All keys, the oldest first; at most [`MOST_LISTED`](super::MOST_LISTED).
    async fn keys(&self) -> Result<Vec<ApiKey>, CatalogError>;

    /// Whether there is any key.
    async fn has_keys(&self) -> Result<bool, CatalogError>;

    /// Removes a key by its name, and says whether there was one.
    async fn delete_key(&self, key_id: &str) -> Result<bool, CatalogError>;
}

impl ApiKey {
    /// Makes a key for a user, or for one that nobody is yet. The text is for whoever will use it, the record is for the
    /// catalog.
    ///
    /// ```
    /// use chrono::Utc;
    /// use taipan::{catalog::ApiKey, identifiers::UserId};
    ///
    /// let (text, key) = ApiKey::generate(Some(UserId(7)), "notebook", Utc::now())?;
    /// assert!(text.expose().starts_with("taipan_"));
    /// assert_eq!(key.key_sha256, ApiKey::hash(text.expose()));
    /// # Ok::<(), taipan::catalog::CatalogError>(())
    /// ```
    ///
    /// # Errors
    /// [`CatalogError::TooLong`] for a label that is; when the system gives no random numbers.
    pub fn generate(user: Option<UserId>, label: &str, now: DateTime<Utc>) -> Result<(KeyText, Self), CatalogError> {
        if label.len() > LONGEST_LABEL {
            return Err(CatalogError::TooLong { what: "The label of a key", most: LONGEST_LABEL });
        }
        let text = format!("{PREFIX}{}", hex(&random::<KEY_BYTES>()?));
        let new_user = || Ok(UserId((u64::from_le_bytes(random()?) % MOST_USERS + 1).cast_signed()));
        let key = Self {
            key_id: hex(&random::<ID_BYTES>()?),
            key_sha256: Self::hash(&text),
            user_id: user.map_or_else(new_user, Ok)?,
            label: label.to_owned(),
            created_at: DateTime::from_timestamp_millis(now.timestamp_millis()).unwrap_or(now),
        };
        Ok((KeyText(text), key))
    }

    /// Under which hash the key with this text is kept.
    #[must_use]
    pub fn hash(text: &str) -> String {
        hex(&Sha256::digest(text))
    }
}

impl KeyText {
    /// The text itself, for the one place that shows it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for KeyText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("KeyText(not shown)")
    }
}

fn random<const BYTES: usize>() -> Result<[u8; BYTES], CatalogError> {
    let mut bytes = [0; BYTES];
    match getrandom(&mut bytes, GetRandomFlags::empty()) {
        Ok(given) if given == BYTES => Ok(bytes),
        given => {
            let reason = given.err().map_or_else(|| "too few of them".to_owned(), |error| error.to_string());
            Err(CatalogError::Failed { place: "the system's random numbers".to_owned(), reason })
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
