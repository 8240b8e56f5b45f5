//! The folder that holds the folders of all runs, and its removal.

mod removal;
mod sweep;

use std::{
    env,
    ffi::{CStr, CString},
    fs::{self, Permissions},
    io,
    os::{
        fd::{AsFd, AsRawFd as _, OwnedFd},
        unix::fs::PermissionsExt,
    },
    path::{Path, PathBuf},
    process,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use rustix::fs::{AtFlags, CWD, FlockOperation, Mode, OFlags, flock, fstat, mkdirat, openat, unlinkat};

use self::removal::empty_folder;
use super::{Workspace, beneath, live::Reporter};

/// In front of every root's name.
const ROOT_PREFIX: &str = "taipan-";
/// How many random letters and digits follow it.
const ROOT_RANDOM_LENGTH: usize = 12;
/// The file that says that a folder is a root, and that its maker has locked it.
const MARKER: &CStr = c".taipan-root";

/// The folder `taipan-…` in which all runs of one interpreter have their own folders.
///
/// It is locked as long as this program lives, and removed when the interpreter and every file it generated are
/// dropped. What a program that died left behind is removed when the next one starts.
pub(crate) struct WorkspaceRoot {
    folder: Arc<RootFolder>,
    reporter: Reporter,
    made: AtomicU64,
}

impl WorkspaceRoot {
    /// Makes the root in `parent`, or in the system's folder for temporary files, and removes stale ones there.
    ///
    /// Starts a thread, so it must not be called on a worker, whose working directory the thread would share.
    pub(crate) fn create(parent: Option<PathBuf>) -> io::Result<Self> {
        let parent = parent.unwrap_or_else(env::temp_dir);
        let parent = fs::canonicalize(&parent).map_err(|error| naming(&parent, &error))?;
        sweep::remove_stale_roots(&parent);
        Ok(Self {
            folder: Arc::new(RootFolder::create(&parent)?),
            reporter: Reporter::start()?,
            made: AtomicU64::new(0),
        })
    }

    /// Makes an empty folder for files that are to stay as they are.
    pub(crate) fn kept_folder(&self) -> io::Result<KeptFolder> {
        KeptFolder::create(&self.folder, self.made.fetch_add(1, Ordering::Relaxed))
    }

    /// Takes a folder in which a run works elsewhere: a sandbox's own, which goes with the last handle on it.
    ///
    /// Starts a thread, so it must not be called on a worker of isolation `thread`.
    pub(crate) fn adopt(&self, directory: OwnedFd) -> io::Result<Workspace> {
        Workspace::prepare(KeptFolder::handed(directory), &self.reporter)
    }

    /// Where the root is.
    pub(crate) fn path(&self) -> &Path {
        &self.folder.path
    }

    /// Makes an empty folder for a run, watched already. Takes a fraction of a millisecond, on a disk a whole one.
    ///
    /// Starts a thread, so it must not be called on a worker.
    pub(crate) fn workspace(&self) -> io::Result<Workspace> {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        Workspace::prepare(KeptFolder::create(&self.folder, number)?, &self.reporter)
    }
}

/// The root on the disk; everything that lies in it keeps it.
#[derive(Debug)]
struct RootFolder {
    path: PathBuf,
    /// Holds the lock, too: `systemd-tmpfiles` leaves locked folders alone, and so do we.
    directory: OwnedFd,
    /// A child that the code forks has this object as well, and must not remove its parent's folders.
    process: u32,
}

impl RootFolder {
    fn create(parent: &Path) -> io::Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix(ROOT_PREFIX)
            .rand_bytes(ROOT_RANDOM_LENGTH)
            .permissions(Permissions::from_mode(0o700))
            .tempdir_in(parent)?;
        let directory = open_folder(CWD, folder.path())?;
        // First the lock, then the marker: a sweeper takes no notice of a folder without a marker.
        flock(&directory, FlockOperation::LockExclusive)?;
        let flags = OFlags::CREATE | OFlags::EXCL | OFlags::WRONLY | OFlags::CLOEXEC;
        openat(&directory, MARKER, flags, Mode::RUSR | Mode::WUSR)?;
        Ok(Self { path: folder.keep(), directory, process: process::id() })
    }
}

impl Drop for RootFolder {
    fn drop(&mut self) {
        if self.process != process::id() {
            return;
        }
        if let Err(error) = remove_root(&self.directory, &self.path) {
            tracing::warn!(folder = %self.path.display(), %error, "the folder of all runs could not be removed");
        }
    }
}

/// Removes a root whose lock is held by the caller: first what it holds, then the marker, then itself.
fn remove_root(directory: impl AsFd, path: &Path) -> io::Result<()> {
    empty_folder(&directory, Some(MARKER))?;
    match unlinkat(&directory, MARKER, AtFlags::empty()) {
        Ok(()) | Err(rustix::io::Errno::NOENT) => {}
        Err(error) => return Err(error.into()),
    }
    match fs::remove_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// A run's folder on the disk. It is removed when nobody needs it any more: neither the run nor a generated file.
#[derive(Debug)]
pub(crate) struct KeptFolder {
    path: PathBuf,
    place: Place,
}

/// Where a folder is.
#[derive(Debug)]
enum Place {
    /// In the root, under this name.
    InRoot { name: CString, root: Arc<RootFolder> },
    /// Where only this handle leads to. Its path is that of the handle, so it cannot be led elsewhere.
    Handed(OwnedFd),
}

impl KeptFolder {
    fn create(root: &Arc<RootFolder>, number: u64) -> io::Result<Self> {
        let text = number.to_string();
        mkdirat(&root.directory, text.as_str(), Mode::RWXU).map_err(|error| naming(&root.path, &error.into()))?;
        let name = CString::new(text.as_str())?;
        Ok(Self { path: root.path.join(text), place: Place::InRoot { name, root: Arc::clone(root) } })
    }

    fn handed(directory: OwnedFd) -> Self {
        let path = PathBuf::from(format!("/proc/self/fd/{}", directory.as_raw_fd()));
        Self { path, place: Place::Handed(directory) }
    }

    /// Where the folder is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn open(&self) -> io::Result<OwnedFd> {
        match &self.place {
            Place::InRoot { root, .. } => open_folder(&root.directory, &self.path),
            Place::Handed(directory) => open_folder(directory, Path::new(".")),
        }
    }

    /// The inode that bears the folder's name now, which the code may have changed.
    pub(super) fn inode_at_path(&self) -> io::Result<u64> {
        match &self.place {
            Place::InRoot { name, root } => Ok(beneath::stat_name(&root.directory, name)?.st_ino),
            Place::Handed(directory) => Ok(fstat(directory)?.st_ino),
        }
    }

    fn remove(name: &CStr, root: &RootFolder) -> io::Result<()> {
        let parent = &root.directory;
        match beneath::open_directory(parent, name) {
            Ok(folder) => empty_folder(&folder, None)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            // The code put something else in its place; a link is removed and not followed.
            Err(_) => return Ok(unlinkat(parent, name, AtFlags::empty())?),
        }
        Ok(unlinkat(parent, name, AtFlags::REMOVEDIR)?)
    }
}

impl Drop for KeptFolder {
    fn drop(&mut self) {
        let Place::InRoot { name, root } = &self.place else { return };
        if root.process != process::id() {
            return;
        }
        if let Err(error) = Self::remove(name, root) {
            tracing::warn!(folder = %self.path.display(), %error, "a run's folder could not be removed");
        }
    }
}

fn open_folder(parent: impl AsFd, path: &Path) -> io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(openat(parent, path, flags, Mode::empty())?)
}

fn naming(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
