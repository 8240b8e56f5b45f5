//! What code raises is told as Python tells it, with the user's own lines (X1, X9).

mod depth;
mod ends;
mod named_sources;
mod odd;
mod syntax;
mod tracebacks;
mod unraisable;

use taipan::{Ending, Isolation, PythonException, Request};

use crate::interpreters::plain;

/// Runs code that raises.
async fn exception(isolation: Isolation, code: &str) -> PythonException {
    let outcome = plain(isolation).execute(Request::new(code)).await.expect("an outcome");
    match outcome.ending {
        Ending::Raised(exception) => exception,
        other => panic!("{other:?}: {}", outcome.output),
    }
}

/// Text without the lines that mark a part of the line above, which differ between versions of Python.
pub(crate) fn without_marks(text: &str) -> String {
    let is_mark = |line: &&str| line.contains(['^', '~']) && line.trim_matches([' ', '^', '~', '\n']).is_empty();
    text.split_inclusive('\n').filter(|line| !is_mark(line)).collect()
}
