//! What the folder of a run promises, in the face of code that means it ill.

mod collection;
mod hostile;
mod inputs;
mod limits;
mod live;
mod names;
mod own_copy;
mod reuse;
mod roots;

use std::{
    error::Error,
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::Path,
    thread,
};

use rustix::{
    process::{Gid, Uid, geteuid},
    thread::{set_thread_res_gid, set_thread_res_uid},
};

use super::{Collection, CollectionLimits, Workspace, WorkspaceRoot};

type TestResult = Result<(), Box<dyn Error + Send + Sync>>;

/// A root in a folder of its own, so that tests do not see each other's.
struct Place {
    root: WorkspaceRoot,
    parent: tempfile::TempDir,
}

fn place() -> io::Result<Place> {
    let parent = tempfile::tempdir()?;
    Ok(Place { root: WorkspaceRoot::create(Some(parent.path().to_owned()))?, parent })
}

fn collect(workspace: &Workspace) -> Collection {
    workspace.collect(&CollectionLimits::default())
}

fn file_names(collection: &Collection) -> Vec<&str> {
    collection.files.iter().map(|file| file.name.as_str()).collect()
}

/// `name: reason` of each file left out.
fn omissions(collection: &Collection) -> Vec<String> {
    collection.omitted.iter().map(|omitted| format!("{}: {}", omitted.name, omitted.reason)).collect()
}

fn write(path: impl AsRef<Path>, text: &str) -> io::Result<()> {
    fs::write(path, text)
}

/// Runs a test as somebody to whom rights mean something, which they do not to root.
fn as_ordinary_user(test: fn() -> TestResult) -> TestResult {
    let ordinary = move || {
        if geteuid().is_root() {
            let (nobody, nogroup) = (Uid::from_raw(65534), Gid::from_raw(65534));
            set_thread_res_gid(nogroup, nogroup, nogroup)?;
            set_thread_res_uid(nobody, nobody, nobody)?;
        }
        test()
    };
    let thread = thread::Builder::new().name("ordinary user".to_owned()).spawn(ordinary)?;
    thread.join().map_err(|_| "the test panicked")?
}

fn set_rights(path: impl AsRef<Path>, mode: u32) -> io::Result<()> {
    fs::set_permissions(path, Permissions::from_mode(mode))
}
