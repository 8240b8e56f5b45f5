//! Why the settings cannot be used.

use std::{borrow::Cow, path::PathBuf};

use thiserror::Error;

/// The settings cannot be used; nothing was started.
#[derive(Debug, Error)]
pub enum SettingsError {
    /// Values that make no sense, in the order of the list of settings.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Wrong(Vec<WrongSetting>),
    /// The file `.env` is there and cannot be understood.
    #[error("The settings in {} cannot be read: {reason}. Correct that line or remove the file.", path.display())]
    DotEnv {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, with the line where that is known.
        reason: String,
    },
}

/// A setting whose value makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("The setting {name} is {value:?}, but it must be {allowed}.")]
pub struct WrongSetting {
    /// The variable's name.
    pub name: &'static str,
    /// What was given.
    pub value: String,
    /// What may be given, as the end of a sentence.
    pub allowed: Cow<'static, str>,
}
