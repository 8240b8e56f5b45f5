//! What people read: texts, and how they are kept within what Discord shows.
//!
//! - `escaping`: nothing breaks out of where it stands; `pages`: long text on several messages.
//! - `times`: Discord's own timestamps; `uploads`, `lists`: what is said of files.

pub(super) mod escaping;
pub(super) mod lists;
pub(super) mod pages;
pub(super) mod times;
pub(super) mod uploads;

/// How many characters a message may have, by Discord's documentation of messages.
pub(super) const LONGEST_MESSAGE: usize = 2000;
