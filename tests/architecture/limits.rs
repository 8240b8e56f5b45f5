//! The limits of size (STYLE, "our limits"). Those of Python's functions are in `python/tests/test_limits.py`.

use std::fs;

use syn::{
    Block, ImplItemFn, ItemFn, Signature, TraitItemFn,
    spanned::Spanned,
    visit::{self, Visit},
};

use super::source_tree::{RustFile, WRITTEN, is_code, read, root, rust_files, walk};

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 70;
const PARAMETERS: usize = 6;
const FOLDER_ENTRIES: usize = 14;
const FOLDERS_BELOW_SRC: usize = 3;

#[test]
fn no_file_is_longer_than_400_lines() {
    let files = WRITTEN.iter().flat_map(|folder| walk(folder).0).filter(|path| is_code(path));
    let long = files.filter(|path| read(path).lines().count() > FILE_LINES);
    assert_eq!(long.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn no_function_is_longer_than_70_lines_or_takes_more_than_6_parameters() {
    let files = ["src", "tests", "benches", "examples"].iter().flat_map(|folder| rust_files(folder));
    let too_large = files.flat_map(|file| too_large(&file));
    assert_eq!(too_large.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn no_folder_has_more_than_14_entries() {
    let folders = WRITTEN.iter().flat_map(|folder| {
        let (files, folders) = walk(folder);
        let all: Vec<_> = files.iter().chain(&folders).cloned().collect();
        folders.into_iter().map(move |folder| {
            let direct = all.iter().filter(|path| path.rsplit_once('/').is_some_and(|(parent, _)| parent == folder));
            (direct.count(), folder)
        })
    });
    let full = folders.filter(|(entries, _)| *entries > FOLDER_ENTRIES);
    assert_eq!(full.collect::<Vec<_>>(), Vec::<(usize, String)>::new());
}

#[test]
fn no_folder_lies_deeper_than_3_levels_below_src() {
    assert!(fs::exists(root().join("src/interpreter/python/native")).unwrap());
    let deep = walk("src").1.into_iter().filter(|folder| folder.matches('/').count() > FOLDERS_BELOW_SRC);
    assert_eq!(deep.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn a_long_function_and_one_with_many_parameters_are_found() {
    let long = format!("impl X {{\n    fn long(&self) {{\n{}    }}\n}}", "        x();\n".repeat(69));
    let file = RustFile::new("src/x.rs", &format!("{long}\nfn many(a: A, b: B, c: C, d: D, e: E, f: F, g: G) {{}}"));
    assert_eq!(too_large(&file), ["src/x.rs: `long` has 71 lines", "src/x.rs: `many` takes 7 parameters"]);
}

fn too_large(file: &RustFile) -> Vec<String> {
    let mut functions = Functions::default();
    functions.visit_file(&file.syntax);
    functions.too_large.iter().map(|what| format!("{}: {what}", file.path)).collect()
}

#[derive(Default)]
struct Functions {
    too_large: Vec<String>,
}

impl Functions {
    fn measure(&mut self, signature: &Signature, block: &Block) {
        let name = &signature.ident;
        let lines = block.span().end().line - signature.span().start().line + 1;
        if lines > FUNCTION_LINES {
            self.too_large.push(format!("`{name}` has {lines} lines"));
        }
        let parameters = signature.inputs.iter().filter(|input| matches!(input, syn::FnArg::Typed(_))).count();
        if parameters > PARAMETERS {
            self.too_large.push(format!("`{name}` takes {parameters} parameters"));
        }
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.measure(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.measure(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        if let Some(block) = &function.default {
            self.measure(&function.sig, block);
        }
        visit::visit_trait_item_fn(self, function);
    }
}
