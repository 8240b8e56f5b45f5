//! The folder of one owner. Names in it are opened below it, one by one, and a link is never followed: where the
//! owner's folder or a file is one, somebody else put it there.

use std::{
    fs::File,
    io,
    os::fd::OwnedFd,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

use rustix::{
    fs::{
        AtFlags, CWD, Dir, FileType, Mode, OFlags, RenameFlags, Stat, fchmod, fstat, fsync, mkdirat, openat, renameat,
        renameat_with, statat, unlinkat,
    },
    io::Errno,
};

use super::place::Place;
use crate::identifiers::UserId;

const DIRECTORY: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
const REGULAR: OFlags =
    OFlags::RDONLY.union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);
/// Others do not get as far as an owner's folder. Sandboxes, which are nobody, are shown single files of it, and may read
/// them as they are.
const FOLDER_MODE: Mode = Mode::RWXU;
const FILE_MODE: Mode = Mode::RUSR.union(Mode::WUSR).union(Mode::RGRP).union(Mode::ROTH);
/// An empty folder may be removed by others just when a file is to be put there; names may be taken.
const MOST_TRIES: usize = 1000;

/// Numbers files that are not finished.
static NEXT_UNFINISHED: AtomicU64 = AtomicU64::new(0);

/// An open folder.
#[derive(Debug)]
pub(super) struct OwnerFolder {
    folder: OwnedFd,
}

impl OwnerFolder {
    /// Opens the folder that there is. Another name's link is not followed, and what is no folder is not there.
    pub(super) fn open(root: &Path, owner: UserId) -> io::Result<Self> {
        Self::open_in(&open_root(root)?, owner)
    }

    /// Opens the folder, making it if need be, and begins a file in it: what it is called until it is finished, and the
    /// file, open for reading and writing.
    pub(super) fn begin_file(root: &Path, owner: UserId) -> io::Result<(Self, String, File)> {
        let root = open_root(root)?;
        let mut tries = 0;
        loop {
            let begun = Self::make_in(&root, owner).and_then(|folder| {
                let (name, file) = folder.new_file()?;
                Ok((folder, name, file))
            });
            tries += 1;
            match begun {
                Err(error) if is_gone_or_taken(&error) && tries < MOST_TRIES => {}
                begun => return begun,
            }
        }
    }

    fn make_in(root: &OwnedFd, owner: UserId) -> io::Result<Self> {
        match mkdirat(root, owner.to_string(), FOLDER_MODE) {
            // A file would be gone with its folder's name.
            Ok(()) => fsync(root)?,
            Err(Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
        Self::open_in(root, owner)
    }

    fn open_in(root: &OwnedFd, owner: UserId) -> io::Result<Self> {
        let folder = openat(root, owner.to_string(), DIRECTORY | OFlags::NOFOLLOW, Mode::empty())?;
        Ok(Self { folder })
    }

    fn new_file(&self) -> io::Result<(String, File)> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let name = Place::unfinished(now.as_nanos(), NEXT_UNFINISHED.fetch_add(1, Ordering::Relaxed));
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = openat(&self.folder, &name, flags, FILE_MODE)?;
        // Whatever is masked out of the rights of new files.
        fchmod(&file, FILE_MODE)?;
        Ok((name, File::from(file)))
    }

    /// Opens a regular file for reading.
    pub(super) fn open_file(&self, name: &str) -> io::Result<(File, u64)> {
        let file = openat(&self.folder, name, REGULAR, Mode::empty())?;
        let stat = fstat(&file)?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            return Err(Errno::NOENT.into());
        }
        Ok((File::from(file), size(&stat)))
    }

    /// Gives a file another name, which nothing has: else the error is [`io::ErrorKind::AlreadyExists`].
    pub(super) fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        match renameat_with(&self.folder, from, &self.folder, to, RenameFlags::NOREPLACE) {
            // Some file systems of networks cannot make sure of it; then it has to do that it was looked at.
            Err(Errno::INVAL | Errno::NOSYS) => match statat(&self.folder, to, AtFlags::SYMLINK_NOFOLLOW) {
                Err(Errno::NOENT) => self.replace(from, to),
                Ok(_) => Err(Errno::EXIST.into()),
                Err(error) => Err(error.into()),
            },
            other => Ok(other?),
        }
    }

    /// Gives a file another name, whatever has it.
    pub(super) fn replace(&self, from: &str, to: &str) -> io::Result<()> {
        Ok(renameat(&self.folder, from, &self.folder, to)?)
    }

    /// Makes sure that names last.
    pub(super) fn sync(&self) -> io::Result<()> {
        Ok(fsync(&self.folder)?)
    }

    /// Removes a file, or a link; what it leads to stays. Gives its size in bytes.
    pub(super) fn remove(&self, name: &str) -> io::Result<u64> {
        let stat = statat(&self.folder, name, AtFlags::SYMLINK_NOFOLLOW)?;
        unlinkat(&self.folder, name, AtFlags::empty())?;
        Ok(size(&stat))
    }

    /// Calls `found` with each file and link, up to `most` of them.
    pub(super) fn each(&self, most: usize, mut found: impl FnMut(&str, &Stat)) -> io::Result<()> {
        for entry in Dir::read_from(&self.folder)?.take(most) {
            let entry = entry?;
            // Nothing of ours has a name that is no text.
            let Ok(name) = entry.file_name().to_str() else { continue };
            let Ok(stat) = statat(&self.folder, name, AtFlags::SYMLINK_NOFOLLOW) else { continue };
            if matches!(FileType::from_raw_mode(stat.st_mode), FileType::RegularFile | FileType::Symlink) {
                found(name, &stat);
            }
        }
        Ok(())
    }
}

/// Removes an owner's folder if nothing is in it; gives whether it was there and empty.
pub(super) fn remove_empty(root: &Path, owner: UserId) -> io::Result<bool> {
    match unlinkat(open_root(root)?, owner.to_string(), AtFlags::REMOVEDIR) {
        Ok(()) => Ok(true),
        Err(Errno::NOTEMPTY | Errno::EXIST | Errno::NOENT | Errno::NOTDIR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Whoever has a folder.
pub(super) fn owners(root: &Path) -> io::Result<Vec<UserId>> {
    let mut owners = Vec::new();
    for entry in Dir::read_from(open_root(root)?)? {
        let entry = entry?;
        let name = entry.file_name().to_str().ok();
        owners.extend(name.and_then(|name| name.parse::<UserId>().ok()));
    }
    Ok(owners)
}

fn open_root(root: &Path) -> io::Result<OwnedFd> {
    Ok(openat(CWD, root, DIRECTORY, Mode::empty())?)
}

fn size(stat: &Stat) -> u64 {
    u64::try_from(stat.st_size).unwrap_or_default()
}

fn is_gone_or_taken(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::AlreadyExists)
}
