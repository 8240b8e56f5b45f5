//! The folders of packages, one for each owner, and how they change: whole or not at all.
//!
//! ```text
//! {root}/{owner}/             the packages of an owner, what `sys.path` names
//! {root}/.locks/{owner}       held while the owner's packages change
//! {root}/.staging/{owner}.x/  an installation that goes on; swept when nobody holds the lock
//! {root}/.ready/{owner}.x/    an installation that is complete and being moved over; continued after a crash
//! ```

mod disk;
mod merge;

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use sha2::{Digest, Sha256};
use tempfile::TempDir;

pub(super) use self::disk::{DiskUse, bytes_in, remove_leftovers};
use self::merge::merge;
use super::{failure::Failure, uv::Watch};

/// How often a lock that somebody else holds is tried again.
const LOCK_PAUSE: Duration = Duration::from_millis(20);
/// The folder of runs without an owner. No hash looks like this.
const NO_OWNER: &str = "no-owner";
/// Bytes of the hash of an owner's name that name his folder.
const HASH_BYTES: usize = 16;

/// Where packages of all owners lie.
#[derive(Debug)]
pub(super) struct Store {
    root: PathBuf,
}

impl Store {
    /// Opens the folder, which need not exist yet, and brings what a crash left in order.
    pub(super) fn open(root: PathBuf) -> io::Result<Self> {
        let store = Self { root };
        store.sweep()?;
        Ok(store)
    }

    /// The folder of an owner's packages. It is made by the first installation.
    pub(super) fn owner_folder(&self, owner: Option<&str>) -> PathBuf {
        self.root.join(key(owner))
    }

    /// Waits until nobody else changes the owner's packages, in this process or another.
    pub(super) fn lock(&self, owner: Option<&str>, watch: &Watch<'_>) -> Result<OwnerLock<'_>, Failure> {
        for folder in [self.staging(), self.ready()] {
            fs::create_dir_all(folder)?;
        }
        let key = key(owner);
        loop {
            if let Some(lock) = self.try_lock(&key)? {
                lock.restore()?;
                return Ok(lock);
            }
            watch.check()?;
            thread::sleep(LOCK_PAUSE);
        }
    }

    fn try_lock(&self, key: &str) -> io::Result<Option<OwnerLock<'_>>> {
        fs::create_dir_all(self.locks())?;
        let file = File::options().create(true).truncate(false).write(true).open(self.locks().join(key))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(OwnerLock { store: self, key: key.to_owned(), _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Continues or removes what was going on when the program was killed. Owners whose packages another process
    /// is changing right now are left to it.
    fn sweep(&self) -> io::Result<()> {
        for folder in [self.ready(), self.staging()] {
            let entries = match fs::read_dir(folder) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                entries => entries?,
            };
            for entry in entries {
                let name = entry?.file_name();
                let Some((key, _)) = name.to_str().and_then(|name| name.split_once('.')) else { continue };
                if let Some(lock) = self.try_lock(key)? {
                    lock.restore()?;
                }
            }
        }
        Ok(())
    }

    fn locks(&self) -> PathBuf {
        self.root.join(".locks")
    }

    fn staging(&self) -> PathBuf {
        self.root.join(".staging")
    }

    fn ready(&self) -> PathBuf {
        self.root.join(".ready")
    }
}

/// The right to change one owner's packages, given back when dropped.
#[derive(Debug)]
pub(super) struct OwnerLock<'a> {
    store: &'a Store,
    key: String,
    _file: File,
}

impl OwnerLock<'_> {
    /// The folder of the owner's packages.
    pub(super) fn folder(&self) -> PathBuf {
        self.store.root.join(&self.key)
    }

    /// A new folder for an installation, removed when dropped.
    pub(super) fn stage(&self) -> io::Result<Staging> {
        let folder = tempfile::Builder::new().prefix(&self.prefix()).tempdir_in(self.store.staging())?;
        fs::create_dir(folder.path().join("new"))?;
        Ok(Staging(folder))
    }

    /// Moves what was installed into the owner's folder, instead of older versions of the same distributions.
    pub(super) fn publish(&self, staging: &Staging) -> io::Result<()> {
        let name = staging.0.path().file_name().unwrap_or_default();
        let ready = self.store.ready().join(name);
        fs::rename(staging.target(), &ready)?;
        self.take_over(&ready)
    }

    /// Brings the owner's folder in order after a crash.
    fn restore(&self) -> io::Result<()> {
        for ready in self.own(&self.store.ready())? {
            self.take_over(&ready)?;
        }
        for staging in self.own(&self.store.staging())? {
            fs::remove_dir_all(staging)?;
        }
        Ok(())
    }

    fn take_over(&self, ready: &Path) -> io::Result<()> {
        merge(ready, &self.folder())?;
        fs::remove_dir_all(ready)
    }

    fn own(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let prefix = self.prefix();
        let paths = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
        let is_own = |path: &PathBuf| {
            path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(prefix.as_bytes()))
        };
        paths.filter(|path| path.as_ref().map_or(true, is_own)).collect()
    }

    fn prefix(&self) -> String {
        format!("{}.", self.key)
    }
}

/// A folder in which one installation works.
#[derive(Debug)]
pub(super) struct Staging(TempDir);

impl Staging {
    /// Where the installer works and its lists stand.
    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Where it puts packages.
    pub(super) fn target(&self) -> PathBuf {
        self.0.path().join("new")
    }
}

/// An owner's name as that of a folder: hashed, so that no name leads anywhere.
fn key(owner: Option<&str>) -> String {
    use std::fmt::Write as _;
    let Some(owner) = owner else { return NO_OWNER.to_owned() };
    let mut key = String::with_capacity(2 * HASH_BYTES);
    for byte in &Sha256::digest(owner)[..HASH_BYTES] {
        let _ = write!(key, "{byte:02x}");
    }
    key
}

#[cfg(test)]
mod tests {
    use std::{sync::atomic::AtomicBool, time::Instant};

    use super::*;

    fn store() -> (TempDir, Store) {
        let root = tempfile::tempdir().expect("a folder");
        let store = Store::open(root.path().join("packages")).expect("a store");
        (root, store)
    }

    fn soon(cancelled: &AtomicBool) -> Watch<'_> {
        let timeout = Duration::from_millis(200);
        Watch { deadline: Instant::now() + timeout, timeout, cancelled }
    }

    /// X14: nothing of an owner's name leads out of the root or to another owner.
    #[test]
    fn every_owner_has_a_folder_directly_beneath_the_root() {
        let (_root, store) = store();
        let owners =
            [None, Some(""), Some("no-owner"), Some("../.."), Some("/etc"), Some("a/b"), Some(".locks"), Some("ä\0b")];
        let folders: std::collections::BTreeSet<_> = owners.iter().map(|owner| store.owner_folder(*owner)).collect();
        assert_eq!(folders.len(), owners.len());
        assert!(folders.iter().all(|folder| folder.parent() == Some(&store.root)));
        assert_eq!(store.owner_folder(Some("user-7")), store.root.join("092081140b677b45dbe983b2f0d4ae02"));
    }

    #[test]
    fn one_owner_is_changed_by_one_at_a_time_and_others_do_not_wait() {
        let (_root, store) = store();
        let never = AtomicBool::new(false);
        let first = store.lock(Some("a"), &soon(&never)).expect("a lock");
        assert_eq!(
            store.lock(Some("a"), &soon(&never)).map(|_| ()),
            Err(Failure::TimedOut(Duration::from_millis(200)))
        );
        store.lock(Some("b"), &soon(&never)).expect("another owner's lock");
        drop(first);
        store.lock(Some("a"), &soon(&never)).expect("the lock again");
    }

    #[test]
    fn what_a_crash_left_is_continued_when_complete_and_removed_when_not() {
        let (root, store) = store();
        let key = key(Some("a"));
        let ready = store.ready().join(format!("{key}.x/cow"));
        let staging = store.staging().join(format!("{key}.y/new"));
        fs::create_dir_all(&ready).expect("made");
        fs::create_dir_all(&staging).expect("made");
        fs::write(ready.join("__init__.py"), "moo").expect("written");

        let store = Store::open(root.path().join("packages")).expect("a store");
        let text = fs::read_to_string(store.owner_folder(Some("a")).join("cow/__init__.py")).expect("moved over");
        assert_eq!(text, "moo");
        assert!(!ready.exists() && !staging.exists());
    }

    #[test]
    fn what_another_process_is_doing_is_left_to_it() {
        let (root, store) = store();
        let never = AtomicBool::new(false);
        let lock = store.lock(Some("a"), &soon(&never)).expect("a lock");
        let staging = lock.stage().expect("a folder");
        Store::open(root.path().join("packages")).expect("a second store");
        assert!(staging.path().exists());
    }
}
