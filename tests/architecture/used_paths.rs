//! Which modules and crates a file of Rust names.

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Item, ItemMod, ItemUse, Macro, Path, UseTree,
    spanned::Spanned,
    visit::{self, Visit},
};

use super::source_tree::RustFile;

/// A path that a file names. What it reaches by `crate`, `self` or `super` starts with `crate`.
pub(super) struct UsedPath {
    pub(super) segments: Vec<String>,
    pub(super) line: usize,
}

/// Every path that a file names, also in its macros.
pub(super) fn used_paths(file: &RustFile) -> Vec<UsedPath> {
    let mut collector = Collector { module: file.module(), used: Vec::new() };
    collector.visit_file(&file.syntax);
    collector.used
}

/// The names that the crate's root hands on, each with the module it comes from.
pub(super) fn handed_on(root: &RustFile) -> Vec<(String, String)> {
    let uses = root.syntax.items.iter().filter_map(|item| match item {
        Item::Use(item) => Some(item),
        _ => None,
    });
    let paths = uses.flat_map(|item| {
        let mut paths = Vec::new();
        flatten(&item.tree, &[], &mut paths);
        paths
    });
    paths.filter_map(|path| Some((path.last()?.clone(), path.first()?.clone()))).collect()
}

struct Collector {
    module: Vec<String>,
    used: Vec<UsedPath>,
}

impl Collector {
    fn add(&mut self, segments: Vec<String>, line: usize) {
        let segments = self.rooted(segments);
        self.used.push(UsedPath { segments, line });
    }

    fn rooted(&self, segments: Vec<String>) -> Vec<String> {
        let ups = segments.iter().take_while(|segment| *segment == "super").count();
        let is_own = segments.first().is_some_and(|first| first == "self");
        if ups == 0 && !is_own {
            return segments;
        }
        let base = &self.module[..self.module.len().saturating_sub(ups)];
        let rest = &segments[ups.max(usize::from(is_own))..];
        std::iter::once("crate".to_owned()).chain(base.iter().cloned()).chain(rest.iter().cloned()).collect()
    }
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let mut paths = Vec::new();
        flatten(&item.tree, &[], &mut paths);
        for path in paths {
            self.add(path, item.span().start().line);
        }
    }

    fn visit_path(&mut self, path: &'ast Path) {
        let segments = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.add(segments, path.span().start().line);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast Macro) {
        for (path, line) in paths_in(item.tokens.clone()) {
            self.add(path, line);
        }
        visit::visit_macro(self, item);
    }
}

fn flatten(tree: &UseTree, before: &[String], paths: &mut Vec<Vec<String>>) {
    let with = |name: String| [before, &[name]].concat();
    match tree {
        UseTree::Path(path) => flatten(&path.tree, &with(path.ident.to_string()), paths),
        UseTree::Name(name) => paths.push(with(name.ident.to_string())),
        UseTree::Rename(rename) => paths.push(with(rename.ident.to_string())),
        UseTree::Glob(_) => paths.push(before.to_vec()),
        UseTree::Group(group) => group.items.iter().for_each(|item| flatten(item, before, paths)),
    }
}

/// What looks like a path in the tokens of a macro, which nobody parses.
fn paths_in(tokens: TokenStream) -> Vec<(Vec<String>, usize)> {
    let mut paths: Vec<(Vec<String>, usize)> = Vec::new();
    let mut colons = 0;
    for token in tokens {
        match token {
            TokenTree::Ident(name) if colons == 2 && !paths.is_empty() => {
                paths.last_mut().unwrap().0.push(name.to_string());
                colons = 0;
            }
            TokenTree::Ident(name) => {
                paths.push((vec![name.to_string()], name.span().start().line));
                colons = 0;
            }
            TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
            TokenTree::Group(group) => {
                paths.extend(paths_in(group.stream()));
                colons = 0;
            }
            _ => colons = 0,
        }
    }
    paths
}

#[test]
fn a_path_is_found_however_it_is_written() {
    let text = "use crate::{cli::Exit, config as settings};\nuse super::super::app;\nmod tests { use super::worker; }\n\
                fn f() { crate::main_loop(); println!(\"{}\", vec![crate::cli::exit()][0]); super::queue::Q; }";
    let file = RustFile::new("src/interpreter/pool/stopper.rs", text);
    let used = used_paths(&file);
    let mut found: Vec<_> = used.iter().map(|used| format!("{}: {}", used.line, used.segments.join("::"))).collect();
    found.retain(|path| path.contains("crate"));
    let expected = [
        "1: crate::cli::Exit",
        "1: crate::config",
        "2: crate::interpreter::app",
        "3: crate::interpreter::pool::stopper::worker",
        "4: crate::cli::exit",
        "4: crate::interpreter::pool::queue::Q",
        "4: crate::main_loop",
    ];
    found.sort();
    assert_eq!(found, expected);
}
