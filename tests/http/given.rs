//! A server as it is served, on a port of its own.

use std::{fs, net::SocketAddr, path::PathBuf, sync::Arc, thread::JoinHandle, time::Duration};

use chrono::Utc;
use taipan::{
    Isolation,
    catalog::{self, ApiKey, Location, Patience},
    executions::{Executions, FileLimits, SystemClock, UserFiles},
    files::Store,
    http::{Server, Settings},
    identifiers::UserId,
};
use tempfile::TempDir;
use tokio::{
    runtime::{Builder, Runtime},
    sync::oneshot,
};

use super::client::{Ask, Reply};
use crate::interpreters;

/// A server of a test's own, until this is dropped.
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    folder: TempDir,
    runtime: Arc<Runtime>,
    files: UserFiles,
    stop: Option<oneshot::Sender<()>>,
    serving: Option<JoinHandle<()>>,
}

impl Served {
    pub(crate) fn new() -> Self {
        Self::with(FileLimits::default(), |_| {})
    }

    /// Where code runs in sandboxes, so that there are sessions.
    pub(crate) fn in_sandboxes() -> Self {
        Self::of(Isolation::Process, FileLimits::default(), |_| {})
    }

    pub(crate) fn with(limits: FileLimits, change: impl FnOnce(&mut Settings)) -> Self {
        Self::of(Isolation::Thread, limits, change)
    }

    fn of(isolation: Isolation, limits: FileLimits, change: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runtime = Arc::new(Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap());
        let interpreter = interpreters::settings(isolation).workers(2).build().unwrap();
        let mut settings = Settings::of_address("127.0.0.1:0".parse().unwrap());
        change(&mut settings);
        let (files, server) = runtime.block_on(async {
            let location = Location::choose(None, folder.path()).unwrap();
            let catalog = catalog::open(&location, Patience::default()).await.unwrap();
            let store = Store::open(folder.path()).unwrap();
            let files = UserFiles::new(store, catalog, limits, Arc::new(SystemClock));
            let listening = Server::bind(settings, &files).await.unwrap();
            let server = listening.serving(Executions::new(interpreter, files.clone()));
            (files, server)
        });
        let address = server.address();
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = Arc::clone(&runtime);
        let serve = move || {
            serving.block_on(server.serve(
                async {
                    let _ = stopped.await;
                },
                Duration::from_millis(200),
            ));
        };
        let serving = std::thread::Builder::new().name("served".to_owned()).spawn(serve).unwrap();
        Self { address, folder, runtime, files, stop: Some(stop), serving: Some(serving) }
    }

    /// Makes a key of a user.
    pub(crate) fn key(&self, user: i64) -> String {
        let (text, key) = ApiKey::generate(Some(UserId(user)), "", Utc::now()).unwrap();
        self.runtime.block_on(self.files.catalog().add_key(&key)).unwrap();
        text.expose().to_owned()
    }

    pub(crate) fn revoke_all_keys(&self) {
        self.runtime.block_on(async {
            for key in self.files.catalog().keys().await.unwrap() {
                assert!(self.files.catalog().delete_key(&key.key_id).await.unwrap());
            }
        });
    }

    /// The endings of all runs, the latest first.
    pub(crate) fn endings(&self) -> Vec<String> {
        let runs = self.runtime.block_on(self.files.catalog().latest_runs(None, 100)).unwrap();
        runs.into_iter().map(|run| run.ending).collect()
    }

    pub(crate) fn ask(&self, ask: Ask) -> Reply {
        ask.send(self.address)
    }

    /// What lies on the disk of users' files, without the mark of the folder.
    pub(crate) fn stored(&self) -> Vec<String> {
        let mut stored = Vec::new();
        let root = self.folder.path().join("user_files");
        let users = fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
        for user in users {
            let names = fs::read_dir(&user).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
            let owner = user.file_name().unwrap().to_str().unwrap().to_owned();
            stored.extend(names.map(|name| format!("{owner}/{name}")));
        }
        stored.sort();
        stored
    }

    /// A file that code waits for, and the code that does.
    pub(crate) fn gate(&self) -> (PathBuf, String) {
        let path = self.folder.path().join("gate");
        let code =
            format!("import os, time\nwhile not os.path.exists({:?}): time.sleep(0.005)\n", path.to_str().unwrap());
        (path, code)
    }

    /// Asks for the end, and waits for it.
    pub(crate) fn end(&mut self) {
        drop(self.stop.take());
        if let Some(serving) = self.serving.take() {
            serving.join().unwrap();
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.end();
        self.runtime.block_on(self.files.close());
    }
}

/// Waits until something is so.
pub(crate) fn eventually(is_so: impl Fn() -> bool) {
    for _ in 0..6000 {
        if is_so() {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("it never was so");
}
