//! The line editor: a prompt, several lines at once, earlier inputs, and names completed.

mod history;

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::OnceLock,
};

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use rustyline::{CompletionType, Config, Editor, Helper, error::ReadlineError, history::FileHistory};
use tokio::task::spawn_blocking;

use super::{Failure, stop, terminal};

/// What the terminal was told before a line is edited, taken back: pasted text is marked no more.
const UNMARKED_PASTE: &[u8] = b"\x1b[?2004l\r\n";

/// How the terminal was when the program started.
static TERMINAL: OnceLock<Termios> = OnceLock::new();

/// The editor, which is elsewhere while somebody types.
pub(super) struct Prompt<H: Helper> {
    mark: &'static str,
    editor: Editor<H, FileHistory>,
    /// `None` where inputs cannot be kept.
    history: Option<PathBuf>,
}

/// What came of waiting for an input.
pub(super) enum Next<H: Helper> {
    /// An input, and the editor for the next one.
    Typed(Box<Prompt<H>>, String),
    /// Somebody leaves.
    Left,
    /// The program is asked to end.
    Terminated,
}

impl<H: Helper + Send + 'static> Prompt<H> {
    /// An editor that begins lines with `mark`, asks `helper` what it wants to know, and keeps inputs in a file.
    pub(super) fn new(mark: &'static str, helper: H, history: &Path) -> Result<Self, Failure> {
        if let Ok(found) = tcgetattr(io::stdin()) {
            // The first time is the only one.
            let _ = TERMINAL.set(found);
        }
        let config = Config::builder().completion_type(CompletionType::List).completion_show_all_if_ambiguous(true);
        let config = config.max_history_size(history::MOST_INPUTS).and_then(|config| config.history_ignore_dups(true));
        let mut editor =
            config.and_then(|config| Editor::with_config(config.build())).map_err(|error| unusable(&error))?;
        editor.set_helper(Some(helper));
        let history = match history::prepare(history).map_err(Into::into).and_then(|()| editor.load_history(history)) {
            Ok(()) => Some(history.to_owned()),
            Err(error) => {
                let place = history.display();
                terminal::say(&format!("⚠️ Inputs are not kept for the next time: {place} cannot be used ({error})."));
                None
            }
        };
        Ok(Self { mark, editor, history })
    }

    /// Waits for an input, or for the program to be asked to end; then the terminal is as it was.
    pub(super) async fn next(self) -> Result<Next<H>, Failure> {
        let reading = spawn_blocking(move || self.read_here());
        tokio::select! {
            read = reading => {
                read.map_err(|error| Failure::interpreter(format!("The prompt has failed: {error}.")))?
            }
            asked = stop::terminated() => {
                give_terminal_back();
                asked?;
                Ok(Next::Terminated)
            }
        }
    }

    fn read_here(mut self) -> Result<Next<H>, Failure> {
        loop {
            match self.editor.readline(self.mark) {
                Ok(typed) => {
                    self.keep(&typed);
                    return Ok(Next::Typed(Box::new(self), typed));
                }
                Err(ReadlineError::Interrupted) => {}
                Err(ReadlineError::Eof) => return Ok(Next::Left),
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
fn give_terminal_back() {
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
