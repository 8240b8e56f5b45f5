//! Writing lines for people on standard error.

use std::io::{self, IsTerminal, Write};

/// Back to the start of the line and clear it, in the language of terminals (ECMA-48).
const CLEAR_LINE: &str = "\r\x1b[K";

/// Writes one line to standard error. When nobody listens any more there is nobody to tell.
pub(crate) fn say(line: &str) {
    let _nobody_listens = writeln!(io::stderr().lock(), "{line}");
}

/// Writes a text in place of what stands on the line of the cursor; does nothing where there is no terminal.
pub(crate) fn redraw_line(text: &str) {
    let mut stderr = io::stderr().lock();
    if stderr.is_terminal() {
        let _nobody_listens = write!(stderr, "{CLEAR_LINE}{text}").and_then(|()| stderr.flush());
    }
}

/// Clears what a spinner, or a key that was pressed, may have left on the line of the cursor.
pub(crate) fn clear_line() {
    redraw_line("");
}

/// Where a line of the log goes: standard error, on a line without a spinner.
pub(crate) fn log_line() -> io::Stderr {
    clear_line();
    io::stderr()
}
