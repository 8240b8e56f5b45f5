//! What people do: they write (`writing`), press and choose (`pressing`), type commands (`commanding`) and fill in
//! forms; `files` are what they send along, `reactions` what they get for it.

mod commanding;
mod files;
mod pressing;
mod reactions;
mod writing;

use std::sync::Arc;

pub(crate) use self::{
    commanding::Given,
    files::{Delivery, File},
    reactions::Reaction,
};
use super::{Inside, world::Id};

/// Somebody who talks to the bot.
#[derive(Clone)]
pub(crate) struct Person {
    pub(super) inside: Arc<Inside>,
    pub(super) id: Id,
    pub(super) name: String,
}

impl Person {
    pub(crate) fn id(&self) -> Id {
        self.id
    }

    /// As it stands in a text.
    pub(crate) fn mention(&self) -> String {
        format!("<@{}>", self.id)
    }

    /// Whether messages from the bot reach this person; at first they do.
    pub(crate) fn closes_dms(&self) {
        self.inside.with(|world| world.users.get_mut(&self.id).unwrap().refuses_dms = true);
    }
}
