//! What the line editor asks the session: whether an input is whole, and which names there are.

use std::sync::Arc;

use rustyline::{
    Context, Helper,
    completion::Completer,
    highlight::Highlighter,
    hint::Hinter,
    validate::{ValidationContext, ValidationResult, Validator},
};
use tokio::runtime::Handle;

use super::{command, session::Session};

/// What Tab puts at the beginning of a line.
const INDENT: &str = "    ";

/// Asks the session what the editor wants to know.
pub(super) struct Asking {
    session: Arc<Session>,
    runtime: Handle,
}

impl Asking {
    pub(super) fn new(session: Arc<Session>) -> Self {
        Self { session, runtime: Handle::current() }
    }
}

impl Helper for Asking {}
impl Highlighter for Asking {}

impl Hinter for Asking {
    type Hint = String;
}

impl Validator for Asking {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let input = context.input();
        let is_whole = input.trim().is_empty()
            || input.trim_start().starts_with('/')
            || self.runtime.block_on(self.session.is_whole(input));
        Ok(if is_whole { ValidationResult::Valid(None) } else { ValidationResult::Incomplete })
    }
}

impl Completer for Asking {
    type Candidate = String;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        let before = &line[..at];
        if before.starts_with('/') {
            let names = command::ALL.iter().map(|(name, ..)| *name);
            return Ok((0, names.filter(|name| name.starts_with(before)).map(str::to_owned).collect()));
        }
        let start = word_start(before);
        let word = &before[start..];
        if before.rsplit('\n').next().is_some_and(|line| line.trim().is_empty()) {
            return Ok((at, vec![INDENT.to_owned()]));
        }
        if word.is_empty() || word.starts_with('.') {
            return Ok((at, Vec::new()));
        }
        Ok((start, self.runtime.block_on(self.session.completions(word))))
    }
}

/// Where the dotted name begins with which a text ends.
fn word_start(text: &str) -> usize {
    let is_part = |character: &char| character.is_alphanumeric() || matches!(character, '_' | '.');
    text.len() - text.chars().rev().take_while(is_part).map(char::len_utf8).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dotted_name_before_the_cursor_is_what_is_completed() {
        for (text, word) in [("print(pd.Da", "pd.Da"), ("größe", "größe"), ("x[0].re", ".re"), ("a + ", "")] {
            assert_eq!(&text[word_start(text)..], word);
        }
    }
}
