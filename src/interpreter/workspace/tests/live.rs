use std::{
    fs::{self, File},
    io::Write,
    os::unix::fs::symlink,
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, channel},
    },
    time::Duration,
};

use super::{TestResult, collect, place, write};
use crate::{
    formats::Kind,
    interpreter::{
        FileSeen,
        workspace::{
            LiveWatch, Workspace,
            live::{Live, MAX_REPORTS, Reporter},
            watcher::FolderWatcher,
        },
    },
};

/// Longer than any machine needs; no test waits for it to pass.
const PATIENCE: Duration = Duration::from_secs(20);

fn watch(workspace: &Workspace) -> (LiveWatch, Receiver<FileSeen>) {
    let (sender, receiver) = channel();
    let watch = workspace.watch(Arc::new(move |seen| drop(sender.send(seen))));
    (watch, receiver)
}

/// What is reported before the file `end`, which this writes. Reports come in the order of writing.
fn reported(
    workspace: &Workspace,
    reports: &Receiver<FileSeen>,
) -> Result<Vec<String>, Box<dyn std::error::Error + Send + Sync>> {
    write(workspace.path().join("end"), "")?;
    let mut names = Vec::new();
    loop {
        let seen = reports.recv_timeout(PATIENCE)?;
        if seen.name == "end" {
            return Ok(names);
        }
        names.push(format!("{} {}", seen.name, seen.size));
    }
}

#[test]
fn a_file_is_reported_while_the_code_runs() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    let (_watch, reports) = watch(&workspace);
    assert!(workspace.is_watched());
    write(workspace.path().join("plot.png"), "picture")?;
    let seen = reports.recv_timeout(PATIENCE)?;
    assert_eq!((seen.name.as_str(), seen.kind, seen.size), ("plot.png", Kind::Image, 7));
    Ok(())
}

#[test]
fn moved_renamed_and_linked_files_are_reported() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    let path = workspace.path();
    let outside = tempfile::NamedTempFile::new_in(path.parent().ok_or("a parent")?)?;
    write(path.join(".part"), "12")?;
    let (_watch, reports) = watch(&workspace);
    fs::rename(outside.into_temp_path().keep()?, path.join("moved"))?;
    fs::rename(path.join(".part"), path.join("renamed"))?;
    fs::hard_link(path.join("renamed"), path.join("linked"))?;
    assert_eq!(reported(&workspace, &reports)?, ["moved 0", "renamed 2", "linked 2"]);
    Ok(())
}

#[test]
fn a_file_is_reported_again_only_when_it_has_changed() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    let path = workspace.path().join("log.txt");
    let (_watch, reports) = watch(&workspace);
    write(&path, "1")?;
    assert_eq!(reports.recv_timeout(PATIENCE)?.size, 1);
    drop(File::options().append(true).open(&path)?);
    // Appended: a file written anew is empty for a moment, in which the first of the two may be looked at.
    File::options().append(true).open(&path)?.write_all(b"2")?;
    assert_eq!(reported(&workspace, &reports)?, ["log.txt 2"]);
    Ok(())
}

#[test]
fn a_file_is_not_reported_before_it_is_closed() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    let (_watch, reports) = watch(&workspace);
    let mut open = File::create(workspace.path().join("slow.csv"))?;
    open.write_all(b"half")?;
    write(workspace.path().join("quick.csv"), "x")?;
    assert_eq!(reports.recv_timeout(PATIENCE)?.name, "quick.csv");
    open.write_all(b" and half")?;
    drop(open);
    assert_eq!(reported(&workspace, &reports)?, ["slow.csv 13"]);
    Ok(())
}

#[test]
fn what_is_no_result_is_not_reported() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    let path = workspace.path();
    fs::create_dir_all(path.join("package/__pycache__"))?;
    let (_watch, reports) = watch(&workspace);
    write(path.join(".hidden"), "x")?;
    write(path.join("package/__pycache__/module.pyc"), "x")?;
    symlink("/etc/passwd", path.join("link"))?;
    fs::create_dir(path.join("folder"))?;
    assert_eq!(reported(&workspace, &reports)?, [""; 0]);
    Ok(())
}

#[test]
fn files_in_new_and_moved_folders_are_reported() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    let outside = place.parent.path().join("outside");
    fs::create_dir(&outside)?;
    write(outside.join("a.csv"), "12")?;
    let (_watch, reports) = watch(&workspace);
    fs::rename(&outside, workspace.path().join("moved"))?;
    assert_eq!(reports.recv_timeout(PATIENCE)?.name, "moved/a.csv");
    fs::create_dir_all(workspace.path().join("new/deep"))?;
    write(workspace.path().join("new/deep/b.csv"), "123")?;
    let seen = reports.recv_timeout(PATIENCE)?;
    assert_eq!((seen.name.as_str(), seen.size), ("new/deep/b.csv", 3));
    // The folders are watched by now, however late they were noticed.
    write(workspace.path().join("new/deep/c.csv"), "1")?;
    write(workspace.path().join("moved/d.csv"), "1")?;
    assert_eq!(reported(&workspace, &reports)?, ["new/deep/c.csv 1", "moved/d.csv 1"]);
    Ok(())
}

/// DESIGN 6.2: every queue has a bound.
#[test]
fn reports_are_bounded() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    let (_watch, reports) = watch(&workspace);
    for number in 0..3 * MAX_REPORTS {
        write(workspace.path().join(format!("{number}.txt")), "x")?;
    }
    for _ in 0..MAX_REPORTS {
        reports.recv_timeout(PATIENCE)?;
    }
    // The reporter serves its listeners in turn: what it has to say of a second folder comes after the rest of this.
    let (_second_watch, second) = watch(&workspace);
    write(workspace.path().join("last.txt"), "x")?;
    while second.recv_timeout(PATIENCE)?.name != "last.txt" {}
    assert_eq!(reports.try_iter().count(), 0);
    Ok(())
}

/// The code goes on whatever becomes of its reports.
#[test]
fn a_stuck_listener_keeps_nobody_waiting() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    let gate = Arc::new(Mutex::new(()));
    let closed = gate.lock().map_err(|_| "poisoned")?;
    let (sender, reached) = channel();
    let at_gate = Arc::clone(&gate);
    let watch = workspace.watch(Arc::new(move |_| {
        let _ = sender.send(());
        drop(at_gate.lock());
    }));
    write(workspace.path().join("a.txt"), "x")?;
    reached.recv_timeout(PATIENCE)?;
    for number in 0..2000 {
        write(workspace.path().join(format!("{number}.txt")), "x")?;
    }
    drop(watch);
    assert_eq!(collect(&workspace).files.len(), 1000);
    drop(workspace);
    drop(closed);
    Ok(())
}

#[test]
fn nothing_is_reported_once_the_guard_is_gone() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    let (first, first_reports) = watch(&workspace);
    drop(first);
    let (_second, reports) = watch(&workspace);
    write(workspace.path().join("a.txt"), "x")?;
    assert_eq!(reports.recv_timeout(PATIENCE)?.name, "a.txt");
    assert_eq!(first_reports.try_iter().count(), 0);
    Ok(())
}

/// The system may allow no more watches; that is said, and is no error.
#[test]
fn a_folder_that_cannot_be_watched_says_so() -> TestResult {
    let folder = tempfile::tempdir()?;
    let live = Arc::new(Live::new(Arc::new(File::open(folder.path())?.into()), &Reporter::start()?));
    assert!(FolderWatcher::start(folder.path(), Arc::clone(&live)).is_complete());
    assert!(!FolderWatcher::start(&folder.path().join("missing"), live).is_complete());
    Ok(())
}
