//! What is named in one place only. The list is ARCHITECTURE.md's.

use std::str::FromStr;

use proc_macro2::{TokenStream, TokenTree};

use super::pages::markdown::table;
use super::source_tree::{RustFile, read, rust_files};

/// DESIGN 2, 5, 6.7
#[test]
fn what_belongs_in_one_place_stands_nowhere_else() {
    let rows = table(&read("ARCHITECTURE.md"), "only here");
    assert!(!rows.is_empty());
    let program = rust_files("src").into_iter().filter(|file| !is_test(&file.path));
    let files: Vec<_> = program.map(|file| (tokens(&file), file)).collect();
    for row in rows {
        let [places, names] = row.as_slice() else { panic!("two columns are expected: {row:?}") };
        for name in names {
            let naming = files.iter().filter(|(tokens, _)| has(tokens, name)).map(|(_, file)| file.path.as_str());
            let is_at_home = |path: &&str| places.iter().any(|place| is_in(path, place));
            let (home, elsewhere): (Vec<_>, Vec<_>) = naming.partition(is_at_home);
            assert_eq!(elsewhere, Vec::<&str>::new(), "`{name}` belongs in {places:?} only");
            assert!(!home.is_empty(), "nothing in {places:?} names `{name}` any more");
        }
    }
}

#[test]
fn a_name_is_found_in_code_and_macros_and_not_in_texts() {
    let file = RustFile::new("src/x.rs", "/// pyo3\nfn f() { g(\"notify\"); println!(\"{:?}\", std::env::var(X)); }");
    let tokens = tokens(&file);
    assert!(has(&tokens, "env::var"));
    assert!(has(&tokens, "println!"));
    assert!(!has(&tokens, "pyo3"));
    assert!(!has(&tokens, "notify"));
    assert!(!has(&tokens, "env::vars"));
}

fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs")
}

fn is_in(path: &str, place: &str) -> bool {
    path == place || path.starts_with(&format!("{place}/"))
}

fn tokens(file: &RustFile) -> Vec<String> {
    flat(TokenStream::from_str(&file.text).unwrap())
}

fn has(tokens: &[String], name: &str) -> bool {
    let name = flat(TokenStream::from_str(name).unwrap());
    tokens.windows(name.len()).any(|window| window == name)
}

fn flat(tokens: TokenStream) -> Vec<String> {
    let flat = tokens.into_iter().flat_map(|token| match token {
        TokenTree::Group(group) => flat(group.stream()),
        // A text or a comment names nothing.
        TokenTree::Literal(_) => vec![String::new()],
        other => vec![other.to_string()],
    });
    flat.collect()
}
