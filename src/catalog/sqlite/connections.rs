//! Connections to SQLite block, so each lives on a thread of its own and is sent what it should do.

use std::{io, sync::Mutex, thread};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::catalog::CatalogError;

/// How many calls may wait for a connection before callers wait for their turn to wait.
const WAITING: usize = 64;

type Work = Box<dyn FnOnce(&mut Connection) + Send>;

/// A connection and its thread, which ends when this is dropped and everything sent before was done.
pub(super) struct ConnectionThread {
    sender: Mutex<Option<mpsc::Sender<Work>>>,
    thread: Mutex<Option<thread::JoinHandle<()>>>,
}

impl ConnectionThread {
    pub(super) fn start(name: &str, mut connection: Connection) -> io::Result<Self> {
        let (sender, mut receiver) = mpsc::channel::<Work>(WAITING);
        let serve = move || {
            while let Some(work) = receiver.blocking_recv() {
                work(&mut connection);
            }
        };
        let thread = thread::Builder::new().name(name.to_owned()).spawn(serve)?;
        Ok(Self { sender: Mutex::new(Some(sender)), thread: Mutex::new(Some(thread)) })
    }

    /// Has something done with the connection. It is done to its end also when the caller goes away meanwhile.
    pub(super) async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> T + Send + 'static,
    ) -> Result<T, CatalogError> {
        let sender = locked(&self.sender).clone().ok_or(CatalogError::Closed)?;
        let (answer, answered) = oneshot::channel();
        let work: Work = Box::new(move |connection| {
            // Nobody may be waiting for it any more.
            drop(answer.send(work(connection)));
        });
        sender.send(work).await.map_err(|_| CatalogError::Closed)?;
        drop(sender);
        answered.await.map_err(|_| CatalogError::Closed)
    }

    /// Waits for what was sent, and closes the connection.
    pub(super) async fn close(&self) {
        drop(locked(&self.sender).take());
        let thread = locked(&self.thread).take();
        if let Some(thread) = thread {
            drop(tokio::task::spawn_blocking(move || thread.join()).await);
        }
    }
}

impl Drop for ConnectionThread {
    fn drop(&mut self) {
        drop(locked(&self.sender).take());
        let thread = locked(&self.thread).take();
        if let Some(thread) = thread {
            drop(thread.join());
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
