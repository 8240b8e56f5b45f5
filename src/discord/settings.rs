//! What holds for the bot.

use std::{path::PathBuf, time::Duration};

use super::Access;

/// What holds for the bot.
#[derive(Clone, Debug)]
pub struct BotSettings {
    /// Whom it serves, and where.
    pub access: Access,
    /// Whether it asks for the content of messages that do not concern it.
    pub message_content: bool,
    /// How many connections share the servers.
    pub shards: Shards,
    /// How large a file may be that somebody sends, in bytes.
    pub max_file_bytes: u64,
    /// Whether runs can share a session, which only sandboxes have.
    pub has_sessions: bool,
    /// How many files a user may have.
    pub max_files: usize,
    /// How long files live; `None` is for ever.
    pub file_life: Option<Duration>,
    /// Where it remembers what it has written, so that buttons outlive a restart.
    pub folder: PathBuf,
}

/// Whether a text has the shape of a bot's token: three parts with dots between them.
///
/// ```
/// use taipan::discord::has_shape_of_token;
///
/// assert!(has_shape_of_token("MTIz.GZx-y_.abc"));
/// assert!(!has_shape_of_token("hunter2"));
/// ```
#[must_use]
pub fn has_shape_of_token(text: &str) -> bool {
    let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_part = |part: &str| !part.is_empty() && part.bytes().all(is_sign);
    text.split('.').count() == 3 && text.split('.').all(is_part)
}

/// How many connections to Discord share the servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shards {
    /// As many as Discord advises.
    Advised,
    /// So many.
    Exactly(u32),
}
