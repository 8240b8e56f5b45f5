//! The test server by itself: it takes what Discord takes, and holds everything else against the bot.
//!
//! `raw_bot` is a bot of its own, with nothing between it and the wire, so that it can be wrong on purpose.

mod answering;
mod attaching;
mod connecting;
mod going_wrong;
mod people;
mod raw_bot;
mod recording;
mod refusing;
mod resuming;
