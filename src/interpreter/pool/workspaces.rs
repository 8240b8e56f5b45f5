//! Workspaces prepared ahead of need, and the removal of used ones, both off the path of a run.

use std::{
    any::Any,
    io,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        mpsc::{Receiver, Sender, SyncSender, channel, sync_channel},
    },
    thread,
    time::Duration,
};

use super::{
    super::{
        GeneratedFile,
        workspace::{KeptFolder, Workspace, WorkspaceRoot},
    },
    memory,
};

/// How long closing waits for folders to be removed.
const CLOSING: Duration = Duration::from_secs(5);

/// A stock of empty, watched folders.
pub(super) struct Workspaces {
    root: Mutex<Option<WorkspaceRoot>>,
    ready: Mutex<Vec<Workspace>>,
    stock: usize,
    errands: Sender<Errand>,
}

/// What the keeper's thread does.
enum Errand {
    /// One folder more is needed.
    Prepare,
    /// A worker's thread is gone, and its memory is to go as well.
    GiveBackMemory,
    /// Something slow to drop: a used folder, or what kept one.
    Remove(Box<dyn Send>),
    /// There is nothing more to do; what was asked for before is done first.
    Close(SyncSender<()>),
}

/// Keeps a run's folder for the files of an outcome. Dropping it is quick, wherever that happens: removing a folder
/// may take long, and is the keeper's work as long as there is one.
struct Lease {
    folder: Option<Arc<dyn Any + Send + Sync>>,
    errands: Sender<Errand>,
}

impl Drop for Lease {
    fn drop(&mut self) {
        // Without the keeper, the errand comes back and is dropped here.
        let _ = self.errands.send(Errand::Remove(Box::new(self.folder.take())));
    }
}

impl Workspaces {
    /// Starts the keeper with so many folders in stock. Called on an ordinary thread: what it starts must not share
    /// a worker's working directory.
    pub(super) fn start(root: WorkspaceRoot, stock: usize) -> io::Result<Arc<Self>> {
        let (send, receive) = channel();
        let ready = (0..stock).map(|_| root.workspace()).collect::<io::Result<_>>()?;
        let workspaces =
            Arc::new(Self { root: Mutex::new(Some(root)), ready: Mutex::new(ready), stock, errands: send });
        let keeper = Arc::downgrade(&workspaces);
        thread::Builder::new().name("taipan-folders".to_owned()).spawn(move || keep(&keeper, receive))?;
        Ok(workspaces)
    }

    /// Takes a folder from the stock, or makes one where it is empty.
    pub(super) fn take(&self) -> io::Result<Workspace> {
        let ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(workspace) = ready {
            return Ok(workspace);
        }
        // The keeper is behind. A thread started here would share the worker's working directory, which the watch
        // does not mind: its paths are absolute.
        self.prepare()
    }

    fn prepare(&self) -> io::Result<Workspace> {
        match &*self.root.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(root) => root.workspace(),
            None => Err(io::Error::other("the interpreter is closed")),
        }
    }

    /// Makes an empty folder for files that are to stay as they are.
    pub(super) fn kept_folder(&self) -> io::Result<KeptFolder> {
        match &*self.root.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(root) => root.kept_folder(),
            None => Err(io::Error::other("the interpreter is closed")),
        }
    }

    fn is_closed(&self) -> bool {
        self.root.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    /// Has the folder of these files removed by the keeper, once nobody has the files any more.
    pub(super) fn lease(&self, files: &mut [GeneratedFile]) {
        let Some(folder) = files.first_mut().and_then(|file| file.folder.take()) else { return };
        let lease = Arc::new(Lease { folder: Some(folder), errands: self.errands.clone() });
        for file in files {
            file.folder = Some(Arc::clone(&lease) as Arc<dyn Any + Send + Sync>);
        }
    }

    /// Removes the stock and what waits for its removal, and with the last file somebody keeps the folder of it all.
    /// Blocks, though not for long.
    pub(super) fn close(&self) {
        let root = self.root.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.ready.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let (done, is_done) = sync_channel(1);
        self.errand(Errand::Close(done));
        // Closed before, the keeper is gone; a folder that takes long is removed while the program goes on.
        let _ = is_done.recv_timeout(CLOSING);
        drop(root);
    }

    /// Takes a folder back after its run: an untouched one serves again, any other is removed and replaced.
    pub(super) fn give_back(&self, workspace: Workspace) {
        match workspace.recycle() {
            Some(workspace) => self.put(workspace),
            None => self.errand(Errand::Prepare),
        }
    }

    /// The folder stays with its files: another is needed.
    pub(super) fn replace(&self) {
        self.errand(Errand::Prepare);
    }

    /// Drops something on the keeper's thread.
    pub(super) fn remove_later(&self, thing: impl Send + 'static) {
        self.errand(Errand::Remove(Box::new(thing)));
    }

    /// Gives the memory of a worker that is gone back to the system, behind everything else.
    pub(super) fn give_back_memory(&self) {
        self.errand(Errand::GiveBackMemory);
    }

    fn put(&self, workspace: Workspace) {
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if ready.len() < self.stock {
            ready.push(workspace);
        } else {
            // One was made in a hurry while this one was on its way.
            drop(ready);
            self.remove_later(workspace);
        }
    }

    fn errand(&self, errand: Errand) {
        // Without the keeper the interpreter is going away, and its folders with it.
        let _ = self.errands.send(errand);
    }
}

fn keep(workspaces: &Weak<Workspaces>, errands: Receiver<Errand>) {
    while let Ok(errand) = errands.recv() {
        match errand {
            Errand::Remove(thing) => drop(thing),
            Errand::GiveBackMemory => memory::give_back(),
            Errand::Close(done) => {
                // First, so that from here on whoever has something to remove does it himself.
                drop(errands);
                // Whoever closed may have stopped waiting.
                let _ = done.send(());
                return;
            }
            Errand::Prepare => {
                let Some(workspaces) = workspaces.upgrade() else { return };
                match workspaces.prepare() {
                    Ok(workspace) => workspaces.put(workspace),
                    Err(_) if workspaces.is_closed() => return,
                    Err(error) => tracing::warn!(%error, "a run's folder could not be prepared"),
                }
            }
        }
    }
}
