use std::{
    fs::{self, File},
    os::unix::net::UnixListener,
    time::Instant,
};

use rustix::fs::{CWD, FileType, Mode, OFlags, makedev, mkdirat, mknodat, openat};

use super::{TestResult, collect, file_names, omissions, place, write};
use crate::interpreter::workspace::{CollectionLimits, Workspace};

#[test]
fn pipes_sockets_and_devices_are_named_and_never_opened() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    let path = workspace.path();
    mknodat(CWD, path.join("pipe"), FileType::Fifo, Mode::RWXU, 0)?;
    let _socket = UnixListener::bind(path.join("socket"))?;
    write(path.join("real.txt"), "x")?;
    let mut expected = vec!["pipe: It is a pipe, not a regular file.", "socket: It is a socket, not a regular file."];
    // Only root may make a device.
    if mknodat(CWD, path.join("device"), FileType::CharacterDevice, Mode::RWXU, makedev(1, 5)).is_ok() {
        expected.insert(0, "device: It is a device, not a regular file.");
    }
    let collection = collect(&workspace);
    assert_eq!(file_names(&collection), ["real.txt"]);
    assert_eq!(omissions(&collection), expected);
    Ok(())
}

#[test]
fn a_sparse_terabyte_is_judged_by_its_size_without_being_read() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    File::create(workspace.path().join("huge.bin"))?.set_len(1 << 40)?;
    write(workspace.path().join("small.txt"), "x")?;
    let started = Instant::now();
    let collection = collect(&workspace);
    assert!(started.elapsed().as_secs() < 1);
    assert_eq!(file_names(&collection), ["small.txt"]);
    assert_eq!(collection.omitted[0].size, 1 << 40);
    assert_eq!(
        omissions(&collection),
        ["huge.bin: The files of a run may have 500.0 MB together, and this one does not fit."]
    );
    Ok(())
}

/// Makes `d/d/d/…`, which no path can name any more.
fn make_tree(workspace: &Workspace, depth: usize) -> TestResult {
    let flags = OFlags::DIRECTORY | OFlags::CLOEXEC;
    let mut folder = openat(CWD, workspace.path(), flags, Mode::empty())?;
    for _ in 0..depth {
        mkdirat(&folder, "d", Mode::RWXU)?;
        folder = openat(&folder, "d", flags, Mode::empty())?;
    }
    openat(&folder, "bottom.txt", OFlags::CREATE | OFlags::WRONLY, Mode::RWXU)?;
    Ok(())
}

#[test]
fn a_tree_of_more_levels_than_descriptors_ends_with_a_note_and_is_removed() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    let path = workspace.path().to_owned();
    make_tree(&workspace, 1_100)?;
    write(path.join("a.txt"), "x")?;
    let collection = collect(&workspace);
    assert_eq!(file_names(&collection), ["a.txt"]);
    let deepest = ["d"; 33].join("/");
    assert_eq!(
        collection.notes,
        [format!("Folders more than 32 levels deep were not searched for files, such as '{deepest}'.")]
    );
    drop((workspace, collection));
    assert!(!path.exists());
    Ok(())
}

#[test]
fn a_file_at_the_last_level_is_found() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    make_tree(&workspace, 32)?;
    let collection = collect(&workspace);
    assert_eq!(file_names(&collection), [["d"; 32].join("/") + "/bottom.txt"]);
    assert_eq!(collection.notes, [""; 0]);
    Ok(())
}

#[test]
fn a_wide_tree_is_removed() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    let path = workspace.path().to_owned();
    for folder in 0..50 {
        // Names that the removal uses itself do not confuse it.
        let folder = path.join(format!("~{folder}"));
        fs::create_dir_all(folder.join("~1/~2"))?;
        write(folder.join("~1/~3"), "x")?;
        write(folder.join("~2"), "x")?;
    }
    drop(workspace);
    assert!(!path.exists());
    Ok(())
}

#[test]
fn a_removed_folder_is_a_note_and_is_not_used_again() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    write(workspace.path().join("a.txt"), "x")?;
    fs::remove_dir_all(workspace.path())?;
    let collection = collect(&workspace);
    assert_eq!(file_names(&collection), [""; 0]);
    assert_eq!(collection.notes, ["The run's folder was removed while the code ran; its files are lost."]);
    assert!(workspace.recycle().is_none());
    Ok(())
}

#[test]
fn a_folder_replaced_by_another_is_a_note() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    let path = workspace.path();
    write(path.join("a.txt"), "x")?;
    fs::rename(path, path.with_extension("moved"))?;
    fs::create_dir(path)?;
    write(path.join("b.txt"), "x")?;
    let collection = collect(&workspace);
    assert_eq!(file_names(&collection), [""; 0]);
    assert_eq!(
        collection.notes,
        ["The run's folder was moved away while the code ran; the files in it are not listed."]
    );
    Ok(())
}

#[test]
fn no_time_is_a_reason_and_not_an_error() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    write(workspace.path().join("a.txt"), "x")?;
    let limits = CollectionLimits { time_budget: std::time::Duration::ZERO, ..CollectionLimits::default() };
    let collection = workspace.collect(&limits);
    assert_eq!(file_names(&collection), [""; 0]);
    assert_eq!(
        collection.notes,
        ["Reading the run's files took longer than 0.00 s. What was found by then is listed."]
    );
    Ok(())
}
