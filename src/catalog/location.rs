//! Where the catalog is, as settings say it.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use super::CatalogError;

/// The file in `DATA_DIR` that holds the catalog unless something else is set.
const FILE_NAME: &str = "catalog.sqlite3";

const ALLOWED: &str = "it must be sqlite:///path, mongodb://… or mongodb+srv://…";

/// Where a catalog is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// An SQLite file.
    File(PathBuf),
    /// A MongoDB server.
    Server(ServerUri),
}

/// The address of a MongoDB server, which may hold a password and is therefore never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerUri(pub(super) String);

impl Location {
    /// The place that `DATABASE_URL` or `MONGODB_URI` name, or else a file in `DATA_DIR`.
    ///
    /// `sqlite:///path` and `sqlite:/path` are absolute paths, `sqlite:path` is one from the current folder. What
    /// follows the scheme is taken as it stands, without percent signs being decoded.
    ///
    /// ```
    /// use std::path::Path;
    /// use taipan::catalog::Location;
    ///
    /// let data_dir = Path::new("data");
    /// let file = |path: &str| Location::File(path.into());
    /// assert_eq!(Location::choose(None, data_dir)?, file("data/catalog.sqlite3"));
    /// assert_eq!(Location::choose(Some("sqlite:///var/taipan.db"), data_dir)?, file("/var/taipan.db"));
    /// # Ok::<(), taipan::catalog::CatalogError>(())
    /// ```
    ///
    /// # Errors
    /// [`CatalogError::WrongUrl`] when what is set is no such place.
    pub fn choose(database: Option<&str>, data_dir: &Path) -> Result<Self, CatalogError> {
        let Some(url) = database else { return Ok(Self::File(data_dir.join(FILE_NAME))) };
        if url.starts_with("mongodb://") || url.starts_with("mongodb+srv://") {
            return Ok(Self::Server(ServerUri(url.to_owned())));
        }
        let path = url.strip_prefix("sqlite:").ok_or_else(|| wrong(ALLOWED))?;
        let path = path.strip_prefix("//").unwrap_or(path);
        if path.is_empty() || path.ends_with('/') {
            return Err(wrong("it names no file"));
        }
        if path.contains(":memory:") || path.contains('?') {
            return Err(wrong("it must name a file and nothing else, as in sqlite:///path"));
        }
        Ok(Self::File(PathBuf::from(path)))
    }
}

impl fmt::Debug for ServerUri {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("…")
    }
}

fn wrong(reason: &str) -> CatalogError {
    CatalogError::WrongUrl { reason: reason.to_owned() }
}
