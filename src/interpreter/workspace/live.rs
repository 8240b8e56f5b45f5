//! Reporting files while the code that writes them still runs.
//!
//! Three parties, none of which waits for another: the watcher's thread only notes paths, the reporter's thread looks
//! at what was noted and tells the listener, and the code knows of neither. What is lost on the way (full queues, new
//! folders that appear faster than watches) is not lost for the run: the final walk has the last word.

use std::{
    collections::HashMap,
    io, mem,
    os::fd::OwnedFd,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, OnceLock, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::{Duration, Instant},
};

use rustix::fs::{FileType, Stat};

use super::{
    beneath, names,
    walk::{Walk, WalkLimits},
    watcher::FolderWatcher,
};
use crate::{formats, interpreter::FileSeen};

/// One run's files are reported live at most this often.
pub(super) const MAX_REPORTS: usize = 1000;
/// Paths noted and not yet looked at; beyond it the whole folder is looked through instead.
const MAX_NOTED: usize = 1000;
/// Bounds for looking through a folder that appeared whole.
const MAX_ENTRIES_LOOKED_THROUGH: usize = 10_000;
const MAX_DEPTH: usize = 32;
/// Sub-folders that are watched, one after the other or at once.
const MAX_FOLDERS: usize = 1000;
const MAX_TIME_LOOKING_THROUGH: Duration = Duration::from_secs(2);

/// Is told of each file as it is seen. It is called on the reporter's thread, which serves all runs: it should hand
/// over and return. If it does not, live reports are late and nothing else.
pub(crate) type FileSink = Arc<dyn Fn(FileSeen) + Send + Sync>;

/// How a path came to be noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// A name has appeared. A file of one name is still being written; a hard link or folder is all there.
    Appeared,
    /// A file was closed after writing, or moved here.
    Complete,
}

/// Size and time of change: while they are the same, so is the file.
pub(super) type Stamp = (u64, i64, i64);

pub(super) fn stamp(stat: &Stat) -> Stamp {
    (size(stat), stat.st_mtime, i64::try_from(stat.st_mtime_nsec).unwrap_or_default())
}

pub(super) fn size(stat: &Stat) -> u64 {
    u64::try_from(stat.st_size).unwrap_or_default()
}

/// A workspace's place for a listener.
pub(super) struct Live {
    directory: Arc<OwnedFd>,
    watcher: OnceLock<Weak<FolderWatcher>>,
    listener: Mutex<Option<Arc<Listener>>>,
    queue: Sender<Arc<Listener>>,
}

impl Live {
    pub(super) fn new(directory: Arc<OwnedFd>, reporter: &Reporter) -> Self {
        Self { directory, watcher: OnceLock::new(), listener: Mutex::new(None), queue: reporter.queue.clone() }
    }

    /// Says who can watch sub-folders. Held loosely, since the watcher's thread holds this.
    pub(super) fn watched_by(&self, watcher: &Arc<FolderWatcher>) {
        let _ = self.watcher.set(Arc::downgrade(watcher));
    }

    /// Notes that something happened at a path relative to the folder; the empty path stands for all of it.
    pub(super) fn note(&self, path: &Path, cause: Cause) {
        let Some(listener) = self.listener() else { return };
        if path.iter().any(|part| names::is_left_out(part.as_encoded_bytes())) {
            return;
        }
        if listener.note(path, cause) {
            // The reporter only ends after the last workspace has.
            let _ = self.queue.send(listener);
        }
    }

    /// Counts a file as reported: it is the interpreter's own doing.
    pub(super) fn pass_over(&self, name: &str, stamp: Stamp) {
        if let Some(listener) = self.listener() {
            lock(&listener.state).seen.insert(name.to_owned(), stamp);
        }
    }

    fn listener(&self) -> Option<Arc<Listener>> {
        lock(&self.listener).clone()
    }
}

/// While it lives, files are reported; see [`Workspace::watch`](super::Workspace::watch).
#[must_use = "files are reported while it lives"]
pub(crate) struct LiveWatch {
    live: Arc<Live>,
    listener: Arc<Listener>,
}

impl LiveWatch {
    pub(super) fn start(live: &Arc<Live>, sink: FileSink) -> Self {
        let listener = Arc::new(Listener {
            directory: Arc::clone(&live.directory),
            watcher: live.watcher.get().cloned().unwrap_or_default(),
            sink,
            is_closed: AtomicBool::new(false),
            state: Mutex::default(),
        });
        *lock(&live.listener) = Some(Arc::clone(&listener));
        Self { live: Arc::clone(live), listener }
    }
}

impl Drop for LiveWatch {
    fn drop(&mut self) {
        self.listener.is_closed.store(true, Ordering::Relaxed);
        let mut current = lock(&self.live.listener);
        if current.as_ref().is_some_and(|listener| Arc::ptr_eq(listener, &self.listener)) {
            *current = None;
        }
    }
}

struct Listener {
    directory: Arc<OwnedFd>,
    watcher: Weak<FolderWatcher>,
    sink: FileSink,
    is_closed: AtomicBool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// With the place in which each was noted first.
    noted: HashMap<PathBuf, (usize, Cause)>,
    is_queued: bool,
    seen: HashMap<String, Stamp>,
    reports: usize,
    folders: usize,
}

impl Listener {
    /// Whether the reporter has to be told.
    fn note(&self, path: &Path, cause: Cause) -> bool {
        let mut state = lock(&self.state);
        if state.reports >= MAX_REPORTS {
            return false;
        }
        if state.noted.len() >= MAX_NOTED {
            state.noted.clear();
            state.noted.insert(PathBuf::new(), (0, Cause::Appeared));
        }
        let place = state.noted.len();
        let noted = state.noted.entry(path.to_owned()).or_insert((place, cause));
        if cause == Cause::Complete {
            noted.1 = cause;
        }
        !mem::replace(&mut state.is_queued, true)
    }

    fn look_at_noted(&self) {
        let mut noted: Vec<_> = {
            let mut state = lock(&self.state);
            state.is_queued = false;
            mem::take(&mut state.noted).into_iter().collect()
        };
        noted.sort_unstable_by_key(|(_, (place, _))| *place);
        for (path, (_, cause)) in noted {
            // A file may be gone again already.
            let Ok(stat) = beneath::stat_path(&self.directory, &path) else { continue };
            match FileType::from_raw_mode(stat.st_mode) {
                FileType::Directory => self.look_through(&path),
                FileType::RegularFile if cause == Cause::Complete || stat.st_nlink > 1 => self.report(&path, &stat),
                _ => {}
            }
        }
    }

    /// Watches a folder that appeared, then reports what is in it: its files may be older than its watch.
    fn look_through(&self, path: &Path) {
        let depth = path.iter().count();
        if depth > MAX_DEPTH || !self.watch_also(path) {
            return;
        }
        let limits = WalkLimits {
            max_depth: MAX_DEPTH - depth,
            max_entries: MAX_ENTRIES_LOOKED_THROUGH,
            until: Instant::now() + MAX_TIME_LOOKING_THROUGH,
        };
        let Ok(walk) = beneath::open_path(&self.directory, path).and_then(|folder| Walk::start(&folder, limits)) else {
            return;
        };
        for found in walk {
            let path = path.join(&found.path);
            if found.file_type == FileType::Directory {
                self.watch_also(&path);
            } else if found.file_type == FileType::RegularFile
                && let Ok(stat) = beneath::stat_name(&found.folder, &found.name)
                // What has no content yet is about to get some, and will be reported when it is closed.
                && stat.st_size > 0
            {
                self.report(&path, &stat);
            }
        }
    }

    /// Whether the folder is still within the number of folders that are watched.
    fn watch_also(&self, path: &Path) -> bool {
        {
            let mut state = lock(&self.state);
            if state.folders >= MAX_FOLDERS || self.is_closed.load(Ordering::Relaxed) {
                return false;
            }
            state.folders += 1;
        }
        let Some(watcher) = self.watcher.upgrade() else { return false };
        watcher.watch_also(path);
        true
    }

    fn report(&self, path: &Path, stat: &Stat) {
        let name = names::shown(path);
        {
            let mut state = lock(&self.state);
            let stamp = stamp(stat);
            let is_known = state.seen.get(&name) == Some(&stamp);
            if is_known || state.reports >= MAX_REPORTS || self.is_closed.load(Ordering::Relaxed) {
                return;
            }
            state.seen.insert(name.clone(), stamp);
            state.reports += 1;
        }
        let seen = FileSeen { kind: formats::kind_of(&name), name, size: size(stat) };
        if catch_unwind(AssertUnwindSafe(|| (self.sink)(seen))).is_err() {
            tracing::error!("a listener to a run's files panicked");
        }
    }
}

/// The thread that looks at what the watchers noted; one for all workspaces of a root. It ends with the last of them.
pub(super) struct Reporter {
    queue: Sender<Arc<Listener>>,
}

impl Reporter {
    pub(super) fn start() -> io::Result<Self> {
        let (queue, noted) = channel();
        thread::Builder::new().name("taipan-files".to_owned()).spawn(move || report_all(&noted))?;
        Ok(Self { queue })
    }
}

/// The queue holds each listener at most once, so it is as short as there are runs.
fn report_all(noted: &Receiver<Arc<Listener>>) {
    while let Ok(listener) = noted.recv() {
        listener.look_at_noted();
    }
}

/// A panic while a lock is held leaves nothing half-done here.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
