use chrono::TimeDelta;
use serde_json::{Value, json};

use super::Session;
use crate::discord::server::{Pace, world::World};

/// Of those who may connect one at a time.
const BETWEEN_IDENTIFIES: TimeDelta = TimeDelta::seconds(5);

/// Intents that the application's owner must have granted: members, presences, message content.
const PRIVILEGED: u64 = 1 << 1 | 1 << 8 | 1 << 15;

/// All intents that there are.
const KNOWN: u64 = ((1 << 17) - 1) | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25;

/// What is wrong with IDENTIFY, as a code and in words.
pub(super) fn refusal_of_identify(world: &World, what: &Value) -> Option<(u16, &'static str)> {
    let Some(intents) = what["intents"].as_u64().filter(|intents| intents & !KNOWN == 0) else {
        return Some((4013, "intents that do not exist"));
    };
    if !is_token(world, &what["token"]) {
        return Some((4004, "a wrong token"));
    }
    if shard(what).is_none() {
        return Some((4010, "a shard that does not exist"));
    }
    if ["os", "browser", "device"].iter().any(|name| !what["properties"][name].is_string()) {
        return Some((4002, "IDENTIFY without os, browser and device"));
    }
    (intents & PRIVILEGED & !world.privileged_intents != 0).then_some((4014, "intents that are not granted"))
}

/// With or without the word that HTTP wants before it.
pub(super) fn is_token(world: &World, given: &Value) -> bool {
    given.as_str().is_some_and(|given| given.strip_prefix("Bot ").unwrap_or(given) == world.token)
}

/// Which of how many; one alone where nothing is said.
pub(super) fn shard(what: &Value) -> Option<[u64; 2]> {
    let shard = match what.get("shard") {
        None | Some(Value::Null) => [0, 1],
        Some(shard) => [shard[0].as_u64()?, shard[1].as_u64()?],
    };
    (shard[0] < shard[1]).then_some(shard)
}

/// Whether IDENTIFY comes too soon after another; Discord then says that the session is invalid.
pub(super) fn identifies_too_soon(world: &mut World) -> bool {
    let before = world.sessions.identified.replace(world.now);
    world.limits.pace == Pace::Real && before.is_some_and(|before| world.now - before < BETWEEN_IDENTIFIES)
}

/// READY, and then the guilds one by one.
pub(super) fn welcome(world: &World, session: &mut Session) {
    let [shard, shards] = session.shard;
    let guilds = || world.guilds.values().filter(move |guild| (guild.id.0 >> 22) % shards == shard);
    let unavailable: Vec<_> = guilds().map(|guild| json!({ "id": guild.id, "unavailable": true })).collect();
    let ready = json!({
        "v": 10, "user": own_user(world), "guilds": unavailable, "session_id": session.id,
        "resume_gateway_url": world.sessions.address, "shard": session.shard, "session_type": "normal",
        "application": { "id": world.bot.id, "flags": world.application()["flags"] },
        "private_channels": [], "relationships": [], "presences": [], "user_settings": {}, "geo_ordered_rtc_regions": [],
    });
    session.send("READY", &ready);
    if session.intents & 1 != 0 {
        for guild in guilds() {
            session.send("GUILD_CREATE", &guild.wire(world));
        }
    }
    session.is_ready = true;
}

fn own_user(world: &World) -> Value {
    let mut user = world.bot.wire();
    for (name, value) in [("mfa_enabled", json!(true)), ("verified", json!(true)), ("email", Value::Null)] {
        user[name] = value;
    }
    user
}

/// What Discord says when it closes.
pub(super) fn reason(code: u16) -> &'static str {
    match code {
        4000 => "Unknown error.",
        4001 => "Unknown opcode.",
        4002 => "Error while decoding payload.",
        4003 => "Not authenticated.",
        4004 => "Authentication failed.",
        4005 => "Already authenticated.",
        4007 => "Invalid seq.",
        4008 => "Rate limited.",
        4009 => "Session timed out.",
        4010 => "Invalid shard.",
        4013 => "Invalid intent(s).",
        4014 => "Disallowed intent(s).",
        _ => "",
    }
}
