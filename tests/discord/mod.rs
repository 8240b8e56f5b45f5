//! The bot, in front of a Discord that is not ours to please.

mod server;
mod server_alone;
