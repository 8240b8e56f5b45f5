//! What a catalog could not do, in a sentence for whoever runs the program. No variant holds a secret.

use thiserror::Error;

/// What a catalog could not do. Unless a variant says otherwise, what was asked for may be asked for again.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CatalogError {
    /// The catalog's place, as it was set, is none. Nothing was opened.
    #[error("The database that DATABASE_URL or MONGODB_URI name cannot be used: {reason}.")]
    WrongUrl {
        /// What is wrong with the address and what is allowed.
        reason: String,
    },
    /// The server did not answer in time. The call may have been done or not; repeating it does no harm.
    #[error(
        "The catalog at {place} does not answer: check that the server runs, and that this machine reaches it ({reason})."
    )]
    Away {
        /// Where the server should be.
        place: String,
        /// What the last attempt met.
        reason: String,
    },
    /// The server does not let this program in, or do what it must.
    #[error("The catalog at {place} refuses this program: check the name, the password and its rights ({reason}).")]
    Refused {
        /// Where the server is.
        place: String,
        /// What it said.
        reason: String,
    },
    /// The file is no database, or a damaged one. It was left as it is.
    #[error("The catalog {place} is damaged and was left as it is: put a copy of it in its place, or move it away.")]
    Damaged {
        /// The file.
        place: String,
    },
    /// It is a database of some other program. It was left as it is.
    #[error("The catalog {place} is some other program's database and was left as it is: name another one.")]
    Foreign {
        /// The file.
        place: String,
    },
    /// A newer version of Taipan made it. It was left as it is.
    #[error(
        "The catalog at {place} was made by a newer version of Taipan and was left as it is: update Taipan \
         (its layout is {found}, this version knows {known})."
    )]
    Newer {
        /// The file or server.
        place: String,
        /// The catalog's version.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// The file or its folder cannot be written to. Nothing was changed.
    #[error("The catalog {place} cannot be written to: check the rights of the file and its folder ({reason}).")]
    ReadOnly {
        /// The file.
        place: String,
        /// What the system said.
        reason: String,
    },
    /// The disk is full. Nothing was changed.
    #[error("The catalog at {place} has no room left on its disk: make room, then try again.")]
    Full {
        /// The file or server.
        place: String,
    },
    /// What should be kept is too large. Nothing was changed.
    #[error("{what} must not be longer than {most} bytes.")]
    TooLong {
        /// What should have been kept.
        what: &'static str,
        /// How long it may be, in bytes.
        most: usize,
    },
    /// A record is not as this program writes it. Nothing was changed.
    #[error("A record in the catalog at {place} cannot be read ({reason}).")]
    Unreadable {
        /// The file or server.
        place: String,
        /// What is wrong with the record.
        reason: String,
    },
    /// The catalog was closed.
    #[error("The catalog is closed.")]
    Closed,
    /// Anything else. Nothing was changed.
    #[error("The catalog at {place} failed: {reason}.")]
    Failed {
        /// The file or server.
        place: String,
        /// What it said.
        reason: String,
    },
}
