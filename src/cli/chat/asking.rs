//! What the line editor asks: which commands there are.

use rustyline::{Context, Helper, completion::Completer, highlight::Highlighter, hint::Hinter, validate::Validator};

use super::commands;

/// Completes commands; every input is whole.
pub(super) struct Asking;

impl Helper for Asking {}
impl Highlighter for Asking {}
impl Validator for Asking {}

impl Hinter for Asking {
    type Hint = String;
}

impl Completer for Asking {
    type Candidate = String;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        let before = &line[..at];
        let names = commands::ALL.iter().map(|(name, _)| *name).filter(|name| name.starts_with(before));
        Ok((0, if before.starts_with('/') { names.map(str::to_owned).collect() } else { Vec::new() }))
    }
}
