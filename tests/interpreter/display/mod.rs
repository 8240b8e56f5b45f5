//! What code shows: the last expression, `display()`, figures and pictures (X8).

mod figures;
mod pictures;
mod values;

use taipan::Outcome;

/// Names of what was generated.
fn names(outcome: &Outcome) -> Vec<&str> {
    outcome.generated_files.iter().map(|file| file.name.as_str()).collect()
}

/// Width and height of a generated PNG.
fn size(outcome: &Outcome, name: &str) -> (u32, u32) {
    let file = outcome.generated_files.iter().find(|file| file.name == name).expect("a file of this name");
    let bytes = file.read().expect("bytes");
    assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
    let number = |from: usize| u32::from_be_bytes(bytes[from..from + 4].try_into().expect("four bytes"));
    (number(16), number(20))
}
