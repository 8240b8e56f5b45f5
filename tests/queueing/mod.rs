//! Requests wait in one bounded queue, in which owners take turns (X15).

mod bounds;
mod closing;
mod fairness;
mod many;
mod status;

use std::path::{Path, PathBuf};

use taipan::{Event, Interpreter, Request, Run};
use tempfile::TempDir;

use crate::interpreters::settings;

/// A run that keeps its worker until it is told to go on.
struct Held {
    run: Run,
    _folder: TempDir,
    go_on: PathBuf,
}

impl Held {
    /// Starts such a run and waits until it has its worker.
    async fn start(interpreter: &Interpreter, request: impl FnOnce(String) -> Request) -> Self {
        let folder = TempDir::new().expect("a folder");
        let go_on = folder.path().join("go-on");
        let mut run = interpreter.start(request(waiting_for(&go_on))).await.expect("a run");
        while run.next().await.expect("an event") != Event::Started {}
        Self { run, _folder: folder, go_on }
    }

    fn go_on(&self) {
        std::fs::write(&self.go_on, "").expect("a file");
    }
}

/// Code that waits for a file.
fn waiting_for(file: &Path) -> String {
    format!("import os, time\nwhile not os.path.exists('{}'): time.sleep(0.002)\nprint('went on')", file.display())
}

fn interpreter(workers: usize, capacity: usize) -> Interpreter {
    settings().workers(workers).queue_capacity(capacity).build().expect("an interpreter")
}
