//! Standard output and standard error as a person sees them: the code's own text, values, remarks, a spinner.

use std::io::{self, IsTerminal, Write};

use super::spinner::{Spinner, Stage};
use crate::cli::terminal;

/// What of a run is shown while it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Shown {
    /// Output, values and progress.
    Everything,
    /// Progress alone.
    Progress,
}

/// Both streams, and where their cursors stand.
pub(in super::super) struct Screen {
    shown: Shown,
    spinner: Spinner,
    /// Both streams are terminals, hence the same one.
    is_one: bool,
    /// Whether the last text left its line unfinished: on standard output, on standard error.
    open: Open,
    stdout_error: Option<io::Error>,
}

#[derive(Default)]
struct Open {
    stdout: bool,
    stderr: bool,
}

impl Screen {
    pub(in super::super) fn new(shown: Shown) -> Self {
        let is_one = io::stdout().is_terminal() && io::stderr().is_terminal();
        Self { shown, spinner: Spinner::default(), is_one, open: Open::default(), stdout_error: None }
    }

    /// What the code wrote to standard output.
    pub(in super::super) fn stdout(&mut self, text: &str) {
        if self.shown == Shown::Everything {
            self.write_stdout(text);
        }
    }

    /// What the code wrote to standard error.
    pub(in super::super) fn stderr(&mut self, text: &str) {
        if self.shown == Shown::Everything {
            self.write_stderr(text);
        }
    }

    /// A value the code showed, on lines of its own.
    pub(super) fn value(&mut self, text: &str) {
        let line_break = if self.open.stdout { "\n" } else { "" };
        self.stdout(&format!("{line_break}{}\n", text.trim_end_matches('\n')));
    }

    /// A remark of ours about the output while it is shown.
    pub(super) fn notice(&mut self, line: &str) {
        if self.shown == Shown::Everything {
            self.remark(line);
        }
    }

    /// A remark of ours, on a line of its own on standard error.
    pub(in super::super) fn remark(&mut self, line: &str) {
        let line_break = if self.open.stderr { "\n" } else { "" };
        self.write_stderr(&format!("{line_break}{line}\n"));
    }

    /// Says what is going on, where that disturbs nothing.
    pub(in super::super) fn tick(&mut self, stage: &Stage) {
        if !self.open.stderr {
            self.spinner.tick(stage);
        }
    }

    /// Takes away what the terminal wrote because a key was pressed, such as ^C.
    pub(in super::super) fn clear_keys(&mut self) {
        self.clear();
        if !self.open.stderr {
            terminal::clear_line();
        }
    }

    /// Ends the line of the terminal that the code has left unfinished.
    pub(in super::super) fn end_line(&mut self) {
        if self.is_one && self.open.stderr {
            self.write_stderr("\n");
        }
    }

    /// Takes the spinner away.
    pub(super) fn clear(&mut self) {
        self.spinner.clear();
    }

    /// Why standard output cannot be written to any more.
    pub(in super::super) fn stdout_error(&self) -> Option<&io::Error> {
        self.stdout_error.as_ref()
    }

    fn write_stdout(&mut self, text: &str) {
        if text.is_empty() || self.stdout_error.is_some() {
            return;
        }
        self.clear();
        let mut stdout = io::stdout().lock();
        self.stdout_error = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).err();
        self.open.stdout = !text.ends_with('\n');
        if self.is_one {
            self.open.stderr = self.open.stdout;
        }
    }

    fn write_stderr(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.clear();
        // Without a listener the run is still worth its files.
        let _nobody_listens = io::stderr().lock().write_all(text.as_bytes());
        self.open.stderr = !text.ends_with('\n');
        if self.is_one {
            self.open.stdout = self.open.stderr;
        }
    }
}
