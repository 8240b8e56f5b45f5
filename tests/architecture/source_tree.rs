//! The files of the project, as far as people write them.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Where programs and tests are written.
pub(super) const WRITTEN: [&str; 7] = ["src", "tests", "benches", "evaluation", "examples", "python", "setup"];

/// Samples and data have names and sizes of their own.
const NOT_WRITTEN: [&str; 3] = ["tests/fixtures", "evaluation/data", "examples/data"];

/// A file of Rust.
pub(super) struct RustFile {
    /// Relative to the project's folder.
    pub(super) path: String,
    pub(super) text: String,
    pub(super) syntax: syn::File,
}

impl RustFile {
    pub(super) fn new(path: &str, text: &str) -> Self {
        let syntax = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        Self { path: path.to_owned(), text: text.to_owned(), syntax }
    }

    /// The module that a file under `src` is: `["interpreter", "pool", "queue"]`; empty for the crate's root.
    pub(super) fn module(&self) -> Vec<String> {
        let path = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        let mut module: Vec<_> = path.split('/').map(str::to_owned).collect();
        if module.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
            module.pop();
        }
        module
    }
}

/// The project's folder.
pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file of the project.
pub(super) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every Rust file in a folder of the project.
pub(super) fn rust_files(folder: &str) -> Vec<RustFile> {
    let (files, _) = walk(folder);
    let rust = files.iter().filter(|path| Path::new(path).extension().is_some_and(|extension| extension == "rs"));
    rust.map(|path| RustFile::new(path, &read(path))).collect()
}

/// The files and the folders in a folder of the project, itself included, sorted; nothing where it does not exist.
pub(super) fn walk(folder: &str) -> (Vec<String>, Vec<String>) {
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    let mut pending = vec![PathBuf::from(folder)];
    while let Some(folder) = pending.pop() {
        let Ok(entries) = fs::read_dir(root().join(&folder)) else { continue };
        for entry in entries {
            let entry = entry.unwrap();
            let path = folder.join(entry.file_name());
            match entry.file_type().unwrap().is_dir() {
                _ if is_left_out(&path) => {}
                true => pending.push(path),
                false => files.push(path.display().to_string()),
            }
        }
        folders.push(folder.display().to_string());
    }
    files.sort();
    folders.sort();
    (files, folders)
}

/// Whether people program in this file.
pub(super) fn is_code(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| ["rs", "py", "sh"].contains(&&*extension.to_string_lossy()))
}

fn is_left_out(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') || name == "__pycache__" || NOT_WRITTEN.iter().any(|other| path == Path::new(other))
}
