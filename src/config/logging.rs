//! Settings of the log.

use tracing_subscriber::filter::{LevelFilter, Targets};

use super::{
    reader::{Reader, Reported},
    setting::{LOG, LOG_FORMAT},
};

/// What is logged and in which form.
#[derive(Clone, Debug, PartialEq)]
pub struct Logging {
    /// `LOG`: which parts of the program log from which level on.
    pub filter: Targets,
    /// `LOG_FORMAT`: the form of a line.
    pub format: LogFormat,
}

/// The form of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON document a line.
    Json,
}

impl Logging {
    pub(super) fn read<L: Fn(&str) -> Option<String>>(reader: &mut Reader<L>) -> Result<Self, Reported> {
        let filter = reader.read(&LOG, parse_filter);
        let format = reader.read(&LOG_FORMAT, parse_format);
        Ok(Self { filter: filter?, format: format? })
    }
}

/// Levels for the whole program or for parts of it. A lone word must be a level: the filter itself would take
/// `LOG=verbose` for the name of a part, and log nothing that anybody wanted.
fn parse_filter(text: &str) -> Option<Targets> {
    let is_directive = |part: &str| part.contains('=') || part.parse::<LevelFilter>().is_ok();
    text.split(',').all(is_directive).then(|| text.parse().ok()).flatten()
}

fn parse_format(text: &str) -> Option<LogFormat> {
    match text {
        "text" => Some(LogFormat::Text),
        "json" => Some(LogFormat::Json),
        _ => None,
    }
}
