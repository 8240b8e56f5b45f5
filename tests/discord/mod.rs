//! The bot, in front of a Discord that is not ours to please.

pub(crate) mod server;
mod server_alone;
mod starting;
mod uploading;
