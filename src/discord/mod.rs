//! The Discord bot: an edge that translates between Discord and what the parts below do.
//!
//! - `connection`: reaching Discord, being told of what happens there, and leaving.
//! - `commands`, `components`, `messages`: one file for each thing a person can do: type, press, send.
//! - `running`: code of a person, run and shown; `showing`: messages of the bot's own; `text`: what they say.
//! - `asking`: somebody who waits for an answer; `pending`: what waits for him.
//! - `outputs`: what was written, so that buttons, edits and deletions outlive a restart.
//! - `access`, `settings`, `bot`: whom it serves, what holds, and what all of it shares.

mod access;
mod asking;
mod bot;
mod commands;
mod components;
mod connection;
mod messages;
mod outputs;
mod pending;
mod running;
mod settings;
mod showing;
mod text;

use self::bot::{Bot, Places, SESSION};
pub use self::{
    access::{Access, Asker, Denial, Listed},
    connection::{BotError, Found, Parts, look, serve},
    settings::{BotSettings, Shards, has_shape_of_token},
};
