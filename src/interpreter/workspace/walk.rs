//! Going through a run's folder, whatever the code made of it.
//!
//! Iterative, with one open folder for each level up to a limit; no link is followed. Names are taken in order within
//! each folder, so that the same folder always gives the same files.

use std::{
    ffi::{CString, OsStr},
    io,
    os::{
        fd::{AsFd, OwnedFd},
        unix::ffi::OsStrExt,
    },
    path::PathBuf,
    sync::Arc,
    time::Instant,
    vec,
};

use rustix::fs::FileType;

use super::{beneath, names};

/// Unreadable folders that are named.
const MAX_UNREADABLE_NAMED: usize = 10;

/// How far a walk goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct WalkLimits {
    /// Levels of folders below the first.
    pub(super) max_depth: usize,
    /// Names of any sort, in all folders together.
    pub(super) max_entries: usize,
    /// When it stops whatever is left.
    pub(super) until: Instant,
}

/// Something in a folder.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) folder: Arc<OwnedFd>,
    pub(super) name: CString,
    pub(super) path: PathBuf,
    pub(super) file_type: FileType,
}

/// What a walk did not see.
#[derive(Debug, Default)]
pub(super) struct Unseen {
    /// The first folder beyond the depth limit.
    pub(super) too_deep: Option<PathBuf>,
    /// Folders that could not be read; not all of them when there are many.
    pub(super) unreadable: Vec<(PathBuf, io::Error)>,
    /// Whether the limit of entries ended the walk.
    pub(super) is_too_full: bool,
    /// Whether time ended the walk.
    pub(super) is_too_late: bool,
}

/// A walk through a folder. Iterating gives everything but what is left out by its name; each sub-folder is given before
/// it is entered.
pub(super) struct Walk {
    limits: WalkLimits,
    open: Vec<Level>,
    to_enter: Option<Found>,
    entries: usize,
    pub(super) unseen: Unseen,
}

struct Level {
    folder: Arc<OwnedFd>,
    path: PathBuf,
    names: vec::IntoIter<(CString, FileType)>,
}

impl Walk {
    pub(super) fn start(folder: impl AsFd, limits: WalkLimits) -> io::Result<Self> {
        let mut walk = Self { limits, open: Vec::new(), to_enter: None, entries: 0, unseen: Unseen::default() };
        // An own handle, since handles share the place at which names are read.
        walk.enter(beneath::open_directory(folder, c".")?, PathBuf::new())?;
        Ok(walk)
    }

    fn enter(&mut self, folder: OwnedFd, path: PathBuf) -> io::Result<()> {
        let mut names = Vec::new();
        beneath::each_name(&folder, |name, file_type| {
            let is_room = self.entries < self.limits.max_entries;
            if is_room {
                self.entries += 1;
                names.push((name.to_owned(), file_type));
            } else {
                self.unseen.is_too_full = true;
            }
            is_room
        })?;
        names.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        self.open.push(Level { folder: Arc::new(folder), path, names: names.into_iter() });
        Ok(())
    }

    fn enter_sub_folder(&mut self, found: Found) {
        if self.open.len() > self.limits.max_depth {
            self.unseen.too_deep.get_or_insert(found.path);
            return;
        }
        let opened = beneath::open_directory(&found.folder, &found.name);
        if let Err(error) = opened.and_then(|folder| self.enter(folder, found.path.clone()))
            && self.unseen.unreadable.len() < MAX_UNREADABLE_NAMED
        {
            self.unseen.unreadable.push((found.path, error));
        }
    }
}

impl Iterator for Walk {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            if Instant::now() > self.limits.until {
                self.unseen.is_too_late = true;
                return None;
            }
            if let Some(found) = self.to_enter.take() {
                self.enter_sub_folder(found);
            }
            let level = self.open.last_mut()?;
            let Some((name, listed_type)) = level.names.next() else {
                self.open.pop();
                continue;
            };
            if names::is_left_out(name.to_bytes()) {
                continue;
            }
            let folder = Arc::clone(&level.folder);
            let path = level.path.join(OsStr::from_bytes(name.to_bytes()));
            let file_type = match listed_type {
                FileType::Unknown => beneath::stat_name(&folder, &name)
                    .map_or(FileType::Unknown, |stat| FileType::from_raw_mode(stat.st_mode)),
                known => known,
            };
            let found = Found { folder, name, path, file_type };
            if file_type == FileType::Directory {
                self.to_enter = Some(found.clone());
            }
            return Some(found);
        }
    }
}
