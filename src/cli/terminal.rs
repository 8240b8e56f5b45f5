//! Writing lines for people on standard error, and what may be written to a terminal.

use std::{
    borrow::Cow,
    io::{self, IsTerminal, Write},
};

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

/// A text that somebody else wrote, such as a model or its code, as it may be written to a stream: where that is a
/// terminal, what would steer it or turn letters around is shown escaped.
pub(crate) fn harmless<'t>(stream: &impl IsTerminal, text: &'t str) -> Cow<'t, str> {
    if stream.is_terminal() { escaped(text, &['\n', '\t', '\r']) } else { Cow::Borrowed(text) }
}

/// A name that somebody else gave, as one line may show it.
pub(crate) fn harmless_name(name: &str) -> Cow<'_, str> {
    escaped(name, &[])
}

fn escaped<'t>(text: &'t str, allowed: &[char]) -> Cow<'t, str> {
    let is_harmful = |character: char| steers(character) && !allowed.contains(&character);
    if !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_harmful(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// Control characters of both sets (ECMA-48), and those that set the direction of text (UAX 9).
fn steers(character: char) -> bool {
    character.is_control() || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_shown_escaped() {
        assert_eq!(harmless_name("a\u{1b}[2J\u{9b}5n\u{202e}\n.txt"), "a\\u{1b}[2J\\u{9b}5n\\u{202e}\\n.txt");
        assert_eq!(escaped("100 %\r\n\tä 📊\u{7}", &['\n', '\t', '\r']), "100 %\r\n\tä 📊\\u{7}");
    }
}
