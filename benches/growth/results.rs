//! The part of `benches/RESULTS.md` that is about growth. It comes last, and whoever writes the rest keeps it.

use std::{
    fs,
    path::{Path, PathBuf},
};

const TITLE: &str = "\n## Growth of the catalog\n";

/// Where results are written.
pub(crate) fn place() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/RESULTS.md")
}

/// What stands there about growth, with its title; nothing when it was never measured.
pub(crate) fn kept() -> String {
    let there = fs::read_to_string(place()).unwrap_or_default();
    there.find(TITLE).map_or_else(String::new, |from| there[from..].to_owned())
}

/// Writes about growth, in place of what stood there.
pub(crate) fn write(text: &str) {
    let there = fs::read_to_string(place()).unwrap_or_default();
    let others = there.find(TITLE).map_or(there.as_str(), |from| &there[..from]);
    fs::write(place(), format!("{}\n{TITLE}\n{text}", others.trim_end())).expect("RESULTS.md can be written");
}
