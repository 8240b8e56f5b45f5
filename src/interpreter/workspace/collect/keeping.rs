//! Collecting from a folder that lives on: what is new since the last time, copied to where it stays as it is.

use std::{
    collections::HashMap,
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use rustix::fs::Stat;

use crate::interpreter::workspace::{
    beneath,
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

    /// Copies a file; gives where the copy lies, and what keeps it.
    pub(super) fn copy(&mut self, found: &Found) -> io::Result<(PathBuf, Arc<KeptFolder>)> {
        let (file, stat) = beneath::open_regular(&found.folder, &found.name)?;
        let folder = match &self.folder {
            Some(folder) => Arc::clone(folder),
            None => Arc::clone(self.folder.insert(Arc::new((self.new_folder)()?))),
        };
        let path = folder.path().join(self.copied.to_string());
        io::copy(&mut File::from(file), &mut File::create_new(&path)?)?;
        self.copied += 1;
        self.collected.0.insert(found.path.clone(), stamp(&stat));
        Ok((path, folder))
    }
}
