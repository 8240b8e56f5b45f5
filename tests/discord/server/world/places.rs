use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::Id;

/// Somebody; the bot is one too.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) is_bot: bool,
    /// Messages of the bot are refused with 50007.
    pub(crate) refuses_dms: bool,
}

impl User {
    pub(crate) fn new(id: Id, name: &str, is_bot: bool) -> Self {
        Self { id, name: name.to_owned(), is_bot, refuses_dms: false }
    }
}

/// A server, as people call it.
#[derive(Clone, Debug)]
pub(crate) struct Guild {
    pub(crate) id: Id,
    pub(crate) name: String,
    /// The bot is always one.
    pub(crate) members: BTreeSet<Id>,
    /// Roles beyond `@everyone`, with who has them.
    pub(crate) roles: Vec<(Id, String, BTreeSet<Id>)>,
}

/// Where messages are.
#[derive(Clone, Debug)]
pub(crate) struct Channel {
    pub(crate) id: Id,
    /// None in a DM.
    pub(crate) guild: Option<Id>,
    pub(crate) name: String,
    /// Of a DM: with whom the bot talks there.
    pub(crate) recipient: Option<Id>,
    pub(crate) last_message: Option<Id>,
    /// What the bot may not do here.
    pub(crate) denied: BTreeSet<Permission>,
    pub(crate) is_deleted: bool,
}

/// A permission that can be taken from the bot in a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Permission {
    AddReactions,
    ViewChannel,
    SendMessages,
    ManageMessages,
    EmbedLinks,
    AttachFiles,
    ReadMessageHistory,
}

impl Permission {
    const ALL: [Self; 7] = [
        Self::AddReactions,
        Self::ViewChannel,
        Self::SendMessages,
        Self::ManageMessages,
        Self::EmbedLinks,
        Self::AttachFiles,
        Self::ReadMessageHistory,
    ];

    /// Its bit, as Discord numbers them.
    pub(crate) fn bit(self) -> u64 {
        match self {
            Self::AddReactions => 1 << 6,
            Self::ViewChannel => 1 << 10,
            Self::SendMessages => 1 << 11,
            Self::ManageMessages => 1 << 13,
            Self::EmbedLinks => 1 << 14,
            Self::AttachFiles => 1 << 15,
            Self::ReadMessageHistory => 1 << 16,
        }
    }

    /// All that the bot has in a guild; managing others' messages is not among it.
    pub(crate) fn usual() -> u64 {
        let usual = Self::ALL.into_iter().filter(|permission| *permission != Self::ManageMessages);
        usual.map(Self::bit).fold(1 << 31, |bits, bit| bits | bit)
    }
}

impl Channel {
    /// Whether the bot may do this here.
    pub(crate) fn allows(&self, permission: Permission) -> bool {
        self.guild.is_none() || self.permissions() & permission.bit() != 0
    }

    /// What the bot may do here, in Discord's bits.
    pub(crate) fn permissions(&self) -> u64 {
        Permission::usual() & !self.denied.iter().fold(0, |bits, denied| bits | denied.bit())
    }
}

/// A token of the right shape for a bot, known to nobody else.
pub(super) fn token_of(bot: Id) -> String {
    let id = URL_SAFE_NO_PAD.encode(bot.to_string());
    format!("{id}.GtestX.{}", "0123456789abcdefghijklmnopqrstuvwxyzAB")
}
