//! What this Discord consists of, and what became of it.
//!
//! - `ids`: snowflakes.
//! - `places`: guilds, channels and users.
//! - `messages`: what is written, `attachments` what hangs on it, `pings` whom it would wake.
//! - `interactions`: what people do beyond writing, and the answers to it.
//! - `wire`: all this as Discord writes it.

mod attachments;
mod ids;
mod interactions;
mod messages;
mod pings;
mod places;
mod wire;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

pub(crate) use self::{
    attachments::{Attachment, Supply},
    ids::{Id, Ids},
    interactions::{Answer, Interaction, InteractionKind, Origin},
    messages::{EPHEMERAL, LOADING, Message},
    pings::{mentioned, pings},
    places::{Channel, Guild, Permission, User},
};
use super::{
    faults::Faults,
    gateway::{Event, Sessions},
    recording::{Happened, Happening, Violations},
    rest::{RateLimits, Request},
};

/// Everything, behind one lock.
pub(crate) struct World {
    pub(crate) now: DateTime<Utc>,
    pub(crate) ids: Ids,
    /// The bot itself; its application has the same id.
    pub(crate) bot: User,
    /// Whose application it is; nobody who talks here.
    pub(crate) owner: User,
    pub(crate) token: String,
    pub(crate) users: BTreeMap<Id, User>,
    pub(crate) guilds: BTreeMap<Id, Guild>,
    pub(crate) channels: BTreeMap<Id, Channel>,
    pub(crate) messages: BTreeMap<Id, Message>,
    pub(crate) interactions: BTreeMap<Id, Interaction>,
    /// The commands of the application, as they were registered.
    pub(crate) commands: Vec<Value>,
    /// How often they were, whatever way.
    pub(crate) registrations: usize,
    /// Files on the CDN, by the path they lie at.
    pub(crate) supplies: BTreeMap<String, Supply>,
    /// Bytes that a message of the bot may carry in each file, as interactions tell and as is held to.
    pub(crate) upload_limit: usize,
    /// The intents that the application's owner has granted beyond the ordinary.
    pub(crate) privileged_intents: u64,
    pub(crate) sessions: Sessions,
    pub(crate) limits: RateLimits,
    pub(crate) faults: Faults,
    pub(crate) requests: Vec<Request>,
    pub(crate) happenings: Vec<Happening>,
    /// How many happenings were looked through for the bot's messages, by channel.
    pub(crate) taken: BTreeMap<Id, usize>,
    pub(crate) violations: Violations,
}

impl World {
    pub(crate) fn new(now: DateTime<Utc>, gateway: String) -> Self {
        let mut ids = Ids::default();
        let bot = User::new(ids.next(now), "Taipan", true);
        Self {
            now,
            token: places::token_of(bot.id),
            owner: User::new(ids.next(now), "Operator", false),
            users: BTreeMap::from([(bot.id, bot.clone())]),
            bot,
            ids,
            guilds: BTreeMap::new(),
            channels: BTreeMap::new(),
            messages: BTreeMap::new(),
            interactions: BTreeMap::new(),
            commands: Vec::new(),
            registrations: 0,
            supplies: BTreeMap::new(),
            upload_limit: 10 * 1024 * 1024,
            privileged_intents: 1 << 15,
            sessions: Sessions::new(gateway),
            limits: RateLimits::default(),
            faults: Faults::default(),
            requests: Vec::new(),
            happenings: Vec::new(),
            taken: BTreeMap::new(),
            violations: Violations::default(),
        }
    }

    pub(crate) fn next_id(&mut self) -> Id {
        self.ids.next(self.now)
    }

    pub(crate) fn tell(&mut self, channel: Id, happened: Happened) {
        self.happenings.push(Happening { at: self.now, channel, happened });
    }

    /// Sends an event to the sessions that it is for.
    pub(crate) fn dispatch(&mut self, event: &Event) {
        self.sessions.dispatch(event);
    }

    /// Adds a message and lets everybody know who can see it.
    pub(crate) fn publish(&mut self, message: Message) -> Id {
        let id = message.id;
        self.channels.get_mut(&message.channel).unwrap().last_message = Some(id);
        self.messages.insert(id, message);
        self.tell_of(id, "MESSAGE_CREATE");
        id
    }

    /// Lets everybody know that a message has changed.
    pub(crate) fn republish(&mut self, id: Id) {
        self.tell_of(id, "MESSAGE_UPDATE");
    }

    fn tell_of(&mut self, id: Id, event: &str) {
        let message = self.messages[&id].clone();
        let view = self.seen(&message);
        let happened = if event == "MESSAGE_CREATE" { Happened::Created(view) } else { Happened::Edited(view) };
        self.tell(message.channel, happened);
        if !message.is_ephemeral() {
            let event = self.message_event(event, &message);
            self.dispatch(&event);
        }
    }

    /// Takes a message away.
    pub(crate) fn remove(&mut self, id: Id) {
        let message = self.messages.remove(&id).unwrap();
        let author = self.users[&message.author].name.clone();
        self.tell(message.channel, Happened::Deleted { id, author });
        if !message.is_ephemeral() {
            let guild = self.channels[&message.channel].guild;
            let mut gone = json!({ "id": id, "channel_id": message.channel });
            if let Some(guild) = guild {
                gone["guild_id"] = json!(guild);
            }
            self.dispatch(&Event::in_channel("MESSAGE_DELETE", guild, gone));
        }
    }
}
