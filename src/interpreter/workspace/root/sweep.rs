//! Removing the roots that dead programs left behind.

use std::{
    ffi::OsStr,
    fs, io,
    path::Path,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use rustix::{
    fs::{CWD, FlockOperation, Mode, OFlags, flock, fstat, openat},
    process::geteuid,
};

use super::{MARKER, ROOT_PREFIX, ROOT_RANDOM_LENGTH, remove_root};
use crate::interpreter::workspace::beneath;

/// A start removes no more than this many, so that it is not delayed for long; the next start goes on.
const MAX_SWEPT: usize = 32;

/// A folder without a marker that has not changed for so long is nobody's any more.
const AN_HOUR: Duration = Duration::from_secs(3600);

/// Removes the stale roots beside the one that is about to be made. What cannot be removed is left, with a warning.
pub(super) fn remove_stale_roots(parent: &Path) {
    let Ok(entries) = std::fs::read_dir(parent) else { return };
    let candidates = entries.flatten().filter(|entry| may_be_root(&entry.file_name()));
    let mut swept = 0;
    for entry in candidates {
        match remove_if_stale(&entry.path()) {
            Ok(true) => swept += 1,
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(folder = %entry.path().display(), %error, "a stale folder could not be removed");
            }
        }
        if swept == MAX_SWEPT {
            break;
        }
    }
}

/// Whether nobody can still be about to mark a folder that was changed at this time, in seconds since 1970.
fn is_old(changed: i64) -> bool {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    since.saturating_sub(Duration::from_secs(changed.cast_unsigned())) > AN_HOUR
}

fn may_be_root(name: &OsStr) -> bool {
    name.to_str().and_then(|name| name.strip_prefix(ROOT_PREFIX)).is_some_and(|random| {
        random.len() == ROOT_RANDOM_LENGTH && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// A root is stale when it is ours, is marked, and nobody holds its lock.
///
/// The marker is looked for twice: before the lock because a root that is just being made has none yet, and after it
/// because the root may have been removed by its owner, or by another sweeper, in between.
fn remove_if_stale(path: &Path) -> io::Result<bool> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let Ok(directory) = openat(CWD, path, flags, Mode::empty()) else { return Ok(false) };
    let is_marked = || beneath::stat_name(&directory, MARKER).is_ok();
    let found = fstat(&directory)?;
    if found.st_uid == geteuid().as_raw() && !is_marked() && is_old(found.st_mtime) {
        // Its program was killed when the marker was not there yet, or no more. Only an empty folder can be removed so.
        return Ok(fs::remove_dir(path).is_ok());
    }
    if found.st_uid != geteuid().as_raw()
        || !is_marked()
        || flock(&directory, FlockOperation::NonBlockingLockExclusive).is_err()
        || !is_marked()
    {
        return Ok(false);
    }
    remove_root(&directory, path)?;
    tracing::info!(folder = %path.display(), "removed a folder that a program left behind");
    Ok(true)
}
