//! What could not be done for a user.

use thiserror::Error;

use super::LimitReached;
use crate::{catalog::CatalogError, files::StoreError, interpreter::InterpreterError};

/// What could not be done for a user. What his code does is never one; see [`Answer`](super::Answer).
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ExecutionError {
    /// There is no such file, or not any more, or it is somebody else's: nobody can tell which (S3). Nothing was done.
    #[error("File not found or expired")]
    FileNotFound,
    /// The file was uploaded, and only generated ones are given here (H5). Nothing was done.
    #[error("Not a code-generated file")]
    NotGenerated,
    /// The user has had as many runs as he may in a day (U13). Nothing was run.
    #[error("{0}")]
    LimitReached(#[from] LimitReached),
    /// All ids that the file may have belong to others. Nothing was saved; a second later there are others.
    #[error("No id is free for this file. Try again in a moment.")]
    NoFreeId,
    /// The bytes could not be stored, read or removed.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The catalog failed. What was asked for may be done or not; asking again does no harm.
    #[error("{0}")]
    Catalog(#[from] CatalogError),
    /// The interpreter could not run the code.
    #[error("{0}")]
    Interpreter(#[from] InterpreterError),
    /// What is remembered of a message's runs could not be read or written. Nothing was run.
    #[error("The folder of message workspaces cannot be used ({0}). Check its rights and its disk.")]
    Workspace(std::io::Error),
    /// The work was given up because the program ends.
    #[error("The program is shutting down and takes no more runs.")]
    ShuttingDown,
}
