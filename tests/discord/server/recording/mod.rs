//! What people saw, in order, and what the bot did against the rules.

mod transcript;
mod violations;

pub(crate) use self::{
    transcript::{Happened, Happening, Seen, SeenFile, Transcript, flat},
    violations::Violations,
};
