use serde_json::Value;

use super::{Id, Message, World};

/// The users whose mention stands in a text.
pub(crate) fn mentioned(content: &str) -> Vec<Id> {
    let marks = content.split("<@").skip(1).filter_map(|rest| rest.split_once('>'));
    let mut ids: Vec<_> = marks.filter_map(|(id, _)| Id::parse(id.trim_start_matches('!'))).collect();
    ids.sort();
    ids.dedup();
    ids
}

/// Whom a message of the bot wakes, in words; Discord asks the text and `allowed_mentions`.
pub(crate) fn pings(world: &World, message: &Message, allowed: Option<&Value>) -> Vec<String> {
    let parses = |what: &str| match allowed {
        None => true,
        Some(allowed) => allowed["parse"].as_array().is_some_and(|parse| parse.iter().any(|kind| kind == what)),
    };
    let lists = |list: &str, id: &str| {
        let listed = allowed.and_then(|allowed| allowed[list].as_array());
        listed.is_some_and(|listed| listed.iter().any(|one| one == id))
    };
    let mut pings = Vec::new();
    if parses("everyone") {
        let marks = ["@everyone", "@here"].into_iter().filter(|mark| message.content.contains(mark));
        pings.extend(marks.map(str::to_owned));
    }
    for id in mentioned(&message.content) {
        let known = world.users.get(&id);
        if let Some(user) = known.filter(|_| parses("users") || lists("users", &id.to_string())) {
            pings.push(format!("@{}", user.name));
        }
    }
    for mark in message.content.split("<@&").skip(1).filter_map(|rest| rest.split_once('>')) {
        if parses("roles") || lists("roles", mark.0) {
            pings.push(format!("the role {}", mark.0));
        }
    }
    let replied = message.replies_to.and_then(|replied| world.messages.get(&replied));
    if let Some(replied) = replied
        && allowed.is_none_or(|allowed| allowed["replied_user"] == true)
        && replied.author != world.bot.id
    {
        pings.push(format!("@{} by replying", world.users[&replied.author].name));
    }
    pings
}
