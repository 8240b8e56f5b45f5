//! What a file's id is made of (S4, H7).

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use crate::identifiers::{FileId, MessageId, UserId};

const BYTES: usize = 32;
/// Eight hex digits.
const ID_BYTES: usize = 4;

/// The hashes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digests {
    content: [u8; BYTES],
    /// Of name, NUL and content.
    named_content: [u8; BYTES],
}

impl Digests {
    /// SHA-256 of the content, in lower-case hex.
    #[must_use]
    pub fn sha256(&self) -> String {
        self.content.iter().fold(String::with_capacity(2 * BYTES), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// The ids that a file saved at this moment may have, in the order in which they are tried: the first that no other
    /// file of its owner has (S4).
    pub fn ids(&self, owner: UserId, now: DateTime<Utc>) -> impl Iterator<Item = FileId> + use<> {
        let (words, _) = self.named_content.as_chunks::<ID_BYTES>();
        let digits: Vec<_> = words.iter().map(|word| u32::from_be_bytes(*word)).collect();
        digits.into_iter().map(move |digits| FileId::saved_at(owner, now.timestamp(), digits))
    }

    /// The id of a file that a run of this message generated; the same name and content have the same id (H7).
    #[must_use]
    pub fn generated_id(&self, message: &MessageId) -> FileId {
        let digits = self.named_content.first_chunk().map_or(0, |digits| u64::from_be_bytes(*digits));
        FileId::generated_by(message, digits)
    }
}

/// Hashes in the making.
pub(super) struct Hashing {
    content: Sha256,
    named_content: Sha256,
}

impl Hashing {
    pub(super) fn new(name: &str) -> Self {
        let mut named_content = Sha256::new_with_prefix(name);
        named_content.update([0]);
        Self { content: Sha256::new(), named_content }
    }

    pub(super) fn update(&mut self, part: &[u8]) {
        self.content.update(part);
        self.named_content.update(part);
    }

    pub(super) fn finish(self) -> Digests {
        Digests { content: self.content.finalize().into(), named_content: self.named_content.finalize().into() }
    }
}
