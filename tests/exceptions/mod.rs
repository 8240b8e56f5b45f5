//! What code raises is told as Python tells it, with the user's own lines (X1, X9).

mod depth;
mod ends;
mod odd;
mod syntax;
mod tracebacks;
mod unraisable;

use taipan::{Ending, PythonException, Request};

use crate::interpreters::plain;

/// Runs code that raises.
async fn exception(code: &str) -> PythonException {
    let outcome = plain().execute(Request::new(code)).await.expect("an outcome");
    match outcome.ending {
        Ending::Raised(exception) => exception,
        other => panic!("{other:?}: {}", outcome.output),
    }
}
