//! How much of the disk packages take, measured while they arrive.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use crate::interpreter::packages::failure::Failure;

/// Installing stops before the disk has less free space than this.
const MIN_FREE_BYTES: u64 = 512 * 1024 * 1024;
/// Half-fetched wheels of an installer that was killed are removed from the cache after this time.
const LEFTOVER_AGE: Duration = Duration::from_secs(60 * 60);

/// Watches an installation's use of the disk: the cache it fetches wheels into, and the folder it fills.
///
/// Fetching is where bytes arrive, so entries that are new in the cache count. An entry that another owner's
/// installation adds meanwhile counts as well: the limit may then strike early, never late.
pub(crate) struct DiskUse {
    staging: PathBuf,
    cache: PathBuf,
    known: BTreeSet<OsString>,
    /// What the installation may add to the owner's folder.
    allowance: u64,
    limit: u64,
}

impl DiskUse {
    /// Starts to watch an installation for somebody who has `taken` of `limit` bytes already.
    pub(crate) fn watch(staging: &Path, cache: &Path, taken: u64, limit: u64) -> Self {
        Self {
            staging: staging.to_owned(),
            cache: cache.to_owned(),
            known: fetched(cache).map(|(name, _)| name).collect(),
            allowance: limit.saturating_sub(taken),
            limit,
        }
    }

    /// Whether the limits still hold.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let disk = rustix::fs::statvfs(&self.staging).map_err(io::Error::from)?;
        if disk.f_bavail.saturating_mul(disk.f_frsize) < MIN_FREE_BYTES {
            return Err(Failure::DiskFull);
        }
        let new = fetched(&self.cache).filter(|(name, _)| !self.known.contains(name));
        let fetched: u64 = new.map(|(_, path)| bytes_in(&path)).sum();
        if fetched.max(bytes_in(&self.staging)) > self.allowance {
            return Err(Failure::TooLarge(self.limit));
        }
        Ok(())
    }
}

/// Bytes of all files beneath a path. What vanishes meanwhile does not count.
pub(crate) fn bytes_in(path: &Path) -> u64 {
    let Ok(metadata) = fs::symlink_metadata(path) else { return 0 };
    if !metadata.is_dir() {
        return metadata.len();
    }
    fs::read_dir(path).into_iter().flatten().flatten().map(|entry| bytes_in(&entry.path())).sum()
}

/// Removes half-fetched wheels that no living installer can still be working on.
pub(crate) fn remove_leftovers(cache: &Path) {
    let is_old = |path: &Path| {
        let changed = fs::symlink_metadata(path).and_then(|metadata| metadata.modified());
        changed.is_ok_and(|time| SystemTime::now().duration_since(time).is_ok_and(|age| age > LEFTOVER_AGE))
    };
    for (_, path) in temporary(cache).filter(|(_, path)| is_old(path)) {
        if let Err(error) = fs::remove_dir_all(&path) {
            tracing::warn!(path = %path.display(), %error, "a half-fetched package could not be removed");
        }
    }
}

/// Wheels in the cache, those still being fetched included: `archive-v0/{id}` and `.tmp{id}`.
fn fetched(cache: &Path) -> impl Iterator<Item = (OsString, PathBuf)> + use<> {
    entries(cache, "archive-v").flat_map(|(_, archive)| entries(&archive, "")).chain(temporary(cache))
}

fn temporary(cache: &Path) -> impl Iterator<Item = (OsString, PathBuf)> + use<> {
    entries(cache, ".tmp")
}

fn entries(folder: &Path, prefix: &'static str) -> impl Iterator<Item = (OsString, PathBuf)> + use<> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| (entry.file_name(), entry.path()))
        .filter(move |(name, _)| name.as_encoded_bytes().starts_with(prefix.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_arrives_in_the_cache_counts_from_the_start_of_the_watch() {
        let folder = tempfile::tempdir().expect("a folder");
        let (staging, cache) = (folder.path().join("staging"), folder.path().join("cache"));
        fs::create_dir_all(&staging).expect("made");
        fs::create_dir_all(cache.join("archive-v0/old")).expect("made");
        fs::write(cache.join("archive-v0/old/file"), [0; 9000]).expect("written");

        let watch = DiskUse::watch(&staging, &cache, 600, 1000);
        assert_eq!(watch.check(), Ok(()));
        fs::create_dir_all(cache.join(".tmpabc/deep")).expect("made");
        fs::write(cache.join(".tmpabc/deep/file"), [0; 400]).expect("written");
        assert_eq!(watch.check(), Ok(()));
        fs::write(cache.join(".tmpabc/more"), [0]).expect("written");
        assert_eq!(watch.check(), Err(Failure::TooLarge(1000)));
    }

    #[test]
    fn a_fresh_half_fetched_wheel_is_left_to_whoever_fetches_it() {
        let cache = tempfile::tempdir().expect("a folder");
        let (fresh, old) = (cache.path().join(".tmpfresh"), cache.path().join(".tmpold"));
        for path in [&fresh, &old] {
            fs::create_dir(path).expect("made");
        }
        let long_ago = SystemTime::now() - 2 * LEFTOVER_AGE;
        fs::File::open(&old).and_then(|folder| folder.set_modified(long_ago)).expect("a new time");
        remove_leftovers(cache.path());
        assert_eq!((fresh.exists(), old.exists()), (true, false));
    }
}
