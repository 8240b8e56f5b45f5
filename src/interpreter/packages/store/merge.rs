//! Moves freshly installed distributions into a folder that holds others.
//!
//! Entries are renamed, folders that both sides have are merged (namespaces such as `google` belong to many
//! distributions), and the `.dist-info` folders go last. Every step may be done twice, so that a merge that was
//! interrupted is simply started again.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use crate::interpreter::packages::distribution::{distributions_in, recorded_files};

/// Moves everything in `from` into `into`, which is made if need be. Distributions that stand in `into` in
/// another version, or whose files would mix with the new ones, are removed first.
pub(super) fn merge(from: &Path, into: &Path) -> io::Result<()> {
    fs::create_dir_all(into)?;
    let incoming = distributions_in(from)?;
    for (old, dist_info) in distributions_in(into)? {
        if incoming.iter().any(|(new, _)| new.name == old.name) {
            remove_distribution(into, &dist_info)?;
        }
    }
    let mut names: Vec<_> = children(from)?.iter().filter_map(|path| path.file_name().map(Into::into)).collect();
    names.sort_by_key(|name: &PathBuf| {
        (name.extension().is_some_and(|extension| extension == "dist-info"), name.clone())
    });
    for name in names.iter().filter(|name| **name != Path::new(".lock")) {
        move_entry(&from.join(name), &into.join(name))?;
    }
    Ok(())
}

fn move_entry(from: &Path, to: &Path) -> io::Result<()> {
    match fs::symlink_metadata(to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
        Ok(there) if there.is_dir() && fs::symlink_metadata(from)?.is_dir() => {
            for child in children(from)? {
                move_entry(&child, &to.join(child.file_name().unwrap_or_default()))?;
            }
            return fs::remove_dir(from);
        }
        Ok(there) if there.is_dir() => fs::remove_dir_all(to)?,
        Ok(_) => fs::remove_file(to)?,
    }
    fs::rename(from, to)
}

/// Removes what a distribution's `RECORD` names, the `RECORD` itself last, and the folders that are empty then.
fn remove_distribution(folder: &Path, dist_info: &Path) -> io::Result<()> {
    let mut folders = BTreeSet::new();
    for file in recorded_files(dist_info) {
        let path = folder.join(file);
        if !path.starts_with(dist_info) {
            remove_file(&path)?;
        }
        folders.extend(path.parent().map(Path::to_owned));
    }
    for parent in folders.iter().rev() {
        remove_orphaned_bytecode(parent)?;
        remove_empty(parent, folder);
    }
    fs::remove_dir_all(dist_info)
}

fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Err(error),
        _ => Ok(()),
    }
}

/// Bytecode is written after the `RECORD` and stands in no list: it goes when its source is gone.
fn remove_orphaned_bytecode(folder: &Path) -> io::Result<()> {
    let cache = folder.join("__pycache__");
    for path in children(&cache)? {
        let stem = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.split('.').next());
        if stem.is_some_and(|stem| !folder.join(stem).with_extension("py").exists()) {
            remove_file(&path)?;
        }
    }
    remove_empty(&cache, folder);
    Ok(())
}

/// Removes a folder and those above it, up to `end`, as long as they are empty.
fn remove_empty(folder: &Path, end: &Path) {
    let mut folder = folder;
    while folder != end && folder.starts_with(end) && fs::remove_dir(folder).is_ok() {
        let Some(parent) = folder.parent() else { return };
        folder = parent;
    }
}

/// The paths in a folder; none when there is no folder.
fn children(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| entry.map(|entry| entry.path())).collect(),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes a folder as the installer leaves it: files with content, and a `RECORD` that names them.
    fn installed(folder: &Path, name: &str, version: &str, files: &[&str]) {
        let dist_info = format!("{name}-{version}.dist-info");
        let mut record = format!("{dist_info}/RECORD,,\n");
        for file in files {
            write(folder, file, &format!("{name} {version}"));
            record.extend([file, ",sha256=x,1\n"]);
        }
        write(folder, &format!("{dist_info}/RECORD"), &record);
    }

    fn write(folder: &Path, file: &str, text: &str) {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        fs::write(path, text).expect("written");
    }

    /// The files beneath a folder with their first line, sorted.
    fn tree(folder: &Path) -> Vec<String> {
        let mut found = Vec::new();
        let mut open = vec![folder.to_owned()];
        while let Some(path) = open.pop() {
            if path.is_dir() {
                open.extend(children(&path).expect("readable"));
            } else {
                let text = fs::read_to_string(&path).expect("text");
                let name = path.strip_prefix(folder).expect("beneath").display().to_string();
                found.push(format!("{name}: {}", text.lines().next().unwrap_or_default()));
            }
        }
        found.retain(|line| !line.contains("RECORD"));
        found.sort();
        found
    }

    #[test]
    fn distributions_of_one_namespace_stand_side_by_side() {
        let root = tempfile::tempdir().expect("a folder");
        let (into, from) = (root.path().join("into"), root.path().join("from"));
        installed(&into, "protobuf", "7", &["google/protobuf/__init__.py"]);
        installed(&from, "google_auth", "2", &["google/auth/__init__.py"]);
        write(&from, ".lock", "");
        merge(&from, &into).expect("merged");
        assert_eq!(tree(&into), ["google/auth/__init__.py: google_auth 2", "google/protobuf/__init__.py: protobuf 7"]);
    }

    #[test]
    fn another_version_replaces_the_old_one_with_its_bytecode() {
        let root = tempfile::tempdir().expect("a folder");
        let (into, from) = (root.path().join("into"), root.path().join("from"));
        installed(&into, "cow", "1", &["cow/__init__.py", "cow/gone.py", "cow/deep/old.py", "cow.py"]);
        write(&into, "cow/__pycache__/gone.cpython-311.pyc", "bytecode");
        write(&into, "cow/__pycache__/__init__.cpython-311.pyc", "bytecode");
        installed(&into, "bell", "1", &["bell.py", "cow/plugin.py"]);
        installed(&from, "cow", "2", &["cow/__init__.py"]);
        merge(&from, &into).expect("merged");
        assert_eq!(tree(&into), ["bell.py: bell 1", "cow/__init__.py: cow 2", "cow/plugin.py: bell 1"]);
        let names: Vec<_> =
            distributions_in(&into).expect("read").into_iter().map(|(name, _)| name.to_string()).collect();
        assert_eq!(names, ["bell==1", "cow==2"]);
    }

    #[test]
    fn an_interrupted_merge_is_finished_by_starting_again() {
        let root = tempfile::tempdir().expect("a folder");
        let (into, from) = (root.path().join("into"), root.path().join("from"));
        installed(&into, "cow", "1", &["cow/__init__.py"]);
        installed(&from, "cow", "2", &["cow/__init__.py", "cow/b.py"]);
        // As a crash leaves it: the old version is gone, half of the new one has been moved.
        remove_distribution(&into, &into.join("cow-1.dist-info")).expect("removed");
        fs::create_dir_all(into.join("cow")).expect("made");
        fs::rename(from.join("cow/b.py"), into.join("cow/b.py")).expect("moved");
        merge(&from, &into).expect("merged");
        assert_eq!(tree(&into), ["cow/__init__.py: cow 2", "cow/b.py: cow 2"]);
    }

    #[test]
    fn a_file_and_a_folder_of_one_name_do_not_stand_in_each_others_way() {
        let root = tempfile::tempdir().expect("a folder");
        let (into, from) = (root.path().join("into"), root.path().join("from"));
        write(&into, "a", "file");
        write(&into, "b/file", "old");
        write(&from, "a/file", "new");
        write(&from, "b", "new");
        merge(&from, &into).expect("merged");
        assert_eq!(tree(&into), ["a/file: new", "b: new"]);
    }
}
