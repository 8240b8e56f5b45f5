//! The folder a run works in: made and watched before the run, looked through after it, then kept or used again.
//!
//! Everything in it may be hostile: pipes that never answer, links to elsewhere, files of a terabyte that are not
//! there, trees without end, names nobody can read. Nothing here follows a link the code made, waits for anything, or
//! goes on without a limit.
//!
//! # Layout
//!
//! - `root`: the folder of all runs' folders, its lock and its removal, also of what dead programs left behind.
//! - `inputs`: the files a run is given, and what happens when it writes to them.
//! - `watcher`, `live`: files are reported while the code runs.
//! - `collect`, `walk`, `contents`: what a run generated, once it is over.
//! - `beneath`, `names`: opening and naming files without being fooled.

mod beneath;
mod collect;
mod contents;
mod inputs;
mod live;
mod names;
mod root;
mod walk;
mod watcher;

#[cfg(test)]
mod tests;

use std::{
    ffi::OsStr,
    io,
    os::{fd::OwnedFd, unix::ffi::OsStrExt as _},
    path::Path,
    sync::Arc,
};

use rustix::{
    fs::{AtFlags, Mode, Stat, StatVfs, fstat, fstatvfs, readlinkat, unlinkat},
    io::Errno,
};

pub(crate) use self::{
    collect::{Collected, Collection, CollectionLimits, Keeping},
    inputs::{CopyStart, Inputs, LinksTo, PlacedInput},
    live::{FileSink, LiveWatch},
    root::{KeptFolder, WorkspaceRoot},
};
use self::{
    live::{Live, Reporter},
    watcher::FolderWatcher,
};
use super::{InputFile, InterpreterError};

/// A run's folder, from its preparation until the run has been cleaned up after.
///
/// Dropping it removes the folder, unless generated files keep it; that is slow and belongs behind the answer.
pub(crate) struct Workspace {
    // Dropped first, so that the removal of the folder does not keep the watch busy.
    watcher: Arc<FolderWatcher>,
    live: Arc<Live>,
    directory: Arc<OwnedFd>,
    as_prepared: Appearance,
    inputs: Option<Arc<Inputs>>,
    folder: Arc<KeptFolder>,
}

/// By what a folder nobody touched is known again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Appearance {
    inode: u64,
    mode: u32,
    owner: u32,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl From<Stat> for Appearance {
    fn from(stat: Stat) -> Self {
        let nanoseconds = |part| i64::try_from(part).unwrap_or_default();
        Self {
            inode: stat.st_ino,
            mode: stat.st_mode,
            owner: stat.st_uid,
            modified: (stat.st_mtime, nanoseconds(stat.st_mtime_nsec)),
            changed: (stat.st_ctime, nanoseconds(stat.st_ctime_nsec)),
        }
    }
}

/// What a look into an open folder shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Filling {
    Empty,
    Something,
    /// The folder has been removed.
    Gone,
}

impl Workspace {
    fn prepare(folder: KeptFolder, reporter: &Reporter) -> io::Result<Self> {
        let directory = Arc::new(folder.open()?);
        let live = Arc::new(Live::new(Arc::clone(&directory), reporter));
        let watcher = Arc::new(FolderWatcher::start(folder.path(), Arc::clone(&live)));
        live.watched_by(&watcher);
        let as_prepared = fstat(&directory)?.into();
        Ok(Self { watcher, live, directory, as_prepared, inputs: None, folder: Arc::new(folder) })
    }

    /// Where the run works: an absolute path without links.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Whether files are reported live. Where the system allows no more watches, all else works without.
    pub(crate) fn is_watched(&self) -> bool {
        self.watcher.is_complete()
    }

    /// Puts the user's files into the folder, as links to the originals under their own names.
    ///
    /// # Errors
    /// [`InterpreterError::InputFile`] for a file that is missing, not a regular file or not readable.
    pub(crate) fn place_inputs(
        &mut self,
        files: &[InputFile],
        links: LinksTo<'_>,
    ) -> Result<Arc<Inputs>, InterpreterError> {
        let inputs = Arc::new(Inputs::place((self.path(), &self.directory), Arc::clone(&self.live), files, links)?);
        self.inputs = Some(Arc::clone(&inputs));
        Ok(inputs)
    }

    /// Takes the links to the files of an earlier run of the session away, unless the code did or made them its own.
    pub(crate) fn remove_input_links(&mut self) {
        let Some(inputs) = self.inputs.take() else { return };
        for file in &inputs.files {
            let Ok(place) = file.path.strip_prefix(self.path()) else { continue };
            let (aside, name) = (place.parent().unwrap_or(Path::new("")), place.file_name().unwrap_or_default());
            // Where the link stands no more, the code has put something of its own there, which is left alone.
            let Ok(folder) = beneath::open_path(&self.directory, aside) else { continue };
            let target = readlinkat(&folder, name, Vec::new()).unwrap_or_default();
            if file.is_behind(Path::new(OsStr::from_bytes(target.to_bytes()))) {
                let _ = unlinkat(&folder, name, AtFlags::empty());
            }
        }
    }

    /// Reports files to `sink` as they are written, moved or linked here, until the guard is dropped: regular files
    /// without hidden names, each again only when it has changed, at most 1,000 reports. One report that has begun
    /// may still come after the guard is gone.
    pub(crate) fn watch(&self, sink: FileSink) -> LiveWatch {
        LiveWatch::start(&self.live, sink)
    }

    /// Takes the workspace back into use, if the run left it just as it was given: nothing in it, nothing changed
    /// and no file kept. Else it is dropped.
    #[must_use]
    pub(crate) fn recycle(self) -> Option<Self> {
        let is_untouched = self.inputs.is_none()
            && Arc::strong_count(&self.folder) == 1
            && self.filling().is_ok_and(|filling| filling == Filling::Empty)
            && fstat(&self.directory).is_ok_and(|stat| Appearance::from(stat) == self.as_prepared)
            && self.folder.inode_at_path().is_ok_and(|inode| inode == self.as_prepared.inode);
        is_untouched.then_some(self)
    }

    /// Whether nothing is in the folder. Takes microseconds.
    pub(crate) fn is_empty(&self) -> bool {
        self.filling().is_ok_and(|filling| filling == Filling::Empty)
    }

    /// How full the file system of the folder is; `None` where it does not say.
    pub(crate) fn usage(&self) -> Option<StatVfs> {
        fstatvfs(&self.directory).ok()
    }

    /// A look into the open folder, which costs next to nothing.
    fn filling(&self) -> io::Result<Filling> {
        let mut filling = Filling::Empty;
        let looked = beneath::each_name(&self.directory, |_, _| {
            filling = Filling::Something;
            false
        });
        match looked {
            Err(error) if error.raw_os_error() == Some(Errno::NOENT.raw_os_error()) => Ok(Filling::Gone),
            looked => looked.map(|()| filling),
        }
    }

    /// Undoes a `chmod` of the folder by the code, which would keep us from its files.
    fn restore_rights(&self) {
        if let Err(error) = rustix::fs::fchmod(&self.directory, Mode::RWXU) {
            tracing::debug!(%error, "the rights of a run's folder could not be restored");
        }
    }
}
