//! ARCHITECTURE.md names what is there, all of it, and nothing that is gone.

use super::source_tree::{read, walk};

/// Folders that hold tests explain themselves.
const TESTS: &str = "/tests";

#[test]
fn every_folder_of_the_program_is_on_the_map() {
    let page = read("ARCHITECTURE.md");
    let folders = ["src", "python"].iter().flat_map(|folder| walk(folder).1);
    let program = folders.filter(|folder| !format!("{folder}/").contains(&format!("{TESTS}/")));
    let missing = program.filter(|folder| !page.contains(&format!("`{folder}`")));
    assert_eq!(missing.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn every_file_beside_folders_is_on_the_map() {
    let page = read("ARCHITECTURE.md");
    let (files, _) = walk("src");
    let top = files.into_iter().filter(|path| path.matches('/').count() == 1);
    let missing = top.filter(|path| !page.contains(&format!("`{path}`")));
    assert_eq!(missing.collect::<Vec<_>>(), Vec::<String>::new());
}
