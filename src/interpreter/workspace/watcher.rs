//! The system's watch on a run's folder.

use std::{
    mem::ManuallyDrop,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{
        Arc, Once,
        atomic::{AtomicBool, Ordering},
    },
};

use notify::{
    Config, Error, ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher,
    event::{AccessKind, AccessMode, ModifyKind, RenameMode},
};

use super::live::{Cause, Live};

/// A folder's watch, from the making of the folder to its removal.
///
/// Each folder has its own, with its own queue in the kernel, so that a run that floods it makes only its own live
/// reports incomplete, and a watch that is dropped keeps nobody waiting.
pub(super) struct FolderWatcher {
    is_complete: Arc<AtomicBool>,
    watcher: Option<RecommendedWatcher>,
}

impl FolderWatcher {
    /// Watches a folder and all that will be in it. Where that is impossible, runs go on without live reports.
    pub(super) fn start(folder: &Path, live: Arc<Live>) -> Self {
        let is_complete = Arc::new(AtomicBool::new(true));
        let watcher = watch(folder, live, Arc::clone(&is_complete));
        if let Err(error) = &watcher {
            is_complete.store(false, Ordering::Relaxed);
            warn_once(error);
        }
        Self { is_complete, watcher: watcher.ok() }
    }

    pub(super) fn is_complete(&self) -> bool {
        self.is_complete.load(Ordering::Relaxed)
    }
}

impl Drop for FolderWatcher {
    fn drop(&mut self) {
        // Stopping a watcher whose thread is gone panics.
        if catch_unwind(AssertUnwindSafe(|| drop(self.watcher.take()))).is_err() {
            tracing::warn!("the thread that watched a run's folder had ended before");
        }
    }
}

fn watch(folder: &Path, live: Arc<Live>, is_complete: Arc<AtomicBool>) -> notify::Result<RecommendedWatcher> {
    let root: PathBuf = folder.to_owned();
    let note = move |event: notify::Result<Event>| match event {
        Ok(event) => note_event(&live, &root, &event),
        Err(error) => {
            if matches!(error.kind, ErrorKind::MaxFilesWatch) {
                is_complete.store(false, Ordering::Relaxed);
                warn_once(&error);
            }
        }
    };
    // A link to `/` made by the code must not have the whole system watched.
    let watcher = RecommendedWatcher::new(note, Config::default().with_follow_symlinks(false))?;
    // Where the system allows no more threads, notify panics at the first use of the one it did not get, and a second
    // time when the watcher is dropped.
    let mut watcher = ManuallyDrop::new(watcher);
    match catch_unwind(AssertUnwindSafe(|| watcher.watch(folder, RecursiveMode::Recursive))) {
        Ok(watched) => watched.map(|()| ManuallyDrop::into_inner(watcher)),
        Err(_) => Err(Error::generic("no thread can be started for it")),
    }
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
