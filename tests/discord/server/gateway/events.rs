use serde_json::Value;

use super::super::world::Id;

/// Something that sessions hear of.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) name: String,
    /// Of a shard that does not have this guild it is no business; what is in none goes to the first.
    pub(crate) guild: Option<Id>,
    pub(crate) visibility: Visibility,
    pub(crate) whole: Value,
}

/// Who hears of it, and what.
#[derive(Clone, Debug)]
pub(crate) struct Visibility {
    /// The intent that is needed; 0 for none.
    pub(crate) intent: u64,
    /// What is said to those without the intent for message content, where that is less.
    pub(crate) without_content: Option<Value>,
}

const MESSAGE_CONTENT: u64 = 1 << 15;

impl Event {
    /// Something that needs no intent, as interactions do not.
    pub(crate) fn open(name: &str, guild: Option<Id>, whole: Value) -> Self {
        Self::with_intent(name, guild, whole, 0)
    }

    /// Something about guilds.
    pub(crate) fn of_guilds(name: &str, guild: Id, whole: Value) -> Self {
        Self::with_intent(name, Some(guild), whole, 1)
    }

    /// Something about messages in a channel of a guild, or in a DM.
    pub(crate) fn in_channel(name: &str, guild: Option<Id>, whole: Value) -> Self {
        Self::with_intent(name, guild, whole, if guild.is_some() { 1 << 9 } else { 1 << 12 })
    }

    /// Something about members.
    pub(crate) fn of_members(name: &str, guild: Id, whole: Value) -> Self {
        Self::with_intent(name, Some(guild), whole, 1 << 1)
    }

    fn with_intent(name: &str, guild: Option<Id>, whole: Value, intent: u64) -> Self {
        Self { name: name.to_owned(), guild, visibility: Visibility { intent, without_content: None }, whole }
    }

    /// What a session hears, if it hears anything.
    pub(super) fn heard(&self, intents: u64, shard: [u64; 2]) -> Option<&Value> {
        let home = self.guild.map_or(0, |guild| (guild.0 >> 22) % shard[1]);
        let is_for = home == shard[0] && (self.visibility.intent == 0 || intents & self.visibility.intent != 0);
        let closed = self.visibility.without_content.as_ref().filter(|_| intents & MESSAGE_CONTENT == 0);
        is_for.then(|| closed.unwrap_or(&self.whole))
    }
}
