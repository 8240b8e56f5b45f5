//! Emptying a folder that hostile code filled.
//!
//! The standard library's `remove_dir_all` holds one descriptor and one stack frame for each level and stops at the
//! first folder it may not enter. Here each sub-folder is moved up to the top before it is emptied, so that a tree of
//! any depth needs two descriptors, and folders without rights get them back first.

use std::{
    ffi::{CStr, CString},
    io,
    os::fd::AsFd,
    time::{Duration, Instant},
};

use rustix::{
    fs::{AtFlags, FileType, renameat, unlinkat},
    io::Errno,
};

use crate::interpreter::workspace::beneath::{each_name, open_directory};

/// Names taken from a folder at once, so that memory stays small whatever it holds.
const BATCH: usize = 4096;
/// Code that is still running can write as fast as we remove; then somebody else has to finish.
const MAX_DURATION: Duration = Duration::from_secs(120);
/// Tries to find a free name at the top for a folder that is moved up.
const MAX_NAMES_TRIED: u32 = 64;

/// Removes everything in `folder`, except what is named `keep`.
pub(super) fn empty_folder(folder: impl AsFd, keep: Option<&CStr>) -> io::Result<()> {
    let mut emptying = Emptying { top: folder, moved: 0, until: Instant::now() + MAX_DURATION };
    loop {
        let names = emptying.names(&emptying.top, keep)?;
        if names.is_empty() {
            return Ok(());
        }
        for (name, file_type) in names {
            emptying.remove(&name, file_type)?;
        }
    }
}

struct Emptying<Folder> {
    top: Folder,
    moved: u32,
    until: Instant,
}

impl<Folder: AsFd> Emptying<Folder> {
    fn names(&self, folder: impl AsFd, keep: Option<&CStr>) -> io::Result<Vec<(CString, FileType)>> {
        if Instant::now() > self.until {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "it could not be emptied in time"));
        }
        let mut names = Vec::new();
        each_name(folder, |name, file_type| {
            if Some(name) != keep {
                names.push((name.to_owned(), file_type));
            }
            names.len() < BATCH
        })?;
        Ok(names)
    }

    /// Removes one name of the top folder; what its sub-folders hold is at the top afterwards.
    fn remove(&mut self, name: &CStr, file_type: FileType) -> io::Result<()> {
        if file_type != FileType::Directory {
            match unlinkat(&self.top, name, AtFlags::empty()) {
                // Only where the file system does not tell types does a folder come this way.
                Err(Errno::ISDIR) => {}
                other => return gone_is_fine(other),
            }
        }
        match unlinkat(&self.top, name, AtFlags::REMOVEDIR) {
            Err(Errno::NOTEMPTY | Errno::EXIST | Errno::ACCESS) => {}
            other => return gone_is_fine(other),
        }
        let folder = open_directory(&self.top, name)?;
        loop {
            let names = self.names(&folder, None)?;
            if names.is_empty() {
                return gone_is_fine(unlinkat(&self.top, name, AtFlags::REMOVEDIR));
            }
            for (inner, file_type) in names {
                self.remove_or_move_up(&folder, &inner, file_type)?;
            }
        }
    }

    fn remove_or_move_up(&mut self, folder: impl AsFd, name: &CStr, file_type: FileType) -> io::Result<()> {
        if file_type != FileType::Directory {
            match unlinkat(&folder, name, AtFlags::empty()) {
                Err(Errno::ISDIR) => {}
                other => return gone_is_fine(other),
            }
        }
        for _ in 0..MAX_NAMES_TRIED {
            self.moved += 1;
            let free = format!("~{}", self.moved);
            match renameat(&folder, name, &self.top, free.as_str()) {
                Err(Errno::NOTEMPTY | Errno::EXIST | Errno::NOTDIR) => {}
                // Moving a folder changes its "..", for which one needs the right to write to it.
                Err(Errno::ACCESS) => drop(open_directory(&folder, name)?),
                other => return gone_is_fine(other),
            }
        }
        Err(io::Error::new(io::ErrorKind::AlreadyExists, "its folders cannot be moved"))
    }
}

fn gone_is_fine(result: rustix::io::Result<()>) -> io::Result<()> {
    match result {
        Err(Errno::NOENT) => Ok(()),
        other => Ok(other?),
    }
}
