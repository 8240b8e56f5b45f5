//! What SQLite's errors mean for whoever runs the program.

use std::{io, path::Path, sync::Arc};

use rusqlite::{Error, ErrorCode, ffi};

use crate::catalog::CatalogError;

/// Turns errors into sentences about one file.
#[derive(Clone)]
pub(super) struct Failures {
    place: Arc<str>,
}

impl Failures {
    pub(super) fn about(path: &Path) -> Self {
        Self { place: path.display().to_string().into() }
    }

    pub(super) fn place(&self) -> String {
        self.place.to_string()
    }

    pub(super) fn of_system(&self, error: &io::Error) -> CatalogError {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => CatalogError::Full { place: self.place() },
            _ => CatalogError::ReadOnly { place: self.place(), reason: error.to_string() },
        }
    }

    pub(super) fn of(&self, error: &Error) -> CatalogError {
        let place = self.place();
        let code = match error {
            Error::SqliteFailure(failure, _) => failure.code,
            Error::FromSqlConversionFailure(..) | Error::InvalidColumnType(..) | Error::IntegralValueOutOfRange(..) => {
                return CatalogError::Unreadable { place, reason: error.to_string() };
            }
            _ => return CatalogError::Failed { place, reason: error.to_string() },
        };
        let reason = ffi::code_to_str(error.sqlite_error().map_or(0, |failure| failure.extended_code)).to_owned();
        match code {
            ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => CatalogError::Damaged { place },
            ErrorCode::DiskFull => CatalogError::Full { place },
            ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied => {
                CatalogError::ReadOnly { place, reason }
            }
            _ => CatalogError::Failed { place, reason },
        }
    }
}
