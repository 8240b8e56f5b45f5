//! The settings: the only reader of the environment and of the file `.env`.
//!
//! What was set becomes what is meant here, once: text turns into durations, sizes and choices. A wrong value
//! stops the start, and all wrong values are named together.

mod assistant;
mod discord;
mod error;
mod http;
mod interpreter;
mod limits;
mod logging;
mod reader;
mod secret;
mod setting;
mod sources;
mod storage;
mod terminal;

pub use assistant::Assistant;
pub use discord::Discord;
pub use error::{SettingsError, WrongSetting};
pub use http::Http;
pub use interpreter::{ISOLATION_ALLOWED, InterpreterSettings, parse_isolation};
pub use limits::{Limits, MAX_TIMEOUT, TIMEOUT_ALLOWED, parse_timeout};
pub use logging::{LogFormat, Logging};
pub use secret::Secret;
pub use setting::{ALL, Setting, Visibility};
pub use storage::{Expiration, Storage};
pub use terminal::PictureProtocol;

use reader::Reader;

use crate::interpreter::sandbox;

/// Every setting of this program, read and checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Which Python runs and how.
    pub interpreter: InterpreterSettings,
    /// What a run may use up.
    pub limits: Limits,
    /// What is kept, where, and for how long.
    pub storage: Storage,
    /// Which language model is asked, where, and how much.
    pub assistant: Assistant,
    /// Who the bot is on Discord, and whom it serves.
    pub discord: Discord,
    /// Where programs come in, and which.
    pub http: Http,
    /// What is logged and in which form.
    pub logging: Logging,
    /// Each setting as it was given, in the order of [`ALL`], for `taipan doctor`.
    pub in_force: Vec<InForce>,
}

/// One setting as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// The variable's name.
    pub name: &'static str,
    /// Its value as text; empty where nothing is set and nothing needs to be, and not that of a secret.
    pub value: String,
    /// Where the value comes from.
    pub origin: Origin,
}

/// Where a setting's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The environment, or the file `.env`.
    Given,
    /// Nobody set it.
    Default,
}

impl Settings {
    /// Reads the environment and, for what is not set there, the file `.env` of the current folder. Secrets are taken
    /// out of the environment, as long as this process has one thread: call this before any is started.
    ///
    /// # Errors
    /// When `.env` cannot be read, or when values are wrong; every wrong one is named.
    pub fn load() -> Result<Self, SettingsError> {
        let from_file = sources::dot_env(std::path::Path::new(".env"))?;
        let settings = Self::read(|name| sources::environment(name).or_else(|| from_file.get(name).cloned()));
        let secrets = ALL.iter().filter(|setting| setting.visibility == Visibility::Secret);
        sandbox::forget_variables(secrets.map(|setting| setting.name));
        settings
    }

    /// Reads the settings from whatever knows values by name. An empty value counts as not set.
    ///
    /// ```
    /// use std::time::Duration;
    /// use taipan::config::Settings;
    ///
    /// let settings = Settings::read(|name| (name == "CODE_EXECUTION_TIMEOUT").then(|| "1.5".to_owned()))?;
    /// assert_eq!(settings.limits.timeout, Duration::from_millis(1500));
    /// # Ok::<(), taipan::config::SettingsError>(())
    /// ```
    ///
    /// # Errors
    /// When values are wrong; every wrong one is named.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let mut reader = Reader::new(lookup);
        let interpreter = InterpreterSettings::read(&mut reader);
        let limits = Limits::read(&mut reader);
        let storage = Storage::read(&mut reader);
        let assistant = Assistant::read(&mut reader);
        let discord = Discord::read(&mut reader);
        let http = Http::read(&mut reader);
        let logging = Logging::read(&mut reader);
        if reader.found_wrong() {
            return Err(SettingsError::Wrong(reader.wrong()));
        }
        match (interpreter, limits, storage, assistant, discord, http, logging) {
            (Ok(interpreter), Ok(limits), Ok(storage), Ok(assistant), Ok(discord), Ok(http), Ok(logging)) => {
                let in_force = reader.in_force();
                Ok(Self { interpreter, limits, storage, assistant, discord, http, logging, in_force })
            }
            _ => Err(SettingsError::Wrong(reader.wrong())),
        }
    }
}
