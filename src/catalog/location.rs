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
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// An SQLite file.
    File(PathBuf),
    /// A MongoDB server.
    Server(ServerUri),
}

/// The address of a MongoDB server, which may hold a password and is therefore never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerUri {
    pub(super) text: String,
    pub(super) setting: &'static str,
}

impl Location {
    /// What `DATABASE_URL` or else `MONGODB_URI` name, or else a file in `DATA_DIR`.
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
    /// assert_eq!(Location::choose(None, None, data_dir)?, file("data/catalog.sqlite3"));
    /// assert_eq!(Location::choose(Some("sqlite:///var/taipan.db"), None, data_dir)?, file("/var/taipan.db"));
    /// # Ok::<(), taipan::catalog::CatalogError>(())
    /// ```
    ///
    /// # Errors
    /// [`CatalogError::WrongUrl`] when what is set is no such place.
    pub fn choose(
        database_url: Option<&str>,
        mongodb_uri: Option<&str>,
        data_dir: &Path,
    ) -> Result<Self, CatalogError> {
        match (database_url, mongodb_uri) {
            (Some(url), _) => Self::parse(url),
            (None, Some(uri)) if is_server(uri) => Ok(Self::server(uri, "MONGODB_URI")),
            (None, Some(_)) => Err(wrong("MONGODB_URI", "it must be mongodb://… or mongodb+srv://…")),
            (None, None) => Ok(Self::File(data_dir.join(FILE_NAME))),
        }
    }

    fn parse(url: &str) -> Result<Self, CatalogError> {
        if is_server(url) {
            return Ok(Self::server(url, "DATABASE_URL"));
        }
        let path = url.strip_prefix("sqlite:").ok_or_else(|| wrong("DATABASE_URL", ALLOWED))?;
        let path = path.strip_prefix("//").unwrap_or(path);
        if path.is_empty() || path.ends_with('/') {
            return Err(wrong("DATABASE_URL", "it names no file"));
        }
        if path.contains(":memory:") || path.contains('?') {
            return Err(wrong("DATABASE_URL", "it must name a file and nothing else, as in sqlite:///path"));
        }
        Ok(Self::File(PathBuf::from(path)))
    }

    fn server(uri: &str, setting: &'static str) -> Self {
        Self::Server(ServerUri { text: uri.to_owned(), setting })
    }
}

/// Names the file, and of a server only that there is one.
impl fmt::Debug for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => formatter.debug_tuple("File").field(path).finish(),
            Self::Server(uri) => formatter.debug_tuple("Server").field(uri).finish(),
        }
    }
}

impl fmt::Debug for ServerUri {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.setting)
    }
}

fn is_server(url: &str) -> bool {
    url.starts_with("mongodb://") || url.starts_with("mongodb+srv://")
}

fn wrong(setting: &'static str, reason: &str) -> CatalogError {
    CatalogError::WrongUrl { setting, reason: reason.to_owned() }
}
