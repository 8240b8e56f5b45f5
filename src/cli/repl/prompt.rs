//! The line editor: a prompt, several lines at once, earlier inputs, and names completed.

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use rustyline::{
    CompletionType, Config, Context, Editor, Helper,
    completion::Completer,
    error::ReadlineError,
    highlight::Highlighter,
    hint::Hinter,
    history::FileHistory,
    validate::{ValidationContext, ValidationResult, Validator},
};
use tokio::{runtime::Handle, task::spawn_blocking};

use super::{super::terminal, Failure, command, history, session::Session};

const PROMPT: &str = ">>> ";
/// What Tab puts at the beginning of a line.
const INDENT: &str = "    ";
/// What the terminal was told before a line is edited, taken back: pasted text is marked no more.
const UNMARKED_PASTE: &[u8] = b"\x1b[?2004l\r\n";

/// How the terminal was when the program started.
static TERMINAL: OnceLock<Termios> = OnceLock::new();

/// The editor, which is elsewhere while somebody types.
pub(super) struct Prompt {
    editor: Editor<Asking, FileHistory>,
    /// `None` where inputs cannot be kept.
    history: Option<PathBuf>,
}

impl Prompt {
    pub(super) fn new(session: Arc<Session>, history: &Path) -> Result<Self, Failure> {
        if let Ok(found) = tcgetattr(io::stdin()) {
            // The first time is the only one.
            let _ = TERMINAL.set(found);
        }
        let config = Config::builder().completion_type(CompletionType::List).completion_show_all_if_ambiguous(true);
        let config = config.max_history_size(history::MOST_INPUTS).and_then(|config| config.history_ignore_dups(true));
        let mut editor =
            config.and_then(|config| Editor::with_config(config.build())).map_err(|error| unusable(&error))?;
        editor.set_helper(Some(Asking { session, runtime: Handle::current() }));
        let history = match history::prepare(history).map_err(Into::into).and_then(|()| editor.load_history(history)) {
            Ok(()) => Some(history.to_owned()),
            Err(error) => {
                let place = history.display();
                terminal::say(&format!("⚠️ Inputs are not kept for the next time: {place} cannot be used ({error})."));
                None
            }
        };
        Ok(Self { editor, history })
    }

    /// Waits for an input, and comes back with it; `None` when somebody leaves.
    pub(super) async fn read(self) -> Result<Option<(Self, String)>, Failure> {
        let reading = spawn_blocking(move || self.read_here());
        reading.await.map_err(|error| Failure::interpreter(format!("The prompt has failed: {error}.")))?
    }

    fn read_here(mut self) -> Result<Option<(Self, String)>, Failure> {
        loop {
            match self.editor.readline(PROMPT) {
                Ok(typed) => {
                    self.keep(&typed);
                    return Ok(Some((self, typed)));
                }
                Err(ReadlineError::Interrupted) => {}
                Err(ReadlineError::Eof) => return Ok(None),
                Err(error) => return Err(unusable(&error)),
            }
        }
    }

    fn keep(&mut self, typed: &str) {
        let typed = typed.trim_end();
        if typed.is_empty() || typed.len() > history::LONGEST_INPUT {
            return;
        }
        let kept = self.editor.add_history_entry(typed);
        if let (Ok(true), Some(path)) = (kept, &self.history)
            && let Err(error) = self.editor.append_history(path)
        {
            terminal::say(&format!("⚠️ Inputs are kept no more: {} cannot be used ({error}).", path.display()));
            self.history = None;
        }
    }
}

/// Leaves the terminal as it was, while the editor still waits for a key.
pub(super) fn give_terminal_back() {
    let mut stdout = io::stdout().lock();
    // Whoever has taken the terminal away needs it no more.
    let _ = stdout.write_all(UNMARKED_PASTE).and_then(|()| stdout.flush());
    if let Some(before) = TERMINAL.get() {
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, before);
    }
}

fn unusable(error: &ReadlineError) -> Failure {
    Failure::interpreter(format!(
        "The terminal cannot be used: {error}. Give the code on standard input, or use `taipan run`."
    ))
}

/// Asks the session what the editor wants to know.
struct Asking {
    session: Arc<Session>,
    runtime: Handle,
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
