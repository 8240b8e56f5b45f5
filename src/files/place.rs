//! Where the bytes of a file lie (S5).

use std::{fmt, str::FromStr};

use crate::{
    formats,
    identifiers::{FileId, UserId},
};

/// The folder of all stored files, in `DATA_DIR`.
pub(super) const FOLDER: &str = "user_files";
/// How files end whose names say nothing.
const NO_EXTENSION: &str = "bin";
/// What files are called until all of their bytes are there. No id begins with a dot.
const UNFINISHED: &str = ".";

/// Where the bytes of a file lie: `user_files/{user_id}/{file_id}{ext}` in `DATA_DIR`.
///
/// ```
/// use taipan::{files::Place, identifiers::{FileId, UserId}};
///
/// let id = FileId::saved_at(UserId(7), 1_767_225_600, 0xbeef);
/// let place = Place::of(UserId(7), &id, "Sales 2025.csv.gz");
/// assert_eq!(place.to_string(), "user_files/7/7_1767225600_0000beef.csv.gz");
/// assert_eq!(place.to_string().parse(), Ok(place));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub(super) owner: UserId,
    /// One name, which leads nowhere else.
    pub(super) name: String,
}

/// A text that is no place of a stored file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("A stored file lies at user_files/{{user_id}}/{{file_id}}{{extension}}.")]
pub struct NotAPlace;

impl Place {
    /// Where the bytes of this file lie. The extension is the file name's.
    #[must_use]
    pub fn of(owner: UserId, id: &FileId, file_name: &str) -> Self {
        let found = formats::detect(file_name, &[]).extension;
        let extension = if found.is_empty() { NO_EXTENSION } else { &found };
        Self { owner, name: format!("{id}.{extension}") }
    }

    /// Whose file it is said to be; the catalog knows.
    #[must_use]
    pub fn owner(&self) -> UserId {
        self.owner
    }

    /// The id in its name; `None` of a file that was never finished, or was put there by somebody else.
    #[must_use]
    pub fn file_id(&self) -> Option<FileId> {
        let (id, _) = self.name.split_once('.')?;
        id.parse().ok()
    }

    /// What stands under a name in an owner's folder.
    pub(super) fn found(owner: UserId, name: String) -> Self {
        Self { owner, name }
    }

    /// A name that nothing has until a file is finished.
    pub(super) fn unfinished(nanoseconds: u128, number: u64) -> String {
        format!("{UNFINISHED}{nanoseconds:x}-{number:x}.part")
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{FOLDER}/{}/{}", self.owner, self.name)
    }
}

/// Reads what a record says; nothing but a stored file's own place is one.
impl FromStr for Place {
    type Err = NotAPlace;

    fn from_str(text: &str) -> Result<Self, NotAPlace> {
        let (owner, name) = text
            .strip_prefix(FOLDER)
            .and_then(|rest| rest.strip_prefix('/'))
            .and_then(|rest| rest.split_once('/'))
            .ok_or(NotAPlace)?;
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        let place = Self { owner: owner.parse().map_err(|_| NotAPlace)?, name: name.to_owned() };
        (name.bytes().all(is_plain) && place.file_id().is_some()).then_some(place).ok_or(NotAPlace)
    }
}
