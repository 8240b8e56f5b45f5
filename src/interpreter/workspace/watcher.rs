//! The system's watch on a run's folder.

use std::{
    mem::ManuallyDrop,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, Once,
        atomic::{AtomicBool, Ordering},
    },
};

use notify::{
    Config, Error, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher,
    event::{AccessKind, AccessMode, ModifyKind, RenameMode},
};

use super::live::{Cause, Live, lock};

/// A folder's watch, from the making of the folder to its removal.
///
/// Each folder has its own, with its own queue in the kernel, so that a run that floods it makes only its own live
/// reports incomplete, and a watch that is dropped keeps nobody waiting.
pub(super) struct FolderWatcher {
    folder: PathBuf,
    is_complete: AtomicBool,
    watcher: Mutex<Option<RecommendedWatcher>>,
}

impl FolderWatcher {
    /// Watches a folder. Where that is impossible, runs go on without live reports.
    pub(super) fn start(folder: &Path, live: Arc<Live>) -> Self {
        let watcher = start(folder, live);
        if let Err(error) = &watcher {
            warn_once(error);
        }
        Self {
            folder: folder.to_owned(),
            is_complete: AtomicBool::new(watcher.is_ok()),
            watcher: Mutex::new(watcher.ok()),
        }
    }

    /// Watches a sub-folder as well. Notify would do so itself, but without limits: it goes through everything below
    /// each new folder, so that a tree of a few thousand levels keeps it busy for minutes.
    pub(super) fn watch_also(&self, path: &Path) {
        let mut watcher = lock(&self.watcher);
        let Some(watcher) = watcher.as_mut() else { return };
        if let Err(error) = add(watcher, &self.folder.join(path))
            && !matches!(error.kind, notify::ErrorKind::PathNotFound)
            && !is_gone(&error)
        {
            self.is_complete.store(false, Ordering::Relaxed);
            warn_once(&error);
        }
    }

    pub(super) fn is_complete(&self) -> bool {
        self.is_complete.load(Ordering::Relaxed)
    }
}

impl Drop for FolderWatcher {
    fn drop(&mut self) {
        // Stopping a watcher whose thread is gone panics.
        if catch_unwind(AssertUnwindSafe(|| drop(lock(&self.watcher).take()))).is_err() {
            tracing::warn!("the thread that watched a run's folder had ended before");
        }
    }
}

fn start(folder: &Path, live: Arc<Live>) -> notify::Result<RecommendedWatcher> {
    let root = folder.to_owned();
    let note = move |event: notify::Result<Event>| {
        if let Ok(event) = event {
            note_event(&live, &root, &event);
        }
    };
    // Where the system allows no more threads, notify panics at the first use of the one it did not get, and a second
    // time when the watcher is dropped.
    let mut watcher = ManuallyDrop::new(RecommendedWatcher::new(note, Config::default().with_follow_symlinks(false))?);
    add(&mut watcher, folder).map(|()| ManuallyDrop::into_inner(watcher))
}

fn add(watcher: &mut RecommendedWatcher, folder: &Path) -> notify::Result<()> {
    catch_unwind(AssertUnwindSafe(|| watcher.watch(folder, RecursiveMode::NonRecursive)))
        .unwrap_or_else(|_| Err(Error::generic("its thread does not run")))
}

fn is_gone(error: &Error) -> bool {
    matches!(&error.kind, notify::ErrorKind::Io(error) if error.kind() == std::io::ErrorKind::NotFound)
}

fn note_event(live: &Live, root: &Path, event: &Event) {
    if event.need_rescan() {
        return live.note(Path::new(""), Cause::Appeared);
    }
    let cause = match event.kind {
        EventKind::Create(_) => Cause::Appeared,
        EventKind::Access(AccessKind::Close(AccessMode::Write))
        | EventKind::Modify(ModifyKind::Name(RenameMode::To)) => Cause::Complete,
        _ => return,
    };
    for path in event.paths.iter().filter_map(|path| path.strip_prefix(root).ok()) {
        live.note(path, cause);
    }
}

fn warn_once(error: &Error) {
    static WARNED: Once = Once::new();
    WARNED.call_once(|| {
        tracing::warn!(
            %error,
            "folders of runs cannot be watched, so files are listed only at a run's end; \
             fs.inotify.max_user_instances and fs.inotify.max_user_watches say how many may be"
        );
    });
}
