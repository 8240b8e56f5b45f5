//! What a user wants to run.

use std::time::Duration;

use crate::identifiers::{ChatId, FileId, MessageId};

/// Code that a user wants to run, and what it is given besides his files.
///
/// ```
/// use std::time::Duration;
/// use taipan::executions::RunRequest;
///
/// let request = RunRequest::new("print(load_file('sales.csv').describe())").timeout(Duration::from_secs(30));
/// assert_eq!(request.message, None);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct RunRequest {
    /// The Python source text.
    pub code: String,
    /// What `input()` and `sys.stdin` read.
    pub stdin: Option<String>,
    /// What follows the script's name in `sys.argv`.
    pub args: Vec<String>,
    /// How long the code may run; without it the interpreter's default.
    pub timeout: Option<Duration>,
    /// Whether variables and imports live on for the user's next such run (X13).
    pub in_session: bool,
    /// What the source is called in tracebacks.
    pub source_name: Option<String>,
    /// The message whose run this is. Its runs have a workspace of their own: they find the files attached to the message
    /// and what its runs made, and no others (H2).
    pub message: Option<MessageId>,
    /// The chat of that message.
    pub chat: Option<ChatId>,
    /// The user's files that are attached to the message besides those that came with it. A run without a message
    /// finds all of the user's files anyway.
    pub attached: Vec<FileId>,
    /// Whether the program runs this for itself, so that it is none of the runs that are limited for each day.
    pub(crate) is_the_program_s: bool,
}

impl RunRequest {
    /// Code to run with all of the user's files.
    pub fn new(code: impl Into<String>) -> Self {
        Self { code: code.into(), ..Self::default() }
    }

    /// Gives `input()` something to read.
    #[must_use]
    pub fn stdin(mut self, text: impl Into<String>) -> Self {
        self.stdin = Some(text.into());
        self
    }

    /// Gives the script its arguments.
    #[must_use]
    pub fn args<A: Into<String>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args = args.into_iter().map(Into::into).collect();
        self
    }

    /// Limits how long the code may run.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Makes the run one of the user's session.
    #[must_use]
    pub fn in_session(mut self) -> Self {
        self.in_session = true;
        self
    }

    /// Says what the source is called in tracebacks.
    #[must_use]
    pub fn called(mut self, name: impl Into<String>) -> Self {
        self.source_name = Some(name.into());
        self
    }

    /// Makes the run one of a message, with a workspace of its own.
    #[must_use]
    pub fn of_message(mut self, message: MessageId, chat: Option<ChatId>) -> Self {
        (self.message, self.chat) = (Some(message), chat);
        self
    }

    /// Makes the run one of the program's own, which costs the user none of his runs (U13).
    #[must_use]
    pub(crate) fn of_the_program(mut self) -> Self {
        self.is_the_program_s = true;
        self
    }

    /// Attaches files of the user to the message.
    #[must_use]
    pub fn attached(mut self, files: impl IntoIterator<Item = FileId>) -> Self {
        self.attached = files.into_iter().collect();
        self
    }
}
