//! What a store of files could not do.

use std::{fmt, io};

use rustix::io::Errno;
use thiserror::Error;

/// Why a file was not stored, read or removed. Nothing of a file that was not stored is left over.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file has more bytes than it may (S10).
    #[error("The file '{name}' has {size}; a file may have at most {}.", Bytes(*limit))]
    TooLarge {
        /// Its name.
        name: String,
        /// How much it has.
        size: FoundSize,
        /// How many bytes it may have.
        limit: u64,
    },
    /// Where the bytes come from has failed. The same file may be sent again.
    #[error("The file '{name}' could not be received to its end ({error}). Send it again.")]
    Source {
        /// Its name.
        name: String,
        /// What was said.
        error: io::Error,
    },
    /// There is no such file, or what bears its name is a link or a folder.
    #[error("The file's content is no longer there.")]
    Missing,
    /// Another content is stored under this id and extension.
    #[error("Another file is stored as '{0}'.")]
    Taken(String),
    /// The disk is full, or the quota used up.
    #[error("The disk is full. Delete files that are no longer needed, then try again.")]
    Full,
    /// The folder of stored files cannot be written to.
    #[error(
        "The folder of stored files cannot be written to ({0}). Check its rights, and that its disk is not read-only."
    )]
    NotWritable(io::Error),
    /// The system's answer to anything else.
    #[error("The folder of stored files cannot be used ({0}). Check its disk.")]
    Io(io::Error),
}

/// How large a file was found to be that is too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundSize {
    /// So many bytes.
    Exactly(u64),
    /// More than so many: reading stopped there.
    MoreThan(u64),
}

impl fmt::Display for FoundSize {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(bytes) => Bytes(*bytes).fmt(formatter),
            Self::MoreThan(bytes) => write!(formatter, "more than {}", Bytes(*bytes)),
        }
    }
}

/// A size near a limit, where megabytes with one decimal would hide what it is about.
struct Bytes(u64);

impl fmt::Display for Bytes {
    #[expect(clippy::cast_precision_loss, reason = "one decimal of a size needs no more than 52 bits")]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MB: f64 = 1024.0 * 1024.0;
        let tenths = self.0 as f64 / MB * 10.0;
        if tenths >= 1.0 && tenths.fract() == 0.0 {
            write!(formatter, "{:.1} MB", tenths / 10.0)
        } else if tenths >= 1.0 {
            write!(formatter, "{:.1} MB ({} bytes)", tenths / 10.0, self.0)
        } else {
            write!(formatter, "{} bytes", self.0)
        }
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.raw_os_error().map(Errno::from_raw_os_error) {
            Some(Errno::NOSPC | Errno::DQUOT) => Self::Full,
            Some(Errno::ROFS | Errno::ACCESS | Errno::PERM) => Self::NotWritable(error),
            Some(Errno::NOENT | Errno::LOOP) => Self::Missing,
            _ => Self::Io(error),
        }
    }
}

impl From<Errno> for StoreError {
    fn from(error: Errno) -> Self {
        io::Error::from(error).into()
    }
}
