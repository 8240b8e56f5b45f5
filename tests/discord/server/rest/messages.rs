use serde_json::{Value, json};

use super::{
    super::recording::Happened,
    super::world::{Id, Message, Permission, World},
    Asked, Refusal, Reply, places,
    written::{self, Sender},
};

pub(super) fn create(world: &mut World, asked: &Asked<'_>, channel: Id) -> Result<Reply, Refusal> {
    let json = asked.form.json.as_ref().unwrap();
    let place = &world.channels[&channel];
    places::may_write(world, place)?;
    if !asked.form.files.is_empty() && !place.allows(Permission::AttachFiles) {
        return Err(Refusal::missing_permissions());
    }
    let shows_embeds = place.allows(Permission::EmbedLinks);
    if let Some(same) = sent_before(world, channel, json) {
        return Ok(Reply::json(world.message(&world.messages[&same])));
    }
    let id = world.next_id();
    let mut message = Message::new(id, channel, world.bot.id, world.now);
    message.replies_to = replied(world, channel, json)?;
    message.kind = if message.replies_to.is_some() { 19 } else { 0 };
    message.nonce = json.get("nonce").filter(|nonce| !nonce.is_null()).cloned();
    written::write(world, &mut message, json, asked.form, Sender::Bot)?;
    if !shows_embeds {
        message.embeds.clear();
    }
    world.publish(message);
    Ok(Reply::json(world.message(&world.messages[&id])))
}

/// The message that was sent with the same nonce, where that is to count as the same.
fn sent_before(world: &World, channel: Id, json: &Value) -> Option<Id> {
    let nonce = json.get("nonce").filter(|nonce| json["enforce_nonce"] == true && !nonce.is_null())?;
    let mut own =
        world.messages.values().filter(|message| message.channel == channel && message.author == world.bot.id);
    own.find(|message| message.nonce.as_ref() == Some(nonce)).map(|message| message.id)
}

fn replied(world: &World, channel: Id, json: &Value) -> Result<Option<Id>, Refusal> {
    let Some(reference) = json.get("message_reference").filter(|reference| !reference.is_null()) else {
        return Ok(None);
    };
    if !world.channels[&channel].allows(Permission::ReadMessageHistory) {
        return Err(Refusal::new(403, 160_002, "Cannot reply without permission to read message history"));
    }
    let found = Id::parse(reference["message_id"].as_str().unwrap_or_default());
    let found = found.filter(|id| world.messages.get(id).is_some_and(|message| message.channel == channel));
    match found {
        None if reference["fail_if_not_exists"] != false => {
            // It may have been deleted meanwhile, which is nobody's fault.
            let unknown = json!({ "code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message" });
            Err(Refusal::new(400, 50035, "Invalid Form Body").with_errors("message_reference", &unknown))
        }
        found => Ok(found),
    }
}

pub(super) fn list(world: &World, asked: &Asked<'_>, channel: Id) -> Result<Reply, Refusal> {
    readable(world, channel)?;
    let given = |name: &str| asked.query.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str());
    let bound = |name: &str| given(name).and_then(Id::parse);
    let limit = given("limit").map_or(Some(50), |limit| limit.parse().ok()).filter(|limit| (1..=100).contains(limit));
    let limit = limit.ok_or_else(|| Refusal::mistake("limit", "NUMBER_TYPE_MAX", "int value should be 1 to 100."))?;
    let (before, after) = (bound("before"), bound("after"));
    let fitting = world.messages.values().rev().filter(|message| {
        message.channel == channel
            && !message.is_ephemeral()
            && before.is_none_or(|before| message.id < before)
            && after.is_none_or(|after| message.id > after)
    });
    let messages: Vec<_> = fitting.take(limit).map(|message| world.message(message)).collect();
    Ok(Reply::json(json!(messages)))
}

pub(super) fn get(world: &World, channel: Id, id: &str) -> Result<Reply, Refusal> {
    readable(world, channel)?;
    let id = visible(world, channel, id)?;
    Ok(Reply::json(world.message(&world.messages[&id])))
}

pub(super) fn edit(world: &mut World, asked: &Asked<'_>, channel: Id, id: &str) -> Result<Reply, Refusal> {
    let id = visible(world, channel, id)?;
    let mut message = world.messages[&id].clone();
    if message.author != world.bot.id {
        return Err(Refusal::blamed(403, 50005, "Cannot edit a message authored by another user"));
    }
    written::write(world, &mut message, asked.form.json.as_ref().unwrap(), asked.form, Sender::Bot)?;
    Ok(written::replace(world, message))
}

pub(super) fn delete(world: &mut World, channel: Id, id: &str) -> Result<Reply, Refusal> {
    let id = visible(world, channel, id)?;
    let is_own = world.messages[&id].author == world.bot.id;
    if !is_own && world.channels[&channel].guild.is_none() {
        return Err(Refusal::new(403, 50003, "Cannot execute action on a DM channel"));
    }
    if !is_own && !world.channels[&channel].allows(Permission::ManageMessages) {
        return Err(Refusal::missing_permissions());
    }
    world.remove(id);
    Ok(Reply::nothing())
}

pub(super) fn react(world: &mut World, channel: Id, id: &str, (method, emoji): (&str, &str)) -> Result<Reply, Refusal> {
    let id = visible(world, channel, id)?;
    if !world.channels[&channel].allows(Permission::AddReactions) {
        return Err(Refusal::missing_permissions());
    }
    if method == "put" {
        let emoji = url::form_urlencoded::parse(emoji.as_bytes()).next().map(|(name, _)| name.into_owned());
        world.tell(channel, Happened::Reacted { id, emoji: emoji.unwrap_or_default() });
    }
    Ok(Reply::nothing())
}

fn readable(world: &World, channel: Id) -> Result<(), Refusal> {
    if !world.channels[&channel].allows(Permission::ReadMessageHistory) {
        return Err(Refusal::missing_permissions());
    }
    Ok(())
}

/// A message that is not somebody's alone: those are reached by their interaction only.
fn visible(world: &World, channel: Id, id: &str) -> Result<Id, Refusal> {
    let message = Id::parse(id).and_then(|id| world.messages.get(&id));
    let message = message.filter(|message| message.channel == channel && !message.is_ephemeral());
    message.map(|message| message.id).ok_or_else(Refusal::unknown_message)
}
