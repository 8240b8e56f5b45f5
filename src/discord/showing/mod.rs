//! Messages of the bot's own: shown, changed, taken away.
//!
//! - `page`: what a message shows; `screen`: messages that belong together, and how they follow what they show.
//! - `delivery`: files on messages of their own; `trouble`: what Discord refuses, and what is tried again.

mod delivery;
mod page;
mod screen;
mod trouble;

pub(super) use self::{
    delivery::{LARGEST_FILE, Parcel, deliver},
    page::{Attached, Button, Look, Page, nobody, rows},
    screen::{Screen, Token, remove},
    trouble::{Trouble, retried, trouble},
};
