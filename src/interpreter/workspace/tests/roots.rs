use std::{
    ffi::OsStr,
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
};

use super::{TestResult, as_ordinary_user, collect, place, set_rights, write};
use crate::interpreter::workspace::WorkspaceRoot;

fn roots_in(parent: &Path) -> std::io::Result<Vec<PathBuf>> {
    fs::read_dir(parent)?.map(|entry| entry.map(|entry| entry.path())).collect()
}

/// What a killed program leaves: a marked folder that nobody has locked.
fn leave_stale_root(parent: &Path, name: &str) -> std::io::Result<PathBuf> {
    let stale = parent.join(name);
    fs::create_dir_all(stale.join("0/results"))?;
    write(stale.join("0/results/big.csv"), "1,2")?;
    write(stale.join(".taipan-root"), "")?;
    Ok(stale)
}

#[test]
fn a_root_is_private_and_named_after_the_program() -> TestResult {
    let place = place()?;
    let name = place.root.path().file_name().and_then(OsStr::to_str).ok_or("a name")?;
    assert_eq!((&name[..7], name.len()), ("taipan-", 19));
    assert_eq!(fs::metadata(place.root.path())?.permissions().mode() & 0o7777, 0o700);
    assert_eq!(fs::metadata(place.root.workspace()?.path())?.permissions().mode() & 0o7777, 0o700);
    Ok(())
}

#[test]
fn a_dropped_root_leaves_nothing() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    write(workspace.path().join("a.txt"), "a")?;
    drop(workspace);
    drop(place.root);
    assert_eq!(roots_in(place.parent.path())?, Vec::<PathBuf>::new());
    Ok(())
}

/// S1: what was generated can be read after the interpreter is gone, and no longer than needed.
#[test]
fn a_generated_file_outlives_the_interpreter_and_takes_the_root_along() -> TestResult {
    let place = place()?;
    let (kept, other) = (place.root.workspace()?, place.root.workspace()?);
    write(kept.path().join("a.txt"), "kept")?;
    write(other.path().join("b.txt"), "not kept")?;
    let files = collect(&kept).files;
    let other_path = other.path().to_owned();
    drop((kept, other, place.root));
    assert!(!other_path.exists());
    assert_eq!(files[0].read()?, b"kept");
    drop(files);
    assert_eq!(roots_in(place.parent.path())?, Vec::<PathBuf>::new());
    Ok(())
}

#[test]
fn a_start_removes_what_a_killed_program_left() -> TestResult {
    let parent = tempfile::tempdir()?;
    let stale = leave_stale_root(parent.path(), "taipan-abcDEF123456")?;
    let root = WorkspaceRoot::create(Some(parent.path().to_owned()))?;
    assert!(!stale.exists());
    assert_eq!(roots_in(parent.path())?, [root.path()]);
    Ok(())
}

#[test]
fn a_start_leaves_the_root_of_a_living_program_alone() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    write(workspace.path().join("a.txt"), "a")?;
    let second = WorkspaceRoot::create(Some(place.parent.path().to_owned()))?;
    assert_ne!(second.path(), place.root.path());
    assert_eq!(fs::read_to_string(workspace.path().join("a.txt"))?, "a");
    Ok(())
}

/// A root that is just being made has no marker yet; a folder without one may be anybody's.
#[test]
fn a_start_leaves_folders_that_are_not_stale_roots_alone() -> TestResult {
    let parent = tempfile::tempdir()?;
    let unmarked = parent.path().join("taipan-abcDEF123456");
    fs::create_dir(&unmarked)?;
    let other_name = leave_stale_root(parent.path(), "taipan-out")?;
    let elsewhere = leave_stale_root(parent.path(), "elsewhere")?;
    let link = parent.path().join("taipan-abcDEF123457");
    std::os::unix::fs::symlink(&elsewhere, &link)?;
    let _root = WorkspaceRoot::create(Some(parent.path().to_owned()))?;
    assert!(unmarked.exists() && other_name.join("0/results/big.csv").exists());
    assert!(link.exists() && elsewhere.join("0/results/big.csv").exists());
    Ok(())
}

#[test]
fn many_starts_at_once_do_not_take_each_others_roots() -> TestResult {
    let parent = tempfile::tempdir()?;
    for number in 10..30 {
        leave_stale_root(parent.path(), &format!("taipan-stale00000{number}"))?;
    }
    let roots = std::thread::scope(|scope| {
        let starts: Vec<_> =
            (0..8).map(|_| scope.spawn(|| WorkspaceRoot::create(Some(parent.path().to_owned())))).collect();
        starts.into_iter().map(|start| start.join().map_err(|_| "it panicked")).collect::<Result<Vec<_>, _>>()
    })?;
    let mut expected = Vec::new();
    for root in &roots {
        expected.push(root.as_ref().map_err(ToString::to_string)?.path().to_owned());
    }
    let mut found = roots_in(parent.path())?;
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
    Ok(())
}

#[test]
fn a_missing_parent_is_named() {
    let error = WorkspaceRoot::create(Some("/nowhere/at/all".into())).err().map(|error| error.to_string());
    assert_eq!(error.as_deref(), Some("/nowhere/at/all: No such file or directory (os error 2)"));
}

/// The code may take everybody's rights away from its folders.
#[test]
fn folders_without_rights_are_removed() -> TestResult {
    as_ordinary_user(|| {
        let place = place()?;
        let workspace = place.root.workspace()?;
        let path = workspace.path().to_owned();
        fs::create_dir_all(path.join("closed/inner/most"))?;
        write(path.join("closed/inner/most/a.txt"), "a")?;
        for closed in ["closed/inner/most", "closed/inner", "closed", ""] {
            set_rights(path.join(closed), 0o000)?;
        }
        drop(workspace);
        assert_eq!(fs::symlink_metadata(&path).err().map(|error| error.kind()), Some(std::io::ErrorKind::NotFound));
        Ok(())
    })
}

/// The removal of a run's folder follows no link out of it.
#[test]
fn a_link_in_place_of_the_folder_is_removed_and_not_followed() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    let path = workspace.path().to_owned();
    let elsewhere = tempfile::tempdir()?;
    write(elsewhere.path().join("precious.txt"), "mine")?;
    std::os::unix::fs::symlink(elsewhere.path(), path.join("inner"))?;
    fs::rename(&path, elsewhere.path().join("moved"))?;
    std::os::unix::fs::symlink(elsewhere.path(), &path)?;
    drop(workspace);
    assert!(fs::symlink_metadata(&path).is_err());
    assert_eq!(fs::read_to_string(elsewhere.path().join("precious.txt"))?, "mine");
    assert!(fs::metadata(elsewhere.path().join("moved"))?.nlink() > 0);
    Ok(())
}

/// A program that is killed at the wrong moment leaves an empty folder without its mark.
#[test]
fn an_old_empty_root_without_a_mark_is_removed_and_a_new_or_filled_one_is_left() -> TestResult {
    let parent = tempfile::tempdir()?;
    let make = |name: &str, hours: u64| -> std::io::Result<std::path::PathBuf> {
        let folder = parent.path().join(name);
        std::fs::create_dir(&folder)?;
        let changed = std::time::SystemTime::now() - std::time::Duration::from_secs(hours * 3600);
        std::fs::File::open(&folder)?.set_modified(changed)?;
        Ok(folder)
    };
    let old = make("taipan-aaaaaaaaaaaa", 2)?;
    let new = make("taipan-bbbbbbbbbbbb", 0)?;
    let filled = make("taipan-cccccccccccc", 0)?;
    std::fs::write(filled.join("file"), "")?;
    std::fs::File::open(&filled)?.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(7200))?;
    let _root = WorkspaceRoot::create(Some(parent.path().to_owned()))?;
    assert_eq!((old.exists(), new.exists(), filled.exists()), (false, true, true));
    Ok(())
}
