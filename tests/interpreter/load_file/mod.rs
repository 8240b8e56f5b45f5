//! Files that code is given: found, read in the right type, and never changed (X2, X3, X4, X5, table T).

mod broken;
mod finding;
mod many;
mod names;
mod own_copies;
mod table;

use std::{
    fs,
    path::{Path, PathBuf},
};

use taipan::{InputFile, Request};
use tempfile::TempDir;

/// Where the sample files lie.
fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/load_file")
}

/// A folder of uploads, as their owner keeps them.
struct Uploads(TempDir);

impl Uploads {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// Stores bytes under an id, as an upload called `name`.
    fn store(&self, id: &str, name: &str, bytes: impl AsRef<[u8]>) -> InputFile {
        let path = self.path(id);
        fs::write(&path, bytes).expect("written");
        InputFile::new(id, path).named(name)
    }

    fn path(&self, id: &str) -> PathBuf {
        self.0.path().join(id)
    }

    fn bytes(&self, id: &str) -> Vec<u8> {
        fs::read(self.path(id)).expect("still there")
    }
}

/// A request with files.
fn with_files(code: &str, files: impl IntoIterator<Item = InputFile>) -> Request {
    files.into_iter().fold(Request::new(code), Request::input)
}
