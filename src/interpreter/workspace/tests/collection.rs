use std::{
    fs::{self, File},
    io::Write,
    os::unix::fs::symlink,
};

use super::{TestResult, as_ordinary_user, collect, file_names, omissions, place, set_rights, write};
use crate::formats::Kind;

#[test]
fn an_empty_folder_gives_nothing() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    let collection = collect(&workspace);
    assert_eq!((file_names(&collection), omissions(&collection)), (vec![], vec![]));
    assert_eq!((collection.more_omitted, collection.notes), (0, vec![]));
    Ok(())
}

/// S1: any type, also in sub-folders, sorted by name, with size and hash of what is there.
#[test]
fn files_are_found_in_sub_folders_with_size_and_hash() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    let path = workspace.path();
    fs::create_dir_all(path.join("results/deep"))?;
    write(path.join("results/deep/table.csv"), "a,b\n1,2\n")?;
    write(path.join("empty"), "")?;
    write(path.join("zoo.csv"), "x\n")?;
    let collection = collect(&workspace);
    assert_eq!(file_names(&collection), ["empty", "results/deep/table.csv", "zoo.csv"]);
    let table = &collection.files[1];
    assert_eq!((table.kind, table.file_type.as_str(), table.size), (Kind::Data, "csv", 8));
    assert_eq!(table.sha256, "492d5ea496056f1a6a6592241032fab764c321596317930b4fa0e1e8bc3b7470");
    assert_eq!(table.path, path.join("results/deep/table.csv"));
    let empty = &collection.files[0];
    assert_eq!(empty.sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    Ok(())
}

#[test]
fn hidden_names_and_bytecode_are_left_out() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    let path = workspace.path();
    for folder in [".cache", "__pycache__", "package/__pycache__"] {
        fs::create_dir_all(path.join(folder))?;
        write(path.join(folder).join("inside.txt"), "x")?;
    }
    write(path.join(".hidden"), "x")?;
    write(path.join("package/module.py"), "x")?;
    let collection = collect(&workspace);
    assert_eq!(file_names(&collection), ["package/module.py"]);
    assert_eq!(omissions(&collection), [""; 0]);
    Ok(())
}

#[test]
fn an_atomic_rename_leaves_the_new_content_alone() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    let path = workspace.path();
    write(path.join("report.txt"), "old")?;
    write(path.join("report.txt.part"), "new")?;
    fs::rename(path.join("report.txt.part"), path.join("report.txt"))?;
    let collection = collect(&workspace);
    assert_eq!(file_names(&collection), ["report.txt"]);
    assert_eq!(collection.files[0].read()?, b"new");
    Ok(())
}

/// X9: a file that is still open counts with what has been written to it.
#[test]
fn a_file_still_open_is_collected() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    let mut open = File::create(workspace.path().join("log.txt"))?;
    open.write_all(b"so far")?;
    let collection = collect(&workspace);
    assert_eq!((collection.files[0].name.as_str(), collection.files[0].size), ("log.txt", 6));
    drop(open);
    Ok(())
}

#[test]
fn links_are_named_and_not_followed() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    let path = workspace.path();
    write(path.join("real.txt"), "x")?;
    symlink("/etc/passwd", path.join("file_link"))?;
    symlink("/etc", path.join("folder_link"))?;
    symlink("real.txt", path.join("inner_link"))?;
    symlink("loop_link", path.join("loop_link"))?;
    symlink("/proc/self/fd/0", path.join("magic_link"))?;
    fs::hard_link(path.join("real.txt"), path.join("second_name.txt"))?;
    let collection = collect(&workspace);
    assert_eq!(file_names(&collection), ["real.txt", "second_name.txt"]);
    let names: Vec<_> = collection.omitted.iter().map(|omitted| omitted.name.as_str()).collect();
    assert_eq!(names, ["file_link", "folder_link", "inner_link", "loop_link", "magic_link"]);
    assert!(collection.omitted.iter().all(|omitted| omitted.reason == "It is a link, and links are not followed."));
    Ok(())
}

#[test]
fn files_and_folders_without_rights_are_read_all_the_same() -> TestResult {
    as_ordinary_user(|| {
        let place = place()?;
        let workspace = place.root.workspace()?;
        let path = workspace.path();
        fs::create_dir(path.join("closed"))?;
        write(path.join("closed/a.txt"), "a")?;
        write(path.join("b.txt"), "b")?;
        for closed in ["closed/a.txt", "closed", "b.txt", ""] {
            set_rights(path.join(closed), 0o000)?;
        }
        let collection = collect(&workspace);
        assert_eq!(file_names(&collection), ["b.txt", "closed/a.txt"]);
        assert_eq!(omissions(&collection), [""; 0]);
        Ok(())
    })
}

/// The generated files' folder is the run's folder: nothing is copied, and the last file dropped removes it.
#[test]
fn generated_files_keep_the_folder_and_no_longer() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    let path = workspace.path().to_owned();
    write(path.join("a.txt"), "a")?;
    write(path.join("b.txt"), "b")?;
    let mut files = collect(&workspace).files;
    assert!(workspace.recycle().is_none());
    let last = files.pop().ok_or("two files")?;
    drop(files);
    assert_eq!(last.read()?, b"b");
    drop(last);
    assert!(!path.exists());
    Ok(())
}
