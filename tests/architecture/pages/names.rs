//! Paths, commands and names that the pages mention exist.

use std::{collections::HashSet, fs, path::Path};

use super::markdown::{code_blocks, code_spans, links};

const PAGES: [&str; 5] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/security.md"];

/// Code spans that start so are paths of the project.
const FOLDERS: [&str; 9] = ["src", "tests", "benches", "docs", "examples", "python", "setup", ".ci", ".cargo"];

/// Names of the operating system.
const SYSTEM: [&str; 4] = ["CLONE_FS", "O_NOFOLLOW", "openat2", "unshare"];

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn is_there(path: &str) -> bool {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists()
}

#[test]
fn every_path_on_a_page_leads_to_something() {
    let gone = PAGES.iter().flat_map(|page| {
        let text = read(page);
        let spans = code_spans(&text).into_iter().filter(|span| is_path(span));
        let links = links(&text).into_iter().filter(|link| !link.contains("://") && !link.starts_with('#'));
        // A link leads on from the page's own folder.
        let folder = Path::new(page).parent().unwrap_or(Path::new(""));
        let links = links.map(|link| folder.join(link).display().to_string());
        spans.chain(links).filter(|path| !is_there(path)).map(|path| format!("{page}: {path}")).collect::<Vec<_>>()
    });
    assert_eq!(gone.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn every_make_command_on_a_page_can_be_typed() {
    let makefile = read("Makefile");
    let unknown = PAGES.iter().flat_map(|page| {
        let text = read(page);
        let blocks =
            code_blocks(&text, "sh").into_iter().flat_map(|block| block.lines().map(str::to_owned).collect::<Vec<_>>());
        let commands: Vec<_> = code_spans(&text).into_iter().chain(blocks).collect();
        let targets = commands.iter().filter_map(|command| command.split("make ").nth(1)?.split_whitespace().next());
        let unknown = targets.filter(|target| !makefile.contains(&format!("\n{target}:")));
        unknown.map(|target| format!("{page}: make {target}")).collect::<Vec<_>>()
    });
    assert_eq!(unknown.collect::<Vec<_>>(), Vec::<String>::new());
}

/// Functions, types and tests that are renamed take the pages along.
#[test]
fn every_name_on_a_page_about_the_source_is_in_the_source() {
    let words = words_of_the_source();
    let is_known = |word: &str| words.contains(word) || SYSTEM.contains(&word);
    let unknown = ["ARCHITECTURE.md", "CONTRIBUTING.md"].iter().flat_map(|page| {
        let spans = code_spans(&read(page)).into_iter().filter(|span| is_name(span));
        let unknown = spans.filter(|span| !parts(span).all(is_known));
        unknown.map(|span| format!("{page}: {span}")).collect::<Vec<_>>()
    });
    assert_eq!(unknown.collect::<Vec<_>>(), Vec::<String>::new());
}

fn parts(name: &str) -> impl Iterator<Item = &str> {
    name.split([':', '.', '(', ')', '!']).filter(|part| !part.is_empty())
}

fn is_path(span: &str) -> bool {
    let is_plain = !span.contains([' ', '*', '{', '…', '<']);
    let is_in_folder = FOLDERS.iter().any(|folder| span.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')));
    let is_page = Path::new(span).extension().is_some_and(|extension| extension == "md");
    is_plain && (is_in_folder || is_page)
}

/// `name`, `Type::name`, `module.name`, `name()`, `name!`.
fn is_name(span: &str) -> bool {
    let is_word = |character: char| character.is_alphanumeric() || "_:.()!".contains(character);
    !span.is_empty() && span.chars().all(is_word) && !span.starts_with('.') && !is_path(span)
}

fn words_of_the_source() -> HashSet<String> {
    let mut words = HashSet::new();
    let mut pending: Vec<_> = ["src", "python", "tests", "setup", "examples", "benches"].map(Into::into).into();
    pending.extend(["Cargo.toml", "Makefile", "build.rs", "clippy.toml"].map(Path::new).map(Path::to_owned));
    while let Some(path) = pending.pop() {
        let full = Path::new(env!("CARGO_MANIFEST_DIR")).join(&path);
        if let Ok(entries) = fs::read_dir(&full) {
            pending.extend(entries.map(|entry| path.join(entry.unwrap().file_name())));
        } else if let Ok(text) = fs::read_to_string(&full) {
            words.extend(
                text.split(|character: char| !character.is_alphanumeric() && character != '_').map(str::to_owned),
            );
        }
    }
    words
}
