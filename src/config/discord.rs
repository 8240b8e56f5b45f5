//! Settings of the Discord bot: who it is, and whom it serves.

use std::collections::BTreeSet;

use super::{
    reader::{Reader, Reported},
    secret::Secret,
    setting::{Setting, Visibility},
};
use crate::discord::{Access, Listed, Shards};

const IDS: &str = "ids of Discord (whole numbers) with commas between them";

pub(super) const DISCORD_TOKEN: Setting = Setting {
    name: "DISCORD_TOKEN",
    default: "",
    allowed: "the token of a bot, without white space",
    meaning: "The token of the Discord bot, from the page Bot of its application.",
    visibility: Visibility::Secret,
};

pub(super) const ADMIN_ID: Setting = ids("ADMIN_ID", "Who may stop anybody's run and see how everything is doing.");
pub(super) const ALLOWED_USERS: Setting =
    ids("ALLOWED_USERS", "Whom the bot serves, besides those with a role of ALLOWED_ROLES. Neither set: everybody.");
pub(super) const DENIED_USERS: Setting = ids("DENIED_USERS", "Whom the bot does not serve.");
pub(super) const ALLOWED_ROLES: Setting =
    ids("ALLOWED_ROLES", "Whom the bot serves by their roles, besides ALLOWED_USERS. Neither set: everybody.");
pub(super) const DENIED_ROLES: Setting = ids("DENIED_ROLES", "Whom the bot does not serve by their roles.");
pub(super) const ALLOWED_GUILDS: Setting =
    ids("ALLOWED_GUILDS", "The servers in which the bot answers; direct messages are no server. Not set: all.");
pub(super) const DENIED_GUILDS: Setting = ids("DENIED_GUILDS", "The servers in which the bot does not answer.");
pub(super) const ALLOWED_CHANNELS: Setting =
    ids("ALLOWED_CHANNELS", "The channels of servers in which the bot answers. Not set: all.");
pub(super) const DENIED_CHANNELS: Setting = ids("DENIED_CHANNELS", "The channels in which the bot does not answer.");

pub(super) const DISCORD_MESSAGE_CONTENT: Setting = Setting {
    name: "DISCORD_MESSAGE_CONTENT",
    default: "off",
    allowed: "`on` or `off`",
    meaning: "Whether the bot asks for the privileged intent Message Content, which must be allowed on the page Bot of \
              its application: with it, edits of any message run again, and replies that do not ping it are answered.",
    visibility: Visibility::Open,
};

pub(super) const DISCORD_SHARDS: Setting = Setting {
    name: "DISCORD_SHARDS",
    default: "auto",
    allowed: "`auto` or a whole number from 1 to 1000",
    meaning: "How many connections to Discord share the servers; `auto` is what Discord advises.",
    visibility: Visibility::Open,
};

const fn ids(name: &'static str, meaning: &'static str) -> Setting {
    Setting { name, default: "", allowed: IDS, meaning, visibility: Visibility::Open }
}

/// Who the bot is, and whom it serves.
#[derive(Clone, Debug, PartialEq)]
pub struct Discord {
    /// `DISCORD_TOKEN`; without it there is no bot.
    pub token: Option<Secret>,
    /// `ADMIN_ID`, `ALLOWED_…` and `DENIED_…`.
    pub access: Access,
    /// `DISCORD_MESSAGE_CONTENT`.
    pub message_content: bool,
    /// `DISCORD_SHARDS`.
    pub shards: Shards,
}

impl Discord {
    pub(super) fn read<L: Fn(&str) -> Option<String>>(reader: &mut Reader<L>) -> Result<Self, Reported> {
        let token = reader.read_optional(&DISCORD_TOKEN, parse_token);
        let admins = read_ids(reader, &ADMIN_ID);
        let users = read_listed(reader, &ALLOWED_USERS, &DENIED_USERS);
        let roles = read_listed(reader, &ALLOWED_ROLES, &DENIED_ROLES);
        let guilds = read_listed(reader, &ALLOWED_GUILDS, &DENIED_GUILDS);
        let channels = read_listed(reader, &ALLOWED_CHANNELS, &DENIED_CHANNELS);
        let message_content = reader.read(&DISCORD_MESSAGE_CONTENT, parse_switch);
        let shards = reader.read(&DISCORD_SHARDS, parse_shards);
        let access = Access { admins: admins?, users: users?, roles: roles?, guilds: guilds?, channels: channels? };
        Ok(Self { token: token?, access, message_content: message_content?, shards: shards? })
    }
}

fn read_listed<L: Fn(&str) -> Option<String>>(
    reader: &mut Reader<L>,
    allowed: &Setting,
    denied: &Setting,
) -> Result<Listed, Reported> {
    let (allowed, denied) = (read_ids(reader, allowed), read_ids(reader, denied));
    Ok(Listed { allowed: allowed?, denied: denied? })
}

fn read_ids<L: Fn(&str) -> Option<String>>(
    reader: &mut Reader<L>,
    setting: &Setting,
) -> Result<BTreeSet<u64>, Reported> {
    Ok(reader.read_optional(setting, parse_ids)?.unwrap_or_default())
}

/// No id is zero.
fn parse_ids(text: &str) -> Option<BTreeSet<u64>> {
    text.split(',').map(|id| id.trim().parse().ok().filter(|id| *id > 0)).collect()
}

/// Whether it has the shape of one is for those to say who use it, and whether it is a bot's for Discord.
fn parse_token(text: &str) -> Option<Secret> {
    let token = text.trim().trim_start_matches("Bot ");
    (!token.is_empty() && !token.contains(char::is_whitespace)).then(|| token.into())
}

fn parse_switch(text: &str) -> Option<bool> {
    match text {
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    }
}

fn parse_shards(text: &str) -> Option<Shards> {
    match text {
        "auto" => Some(Shards::Advised),
        count => count.parse().ok().filter(|count| (1..=1000).contains(count)).map(Shards::Exactly),
    }
}
