//! A mark in the folder of stored files: by it, an empty folder whose disk is not mounted is told from the right one.

use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Store, StoreError};

/// No owner's folder begins with a dot.
const NAME: &str = ".store";
/// What it is called until all of it is there. A crash may leave it, and the next mark takes its place.
const UNFINISHED: &str = ".store.part";
/// More than a number has.
const MOST_BYTES: u64 = 64;

impl Store {
    /// Where the mark is, or should be.
    #[must_use]
    pub fn mark_path(&self) -> PathBuf {
        self.root.join(NAME)
    }

    /// The number in the mark; `None` where there is no mark, or none that is a number.
    ///
    /// # Errors
    /// Whatever the disk says.
    pub async fn mark(&self) -> Result<Option<i64>, StoreError> {
        let path = self.mark_path();
        self.blocking.run(move || Ok(read(&path)?)).await
    }

    /// Writes the mark: all of it or nothing, and on disk when this returns.
    ///
    /// # Errors
    /// Whatever the disk says.
    pub async fn set_mark(&self, number: i64) -> Result<(), StoreError> {
        let root = Arc::clone(&self.root);
        self.blocking.run(move || Ok(write(&root, number)?)).await
    }
}

fn read(path: &Path) -> io::Result<Option<i64>> {
    let mut bytes = Vec::new();
    match File::open(path) {
        Ok(file) => file.take(MOST_BYTES).read_to_end(&mut bytes)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(str::from_utf8(&bytes).ok().and_then(|text| text.trim().parse().ok()))
}

fn write(root: &Path, number: i64) -> io::Result<()> {
    let folder = File::open(root)?;
    // One at a time, also of several programs; until this is dropped.
    folder.lock()?;
    // Somebody may have been faster; what is not finished is then nobody's to finish.
    if read(&root.join(NAME))? == Some(number) {
        return Ok(());
    }
    let unfinished = root.join(UNFINISHED);
    let mut file = File::create(&unfinished)?;
    writeln!(file, "{number}")?;
    file.sync_all()?;
    fs::rename(unfinished, root.join(NAME))?;
    folder.sync_all()
}
