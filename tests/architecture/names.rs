//! Names that say nothing (STYLE 13).

use std::path::Path;

use super::source_tree::{is_code, walk};

/// A file or folder is never called so.
const EMPTY_NAMES: [&str; 14] = [
    "base",
    "core",
    "data",
    "engine",
    "handler",
    "info",
    "internal",
    "manager",
    "processor",
    "service",
    "shared",
    "types",
    "v2",
    "wrapper",
];

/// Nor does a name contain one of these words.
const EMPTY_WORDS: [&str; 9] = ["common", "helper", "helpers", "misc", "old", "stuff", "tmp", "util", "utils"];

#[test]
fn files_and_folders_have_names_that_say_something() {
    let paths = ["src", "python", "tests", "benches"].iter().flat_map(|folder| {
        let (files, folders) = walk(folder);
        let code = files.into_iter().filter(|path| is_code(path));
        code.chain(folders).collect::<Vec<_>>()
    });
    assert_eq!(paths.filter(|path| says_nothing(path)).collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn a_name_that_says_nothing_is_found() {
    assert!(says_nothing("src/cli/utils.rs"));
    assert!(says_nothing("tests/test_helpers"));
    assert!(says_nothing("src/files/manager.rs"));
    assert!(!says_nothing("src/interpreter/packages/base_packages.rs"));
}

fn says_nothing(path: &str) -> bool {
    let name = Path::new(path).file_stem().unwrap_or_default().to_string_lossy();
    EMPTY_NAMES.contains(&name.as_ref()) || name.split(['_', '-']).any(|word| EMPTY_WORDS.contains(&word))
}
