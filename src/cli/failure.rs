//! Why a command could not be done.

use thiserror::Error;

use super::Exit;
use crate::{config::SettingsError, interpreter::InterpreterError};

/// A command could not be done: a sentence that says what and what to do, and the exit code.
#[derive(Debug, Error)]
#[error("{sentence}")]
pub struct Failure {
    exit: Exit,
    sentence: String,
}

impl Failure {
    /// What was typed or set makes no sense.
    pub fn wrong_use(sentence: impl Into<String>) -> Self {
        Self { exit: Exit::WrongUse, sentence: sentence.into() }
    }

    /// The interpreter, or this machine, could not do its part.
    pub fn interpreter(sentence: impl Into<String>) -> Self {
        Self { exit: Exit::InterpreterFailed, sentence: sentence.into() }
    }

    /// Somebody pressed Ctrl-C.
    pub(super) fn cancelled() -> Self {
        Self { exit: Exit::Cancelled, sentence: "Cancelled.".to_owned() }
    }

    /// How the program ends because of it.
    #[must_use]
    pub fn exit(&self) -> Exit {
        self.exit
    }
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Self {
        Self::wrong_use(error.to_string())
    }
}

impl From<InterpreterError> for Failure {
    fn from(error: InterpreterError) -> Self {
        match error {
            InterpreterError::InvalidRequest(_) | InterpreterError::InputFile { .. } => {
                Self::wrong_use(error.to_string())
            }
            _ => Self::interpreter(error.to_string()),
        }
    }
}
