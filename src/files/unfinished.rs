//! A file while its bytes arrive.

use std::{
    fs::File,
    io::{self, Read, Write as _},
    path::Path,
    sync::Arc,
};

use super::{
    FoundSize, Name, StoreError,
    digests::{Digests, Hashing},
    folder::OwnerFolder,
};
use crate::{
    formats::{self, Detected},
    identifiers::UserId,
};

/// How much is read, hashed and written at a time, in bytes.
pub(super) const BUFFER_BYTES: usize = 256 * 1024;

/// A file in an owner's folder under a name that is not its own yet. Removed when dropped, unless it was kept.
#[derive(Debug)]
pub(super) struct Unfinished {
    pub(super) folder: Arc<OwnerFolder>,
    /// What it is called now.
    pub(super) name: String,
    pub(super) is_kept: bool,
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if self.is_kept {
            return;
        }
        if let Err(error) = self.folder.remove(&self.name) {
            tracing::warn!(%error, name = self.name, "a file that was not finished could not be removed");
        }
    }
}

/// Writes a file, counting and hashing it.
pub(super) struct Writer {
    unfinished: Unfinished,
    file: File,
    hashing: Hashing,
    name: Name,
    size: u64,
    limit: u64,
}

/// What is known of a file once it was written.
pub(super) struct Written {
    pub(super) unfinished: Unfinished,
    pub(super) digests: Digests,
    pub(super) detected: Detected,
    pub(super) size: u64,
}

impl Writer {
    pub(super) fn start(root: &Path, owner: UserId, name: Name, limit: u64) -> Result<Self, StoreError> {
        let (folder, unfinished, file) = OwnerFolder::begin_file(root, owner).map_err(not_begun)?;
        let unfinished = Unfinished { folder: Arc::new(folder), name: unfinished, is_kept: false };
        Ok(Self { unfinished, file, hashing: Hashing::new(name.relative()), name, size: 0, limit })
    }

    pub(super) fn write(&mut self, part: &[u8]) -> Result<(), StoreError> {
        self.size += part.len() as u64;
        if self.size > self.limit {
            return Err(too_large(&self.name, FoundSize::MoreThan(self.limit), self.limit));
        }
        self.hashing.update(part);
        Ok(self.file.write_all(part)?)
    }

    /// Writes all of an open file, whose size is looked at first.
    pub(super) fn copy(&mut self, source: &mut File) -> Result<(), StoreError> {
        let unreadable = |error| StoreError::Source { name: self.name.shown().to_owned(), error };
        let size = source.metadata().map_err(unreadable)?.len();
        if size > self.limit {
            return Err(too_large(&self.name, FoundSize::Exactly(size), self.limit));
        }
        let mut buffer = vec![0; BUFFER_BYTES];
        loop {
            match source.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(count) => self.write(&buffer[..count])?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(StoreError::Source { name: self.name.shown().to_owned(), error }),
            }
        }
    }

    /// Makes sure that the bytes last, and finds out what they are.
    pub(super) fn finish(self) -> Result<Written, StoreError> {
        self.file.sync_all()?;
        let detected = formats::detect_from(self.name.shown(), &self.file)?;
        Ok(Written { unfinished: self.unfinished, digests: self.hashing.finish(), detected, size: self.size })
    }
}

/// What is not there is a folder then, not a file.
fn not_begun(error: io::Error) -> StoreError {
    if error.kind() == io::ErrorKind::NotFound { StoreError::Io(error) } else { error.into() }
}

fn too_large(name: &Name, size: FoundSize, limit: u64) -> StoreError {
    StoreError::TooLarge { name: name.shown().to_owned(), size, limit }
}
