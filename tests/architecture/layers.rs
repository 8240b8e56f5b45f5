//! Arrows point down only (DESIGN 2). The list of layers is ARCHITECTURE.md's.

use super::pages::markdown::{code_blocks, table};
use super::{
    source_tree::{RustFile, read, root, rust_files},
    used_paths::{handed_on, used_paths},
};

/// DESIGN 2
#[test]
fn every_part_uses_only_what_stands_below_it() {
    let layers = Layers::of_architecture();
    let against: Vec<_> = rust_files("src").iter().flat_map(|file| layers.against(file)).collect();
    assert_eq!(against, Vec::<String>::new());
}

#[test]
fn the_list_of_layers_is_complete() {
    let layers = Layers::of_architecture();
    let mut parts: Vec<_> = std::fs::read_dir(root().join("src"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap().trim_end_matches(".rs").to_owned())
        .filter(|part| part != "lib")
        .collect();
    let mut listed: Vec<_> = layers.levels.concat();
    parts.sort();
    listed.sort();
    assert_eq!(listed, parts);
}

#[test]
fn an_arrow_that_points_up_is_found() {
    let layers = Layers { levels: vec![vec!["cli".into()], vec!["interpreter".into(), "files".into()]], root: vec![] };
    let file = RustFile::new("src/interpreter/mod.rs", "use crate::cli::Exit;\nuse super::files;\nuse crate::formats;");
    let expected = [
        "src/interpreter/mod.rs:1 uses crate::cli::Exit, which is not below interpreter",
        "src/interpreter/mod.rs:2 uses crate::files, which is not below interpreter",
    ];
    assert_eq!(layers.against(&file), expected);
}

/// Parts of the interpreter that do not know each other.
#[test]
fn what_is_said_not_to_know_something_does_not() {
    let rows = table(&read("ARCHITECTURE.md"), "part");
    assert!(!rows.is_empty());
    for row in rows {
        let [folders, unknown] = row.as_slice() else { panic!("two columns are expected: {row:?}") };
        for folder in folders {
            let known: Vec<_> = rust_files(folder).iter().flat_map(|file| naming(file, unknown)).collect();
            assert_eq!(known, Vec::<String>::new());
        }
    }
}

/// The places where a file names one of these modules (`src/…`) or crates.
fn naming(file: &RustFile, unknown: &[String]) -> Vec<String> {
    let is_unknown = |path: &str| {
        unknown.iter().any(|other| {
            let other = other.replace("src/", "crate/").trim_end_matches(".rs").replace('/', "::");
            path == other || path.starts_with(&format!("{other}::"))
        })
    };
    let paths = used_paths(file).into_iter().map(|used| (used.segments.join("::"), used.line));
    paths.filter(|(path, _)| is_unknown(path)).map(|(path, line)| format!("{}:{line} {path}", file.path)).collect()
}

struct Layers {
    /// From the top to the bottom; parts on one level do not know each other.
    levels: Vec<Vec<String>>,
    /// What the crate's root hands on, and from where.
    root: Vec<(String, String)>,
}

impl Layers {
    fn of_architecture() -> Self {
        let blocks = code_blocks(&read("ARCHITECTURE.md"), "layers");
        let [block] = blocks.as_slice() else { panic!("ARCHITECTURE.md has one block `layers`") };
        let levels = block.lines().map(|line| line.split_whitespace().map(str::to_owned).collect()).collect();
        Self { levels, root: handed_on(&RustFile::new("src/lib.rs", &read("src/lib.rs"))) }
    }

    fn level(&self, part: &str) -> Option<usize> {
        self.levels.iter().position(|level| level.iter().any(|other| other == part))
    }

    /// What a file uses that it may not.
    fn against(&self, file: &RustFile) -> Vec<String> {
        let part = match file.path.as_str() {
            "src/lib.rs" => return Vec::new(),
            "src/main.rs" => "main".to_owned(),
            _ => file.module()[0].clone(),
        };
        let used = used_paths(file).into_iter().filter_map(|used| {
            let target = self.target(&used.segments)?;
            let is_below = self.level(target) > self.level(&part);
            (target != part && !is_below).then(|| {
                let path = used.segments.join("::");
                format!("{}:{} uses {path}, which is not below {part}", file.path, used.line)
            })
        });
        used.collect()
    }

    /// The part that a path leads to, if it leads to one.
    fn target<'p>(&'p self, segments: &'p [String]) -> Option<&'p str> {
        match segments {
            [root, name, ..] if ["crate", "taipan"].contains(&root.as_str()) => {
                let from = self.root.iter().find(|(handed_on, _)| handed_on == name);
                let part = from.map_or(name.as_str(), |(_, part)| part.as_str());
                self.level(part).map(|_| part)
            }
            _ => None,
        }
    }
}
