use serde_json::json;

use super::{File, Person};
use crate::discord::server::{
    Channel, Guild,
    gateway::Event,
    recording::Seen,
    world::{Id, Message, World, mentioned},
};

impl Person {
    /// The place where this person and the bot talk alone.
    pub(crate) fn dm(&self) -> Channel {
        let id = self.inside.with(|world| world.dm(self.id));
        Channel { inside: self.inside.clone(), id }
    }

    /// Writes a message; who is mentioned in it is told.
    pub(crate) fn sends(&self, channel: &Channel, text: &str, files: impl IntoIterator<Item = File>) -> Seen {
        self.writes(channel.id, text, files, None)
    }

    /// Answers a message; its author is told, as clients do unless one says otherwise.
    pub(crate) fn replies(&self, to: &Seen, text: &str, files: impl IntoIterator<Item = File>) -> Seen {
        self.writes(to.channel, text, files, Some(to.id))
    }

    fn writes(&self, channel: Id, text: &str, files: impl IntoIterator<Item = File>, to: Option<Id>) -> Seen {
        self.inside.with(|world| {
            let mut message = Message::new(world.next_id(), channel, self.id, world.now);
            for file in files {
                message.attachments.push(world.attach(channel, &file.name, file.bytes, file.delivery));
            }
            text.trim().clone_into(&mut message.content);
            message.replies_to = to;
            message.kind = if to.is_some() { 19 } else { 0 };
            message.mentions = mentions(world, &message);
            let id = world.publish(message);
            world.seen(&world.messages[&id])
        })
    }

    /// Changes a message of this person's.
    pub(crate) fn edits(&self, message: &Seen, text: &str) -> Seen {
        self.inside.with(|world| {
            let mut changed = world.messages[&message.id].clone();
            assert_eq!(changed.author, self.id, "only the author may change a message");
            text.trim().clone_into(&mut changed.content);
            changed.mentions = mentions(world, &changed);
            changed.edited_at = Some(world.now);
            world.messages.insert(message.id, changed);
            world.republish(message.id);
            world.seen(&world.messages[&message.id])
        })
    }

    /// A preview of a link in a message comes up: the message changes, though nobody has edited it.
    pub(crate) fn sees_preview(&self, message: &Seen, title: &str) {
        self.inside.with(|world| {
            let preview = json!({ "type": "link", "title": title, "url": "https://example.com/" });
            world.messages.get_mut(&message.id).unwrap().embeds.push(preview);
            world.republish(message.id);
        });
    }

    /// Takes a message of this person's away.
    pub(crate) fn deletes(&self, message: &Seen) {
        self.inside.with(|world| {
            assert_eq!(world.messages[&message.id].author, self.id, "only the author may delete a message");
            world.remove(message.id);
        });
    }

    /// Goes, and is no member any more.
    pub(crate) fn leaves(&self, guild: &Guild) {
        self.inside.with(|world| {
            let user = world.users[&self.id].wire();
            world.guilds.get_mut(&guild.id).unwrap().members.remove(&self.id);
            let gone = json!({ "guild_id": guild.id, "user": user });
            world.dispatch(&Event::of_members("GUILD_MEMBER_REMOVE", guild.id, gone));
        });
    }
}

fn mentions(world: &World, message: &Message) -> Vec<Id> {
    let replied = message.replies_to.and_then(|id| world.messages.get(&id)).map(|replied| replied.author);
    let mut ids: Vec<_> = mentioned(&message.content).into_iter().chain(replied).collect();
    ids.retain(|id| world.users.contains_key(id) && *id != message.author);
    ids.sort();
    ids.dedup();
    ids
}
