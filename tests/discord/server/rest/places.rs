use serde_json::json;

use super::{
    super::recording::Happened,
    super::world::{Channel, Id, Permission, World},
    Asked, Refusal, Reply,
};

pub(super) fn gateway(world: &World) -> Reply {
    Reply::json(json!({ "url": world.sessions.address }))
}

pub(super) fn gateway_of_bot(world: &World) -> Reply {
    let remaining = 1000_usize.saturating_sub(world.sessions.identifies);
    let limit = json!({ "total": 1000, "remaining": remaining, "reset_after": 86_400_000, "max_concurrency": 1 });
    Reply::json(json!({ "url": world.sessions.address, "shards": 1, "session_start_limit": limit }))
}

pub(super) fn own_user(world: &World) -> Reply {
    let mut user = world.bot.wire();
    for (name, value) in [("mfa_enabled", json!(true)), ("locale", json!("en-US")), ("verified", json!(true))] {
        user[name] = value;
    }
    Reply::json(user)
}

pub(super) fn user(world: &World, id: &str) -> Result<Reply, Refusal> {
    let user = Id::parse(id).and_then(|id| world.users.get(&id));
    user.map(|user| Reply::json(user.wire())).ok_or_else(unknown_user)
}

pub(super) fn member(world: &World, guild: &str, user: &str) -> Result<Reply, Refusal> {
    let (Some(guild), Some(user)) = (Id::parse(guild), Id::parse(user)) else { return Err(unknown_user()) };
    let known = world.guilds.get(&guild).ok_or_else(|| Refusal::new(404, 10004, "Unknown Guild"))?;
    if !known.members.contains(&user) {
        return Err(Refusal::new(404, 10007, "Unknown Member"));
    }
    Ok(Reply::json(world.member(guild, user)))
}

pub(super) fn open_dm(world: &mut World, asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let recipient = asked.form.json.as_ref().and_then(|json| json["recipient_id"].as_str()).and_then(Id::parse);
    let recipient = recipient.filter(|id| world.users.contains_key(id) && *id != world.bot.id);
    let recipient = recipient.ok_or_else(|| Refusal::new(400, 50033, "Invalid Recipient(s)"))?;
    let channel = world.dm(recipient);
    Ok(Reply::json(world.channels[&channel].wire(world)))
}

/// The channel of a path, if the bot may see it.
pub(super) fn channel(world: &World, id: &str) -> Result<Id, Refusal> {
    let channel = Id::parse(id).and_then(|id| world.channels.get(&id)).filter(|channel| !channel.is_deleted);
    let channel = channel.ok_or_else(Refusal::unknown_channel)?;
    if !channel.allows(Permission::ViewChannel) {
        return Err(Refusal::new(403, 50001, "Missing Access"));
    }
    Ok(channel.id)
}

pub(super) fn typing(world: &mut World, channel: Id) -> Result<Reply, Refusal> {
    may_write(world, &world.channels[&channel])?;
    let author = world.bot.name.clone();
    world.tell(channel, Happened::Typing { author });
    Ok(Reply::nothing())
}

/// Whether the bot may write in a channel.
pub(super) fn may_write(world: &World, channel: &Channel) -> Result<(), Refusal> {
    if !channel.allows(Permission::SendMessages) {
        return Err(Refusal::missing_permissions());
    }
    match channel.recipient {
        Some(user) if world.users[&user].refuses_dms => {
            Err(Refusal::new(403, 50007, "Cannot send messages to this user"))
        }
        _ => Ok(()),
    }
}

fn unknown_user() -> Refusal {
    Refusal::new(404, 10013, "Unknown User")
}
