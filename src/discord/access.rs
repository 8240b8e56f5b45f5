//! Whom the bot serves, and where (U13).

use std::collections::BTreeSet;

/// What is allowed and what is not, by ids of Discord.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// If any are listed, only these.
    pub allowed: BTreeSet<u64>,
    /// Never these.
    pub denied: BTreeSet<u64>,
}

/// Whom the bot serves, and where. What is denied stays so whatever is allowed; admins are always served.
///
/// ```
/// use taipan::discord::{Access, Asker, Denial};
///
/// let mut access = Access::default();
/// let asker = Asker { user: 7, roles: vec![70], guild: Some(700), channel: 7000 };
/// assert_eq!(access.denial(&asker), None);
///
/// access.roles.allowed.insert(71);
/// assert_eq!(access.denial(&asker), Some(Denial::User));
/// access.users.allowed.insert(7);
/// assert_eq!(access.denial(&asker), None);
///
/// access.channels.denied.insert(7000);
/// assert_eq!(access.denial(&asker), Some(Denial::Channel));
/// access.admins.insert(7);
/// assert_eq!(access.denial(&asker), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Who may do everything.
    pub admins: BTreeSet<u64>,
    /// By account. Who is allowed by account or by role is allowed.
    pub users: Listed,
    /// By role in the server.
    pub roles: Listed,
    /// By server; direct messages are in none.
    pub guilds: Listed,
    /// By channel of a server.
    pub channels: Listed,
}

/// Who asks for something, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    /// His account.
    pub user: u64,
    /// His roles in the server.
    pub roles: Vec<u64>,
    /// The server; `None` in direct messages.
    pub guild: Option<u64>,
    /// The channel.
    pub channel: u64,
}

/// Why somebody is not served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    /// Neither he nor a role of his may.
    User,
    /// Not in this server.
    Guild,
    /// Not in this channel.
    Channel,
}

impl Denial {
    /// What he is told.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::User => "🚫 You may not use this bot. Whoever runs it can allow it to you.",
            Self::Guild => "🚫 This bot may not be used in this server.",
            Self::Channel => "🚫 This bot may not be used in this channel. Try another one, or a direct message.",
        }
    }
}

impl Access {
    /// Whether somebody is an admin.
    #[must_use]
    pub fn is_admin(&self, user: u64) -> bool {
        self.admins.contains(&user)
    }

    /// Why somebody is not served; `None` where he is.
    #[must_use]
    pub fn denial(&self, asker: &Asker) -> Option<Denial> {
        if self.is_admin(asker.user) {
            return None;
        }
        if !self.serves_user(asker) {
            return Some(Denial::User);
        }
        let guild = asker.guild?;
        if !self.guilds.admits(guild) {
            return Some(Denial::Guild);
        }
        (!self.channels.admits(asker.channel)).then_some(Denial::Channel)
    }

    fn serves_user(&self, asker: &Asker) -> bool {
        let has = |roles: &BTreeSet<u64>| asker.roles.iter().any(|role| roles.contains(role));
        if self.users.denied.contains(&asker.user) || has(&self.roles.denied) {
            return false;
        }
        let is_open = self.users.allowed.is_empty() && self.roles.allowed.is_empty();
        is_open || self.users.allowed.contains(&asker.user) || has(&self.roles.allowed)
    }
}

impl Listed {
    fn admits(&self, id: u64) -> bool {
        !self.denied.contains(&id) && (self.allowed.is_empty() || self.allowed.contains(&id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asker() -> Asker {
        Asker { user: 7, roles: vec![70], guild: Some(700), channel: 7000 }
    }

    /// U13
    #[test]
    fn what_is_denied_stays_so_whatever_is_allowed() {
        let mut access = Access::default();
        access.users.allowed.insert(7);
        access.roles.denied.insert(70);
        assert_eq!(access.denial(&asker()), Some(Denial::User));
    }

    /// U13
    #[test]
    fn lists_of_servers_and_channels_do_not_hold_in_direct_messages() {
        let mut access = Access::default();
        access.guilds.allowed.insert(1);
        access.channels.allowed.insert(2);
        assert_eq!(access.denial(&asker()), Some(Denial::Guild));
        assert_eq!(access.denial(&Asker { guild: None, roles: vec![], ..asker() }), None);
        access.guilds.allowed.insert(700);
        assert_eq!(access.denial(&asker()), Some(Denial::Channel));
    }
}
