//! Exit codes.

use std::process::ExitCode;

use crate::Ending;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Everything was done.
    Done,
    /// The code raised an exception.
    Raised,
    /// What was typed or set makes no sense; nothing ran.
    WrongUse,
    /// The interpreter could not do its part, or something it needs is missing.
    InterpreterFailed,
    /// The code was stopped at its time limit.
    TimedOut,
    /// The run was cancelled.
    Cancelled,
    /// The code was killed, or stopped at its memory limit.
    Killed,
    /// Whoever read standard output went away; 128 and SIGPIPE's number, as shells report it for any program.
    ReaderGone,
    /// The code's own number, after `sys.exit(n)`.
    Own(u8),
}

impl Exit {
    /// The number a shell sees.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Raised => 1,
            Self::WrongUse => 2,
            Self::InterpreterFailed => 3,
            Self::TimedOut => 124,
            Self::Cancelled => 130,
            Self::Killed => 137,
            Self::ReaderGone => 141,
            Self::Own(code) => code,
        }
    }
}

impl From<&Ending> for Exit {
    fn from(ending: &Ending) -> Self {
        match ending {
            Ending::Completed => Self::Done,
            Ending::Raised(_) => Self::Raised,
            // The system keeps eight bits of an exit code, for Python's own `sys.exit` too: -1 becomes 255.
            Ending::Exited(code) => Self::Own(code.to_le_bytes()[0]),
            Ending::TimedOut => Self::TimedOut,
            Ending::OutOfMemory | Ending::Killed { .. } => Self::Killed,
            Ending::Cancelled => Self::Cancelled,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
