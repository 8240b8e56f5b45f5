//! Collecting from a folder that lives on: what is new since the last time, copied to where it stays as it is.

use std::{
    collections::HashMap,
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use rustix::fs::Stat;

use crate::interpreter::workspace::{
    live::{Stamp, stamp},
    root::KeptFolder,
    walk::Found,
};

/// What was collected of a folder before, and how each file was then.
#[derive(Debug, Default)]
pub(crate) struct Collected(HashMap<PathBuf, Stamp>);

/// How what a session's run generated is kept.
pub(crate) struct Keeping<'k> {
    collected: &'k mut Collected,
    new_folder: &'k dyn Fn() -> io::Result<KeptFolder>,
    folder: Option<Arc<KeptFolder>>,
    copied: usize,
}

impl<'k> Keeping<'k> {
    /// Copies go into a folder that is made when it is needed.
    pub(crate) fn new(collected: &'k mut Collected, new_folder: &'k dyn Fn() -> io::Result<KeptFolder>) -> Self {
        Self { collected, new_folder, folder: None, copied: 0 }
    }

    /// Whether a file is as it was the last time.
    pub(super) fn is_known(&self, path: &Path, stat: &Stat) -> bool {
        self.collected.0.get(path) == Some(&stamp(stat))
    }

    /// Notes how a file was that is not kept.
    pub(super) fn know(&mut self, found: &Found, stat: &Stat) {
        self.collected.0.insert(found.path.clone(), stamp(stat));
    }

    /// Has a file copied as it is read. The copy is kept if it is accepted next.
    pub(super) fn copying(&mut self, file: File) -> io::Result<Copying> {
        let path = self.folder()?.path().join(self.copied.to_string());
        let copy = File::options().read(true).write(true).create(true).truncate(true).open(path)?;
        Ok(Copying { file, copy, is_read: false })
    }

    /// Keeps the last copy, of a file that was like this when it was opened; gives where it lies, and what keeps it.
    pub(super) fn accept(&mut self, found: &Found, stat: &Stat) -> io::Result<(PathBuf, Arc<KeptFolder>)> {
        let folder = self.folder()?;
        let path = folder.path().join(self.copied.to_string());
        self.copied += 1;
        self.collected.0.insert(found.path.clone(), stamp(stat));
        Ok((path, folder))
    }

    fn folder(&mut self) -> io::Result<Arc<KeptFolder>> {
        let folder = match &self.folder {
            Some(folder) => folder,
            None => self.folder.insert(Arc::new((self.new_folder)()?)),
        };
        Ok(Arc::clone(folder))
    }
}

impl Drop for Keeping<'_> {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            // What was copied and not accepted after all; mostly there is nothing.
            let _ = fs::remove_file(folder.path().join(self.copied.to_string()));
        }
    }
}

/// A file that is copied while it is read: what is found out about it holds of the copy, whatever becomes of the file.
pub(super) struct Copying {
    file: File,
    copy: File,
    /// It was read to its end, and what is read now is the copy.
    is_read: bool,
}

impl Read for Copying {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.is_read {
            return self.copy.read(buffer);
        }
        let count = self.file.read(buffer)?;
        self.copy.write_all(&buffer[..count])?;
        Ok(count)
    }
}

impl Seek for Copying {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.is_read = true;
        self.copy.seek(position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_at_after_reading_is_the_copy() {
        let folder = tempfile::tempdir().unwrap();
        let (original, copy) = (folder.path().join("original"), folder.path().join("copy"));
        fs::write(&original, "first").unwrap();
        let open = |path: &Path| File::options().read(true).write(true).create(true).truncate(false).open(path);
        let (file, copy) = (open(&original).unwrap(), open(&copy).unwrap());
        let mut copying = Copying { file, copy, is_read: false };
        assert_eq!(io::read_to_string(&mut copying).unwrap(), "first");
        fs::write(&original, "second, and longer").unwrap();
        copying.rewind().unwrap();
        assert_eq!(io::read_to_string(&mut copying).unwrap(), "first");
    }
}
