//! Messages of people: those that concern the bot, and what becomes of its answers when they change.
//!
//! - `arrival`: a message comes; `attachments`: its files are stored; `question`: it is answered.
//! - `replies`: what it answers to; `blocks`: the code in it; `changes`: it is edited or deleted.

mod arrival;
mod attachments;
mod blocks;
mod changes;
mod question;
mod replies;

pub(super) use self::{
    arrival::arrived,
    attachments::{receive, sender},
    blocks::{code_of, python_blocks},
    changes::{deleted, edited},
};
