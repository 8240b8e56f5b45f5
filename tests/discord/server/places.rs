use std::{collections::BTreeSet, sync::Arc};

use serde_json::json;

use super::{
    Happened, Inside, Permission, Person, Seen,
    gateway::Event,
    world::{self, Id, World},
};

/// A server, as people call it, with the bot in it.
#[derive(Clone)]
pub(crate) struct Guild {
    pub(super) inside: Arc<Inside>,
    pub(crate) id: Id,
}

/// A channel of a guild, or a DM.
#[derive(Clone)]
pub(crate) struct Channel {
    pub(super) inside: Arc<Inside>,
    pub(crate) id: Id,
}

impl Guild {
    /// Makes a text channel.
    pub(crate) fn channel(&self, name: &str) -> Channel {
        let id = self.inside.with(|world| {
            let id = world.next_id();
            world.channels.insert(id, fresh(id, Some(self.id), name));
            world.tell_of_channel("CHANNEL_CREATE", id);
            id
        });
        Channel { inside: self.inside.clone(), id }
    }

    /// Makes a role and gives it to people.
    pub(crate) fn role<'p>(&self, name: &str, people: impl IntoIterator<Item = &'p Person>) -> Id {
        let members = people.into_iter().map(|person| person.id).collect();
        self.inside.with(|world| {
            let id = world.next_id();
            world.guilds.get_mut(&self.id).unwrap().roles.push((id, name.to_owned(), members));
            id
        })
    }

    /// Takes several messages away at once, as moderators do.
    pub(crate) fn purges(&self, channel: &Channel, messages: &[Seen]) {
        self.inside.with(|world| {
            let ids: Vec<_> = messages.iter().map(|message| message.id).collect();
            for id in &ids {
                let author = world.users[&world.messages.remove(id).unwrap().author].name.clone();
                world.tell(channel.id, Happened::Deleted { id: *id, author });
            }
            let gone = json!({ "ids": ids, "channel_id": channel.id, "guild_id": self.id });
            world.dispatch(&Event::in_channel("MESSAGE_DELETE_BULK", Some(self.id), gone));
        });
    }

    /// Throws the bot out; it has no access to anything here any more.
    pub(crate) fn removes_bot(&self) {
        self.inside.with(|world| {
            for channel in world.channels.values_mut().filter(|channel| channel.guild == Some(self.id)) {
                channel.denied.insert(Permission::ViewChannel);
            }
            world.dispatch(&Event::of_guilds("GUILD_DELETE", self.id, json!({ "id": self.id })));
        });
    }

    /// Takes a channel away, with all that is in it.
    pub(crate) fn deletes(&self, channel: &Channel) {
        self.inside.with(|world| {
            world.channels.get_mut(&channel.id).unwrap().is_deleted = true;
            world.tell_of_channel("CHANNEL_DELETE", channel.id);
        });
    }
}

impl Channel {
    /// Takes a permission from the bot.
    pub(crate) fn denies(&self, permission: Permission) {
        self.inside.with(|world| {
            world.channels.get_mut(&self.id).unwrap().denied.insert(permission);
            world.tell_of_channel("CHANNEL_UPDATE", self.id);
        });
    }

    /// Gives it back.
    pub(crate) fn allows(&self, permission: Permission) {
        self.inside.with(|world| {
            world.channels.get_mut(&self.id).unwrap().denied.remove(&permission);
            world.tell_of_channel("CHANNEL_UPDATE", self.id);
        });
    }
}

impl World {
    /// The DM of the bot with somebody, opened when first wanted.
    pub(super) fn dm(&mut self, user: Id) -> Id {
        let known = self.channels.values().find(|channel| channel.recipient == Some(user));
        if let Some(known) = known {
            return known.id;
        }
        let id = self.next_id();
        let channel = world::Channel { recipient: Some(user), ..fresh(id, None, "") };
        self.channels.insert(id, channel);
        id
    }

    fn tell_of_channel(&mut self, event: &str, id: Id) {
        let channel = self.channels[&id].clone();
        let Some(guild) = channel.guild else { return };
        let wire = channel.wire(self);
        self.dispatch(&Event::of_guilds(event, guild, wire));
    }

    pub(super) fn add_guild(&mut self, name: &str) -> Id {
        let id = self.next_id();
        let members = self.users.keys().copied().collect();
        let guild = world::Guild { id, name: name.to_owned(), members, roles: Vec::new() };
        self.guilds.insert(id, guild.clone());
        let wire = guild.wire(self);
        self.dispatch(&Event::of_guilds("GUILD_CREATE", id, wire));
        id
    }

    pub(super) fn add_user(&mut self, name: &str) -> Id {
        let id = self.next_id();
        self.users.insert(id, world::User::new(id, name, false));
        let guilds: Vec<_> = self.guilds.keys().copied().collect();
        for guild in guilds {
            self.guilds.get_mut(&guild).unwrap().members.insert(id);
            let mut member = self.member(guild, id);
            member["guild_id"] = json!(guild);
            self.dispatch(&Event::of_members("GUILD_MEMBER_ADD", guild, member));
        }
        id
    }
}

fn fresh(id: Id, guild: Option<Id>, name: &str) -> world::Channel {
    world::Channel {
        id,
        guild,
        name: name.to_owned(),
        recipient: None,
        last_message: None,
        denied: BTreeSet::new(),
        is_deleted: false,
    }
}
