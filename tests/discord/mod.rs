//! The bot, in front of a Discord that is not ours to please.

mod asking;
mod files;
mod given;
mod limits;
mod pictures;
mod robustness;
mod running;
pub(crate) mod server;
mod server_alone;
mod starting;
mod uploading;
