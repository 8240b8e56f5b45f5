use super::{Asked, Refusal, Reply, commands, followups, interactions, messages, places};
use crate::discord::server::world::World;

type Answered = Result<Reply, Refusal>;

/// Leads a request to what answers it.
pub(super) fn dispatch(world: &mut World, asked: &Asked<'_>) -> Answered {
    match (asked.route.method.as_str(), asked.parts.as_slice()) {
        ("get", ["gateway"]) => Ok(places::gateway(world)),
        ("get", ["gateway", "bot"]) => Ok(places::gateway_of_bot(world)),
        ("get", ["applications", "@me"] | ["oauth2", "applications", "@me"]) => Ok(Reply::json(world.application())),
        ("get", ["users", "@me"]) => Ok(places::own_user(world)),
        ("post", ["users", "@me", "channels"]) => places::open_dm(world, asked),
        ("get", ["users", user]) => places::user(world, user),
        ("get", ["guilds", guild, "members", user]) => places::member(world, guild, user),
        (_, ["applications", application, "commands", rest @ ..]) => commands::answer(world, asked, application, rest),
        ("post", ["interactions", id, token, "callback"]) => interactions::answer(world, asked, (*id, *token)),
        (_, ["webhooks", application, token, rest @ ..]) => {
            followups::answer(world, asked, (*application, *token), rest)
        }
        (_, ["channels", channel, rest @ ..]) => {
            let channel = places::channel(world, channel)?;
            in_channel(world, asked, channel, rest)
        }
        (method, parts) => unreachable!("{method} {parts:?} is in the document and answered nowhere"),
    }
}

fn in_channel(world: &mut World, asked: &Asked<'_>, channel: super::super::world::Id, rest: &[&str]) -> Answered {
    match (asked.route.method.as_str(), rest) {
        ("get", []) => Ok(Reply::json(world.channels[&channel].wire(world))),
        ("post", ["typing"]) => places::typing(world, channel),
        ("post", ["messages"]) => messages::create(world, asked, channel),
        ("get", ["messages"]) => messages::list(world, asked, channel),
        ("get", ["messages", id]) => messages::get(world, channel, id),
        ("patch", ["messages", id]) => messages::edit(world, asked, channel, id),
        ("delete", ["messages", id]) => messages::delete(world, channel, id),
        (method, ["messages", id, "reactions", emoji, "@me"]) => messages::react(world, channel, id, (method, *emoji)),
        (method, parts) => unreachable!("{method} {parts:?} is in the document and answered nowhere"),
    }
}
