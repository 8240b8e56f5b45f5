//! Opening names inside a run's folder without being led out of it.
//!
//! Everything here takes an open folder and *one* name in it, and never follows a link at that name. Whoever goes
//! deeper opens folder by folder, so that no link the code made, at whatever moment, can point the way.

use std::{
    ffi::CStr,
    io,
    mem::MaybeUninit,
    os::fd::{AsFd, AsRawFd, OwnedFd},
    os::unix::ffi::OsStrExt,
    path::{Component, Path},
};

use rustix::{
    fs::{AtFlags, FileType, Mode, OFlags, RawDir, SeekFrom, Stat, chmod, fchmod, fstat, openat, seek, statat},
    io::Errno,
};

const DIRECTORY: OFlags =
    OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC).union(OFlags::NONBLOCK);
const REGULAR: OFlags =
    OFlags::RDONLY.union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC).union(OFlags::NONBLOCK).union(OFlags::NOCTTY);
const OWNER_ALL: Mode = Mode::RWXU;

/// Opens a sub-folder, giving us the right to read and change it if the code took that away.
pub(super) fn open_directory(parent: impl AsFd, name: &CStr) -> io::Result<OwnedFd> {
    let folder = match openat(&parent, name, DIRECTORY, Mode::empty()) {
        Err(Errno::ACCESS) => {
            allow(&parent, name, OWNER_ALL)?;
            openat(&parent, name, DIRECTORY, Mode::empty())?
        }
        other => other?,
    };
    let mode = Mode::from_raw_mode(fstat(&folder)?.st_mode);
    if !mode.contains(OWNER_ALL) {
        // A folder of another owner stays as it is; what it holds may still be readable.
        let _ = fchmod(&folder, mode | OWNER_ALL);
    }
    Ok(folder)
}

/// Opens a regular file for reading. Whatever else bears the name, a pipe for instance, is an error and never blocks.
pub(super) fn open_regular(parent: impl AsFd, name: &CStr) -> io::Result<(OwnedFd, Stat)> {
    let file = match openat(&parent, name, REGULAR, Mode::empty()) {
        // A second name of the file may lie outside: its rights are not ours to change.
        Err(Errno::ACCESS) if stat_name(&parent, name)?.st_nlink == 1 => {
            allow(&parent, name, Mode::RUSR)?;
            openat(&parent, name, REGULAR, Mode::empty())?
        }
        other => other?,
    };
    let stat = fstat(&file)?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    Ok((file, stat))
}

/// What stands at a name, a link itself and not what it points to.
pub(super) fn stat_name(parent: impl AsFd, name: &CStr) -> io::Result<Stat> {
    Ok(statat(parent, name, AtFlags::SYMLINK_NOFOLLOW)?)
}

/// What stands at a relative path, with no link followed on the way either.
pub(super) fn stat_path(root: impl AsFd, path: &Path) -> io::Result<Stat> {
    let (folder, name) = match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => (open_path(root, parent)?, name),
        _ => return Ok(fstat(root)?),
    };
    Ok(statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)?)
}

/// Opens the folder at a relative path, folder by folder. The empty path is a second handle on `root` itself.
pub(super) fn open_path(root: impl AsFd, path: &Path) -> io::Result<OwnedFd> {
    let mut folder = openat(root, c".", DIRECTORY, Mode::empty())?;
    for part in path.components() {
        let Component::Normal(name) = part else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path leaves the folder"));
        };
        folder = openat(folder, name.as_bytes(), DIRECTORY, Mode::empty())?;
    }
    Ok(folder)
}

/// Calls `visit` with each name in an open folder, from its start, until it answers `false`.
pub(super) fn each_name(folder: impl AsFd, mut visit: impl FnMut(&CStr, FileType) -> bool) -> io::Result<()> {
    seek(&folder, SeekFrom::Start(0))?;
    let mut buffer = [MaybeUninit::<u8>::uninit(); 8192];
    let mut names = RawDir::new(&folder, &mut buffer);
    while let Some(entry) = names.next() {
        let entry = entry?;
        let name = entry.file_name();
        if name != c"." && name != c".." && !visit(name, entry.file_type()) {
            break;
        }
    }
    Ok(())
}

/// Adds rights to what stands at a name. The handle in between makes sure that it is not a link elsewhere.
fn allow(parent: impl AsFd, name: &CStr, rights: Mode) -> io::Result<()> {
    let handle = openat(parent, name, OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())?;
    let mode = Mode::from_raw_mode(fstat(&handle)?.st_mode);
    Ok(chmod(format!("/proc/self/fd/{}", handle.as_raw_fd()), mode | rights)?)
}
