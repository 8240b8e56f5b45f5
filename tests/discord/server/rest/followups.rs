//! What follows on the first answer to an interaction, by its token.

use super::{
    super::world::{Answer, Id, LOADING, Message, World},
    Asked, Refusal, Reply,
    written::{self, Sender},
};

pub(super) fn answer(
    world: &mut World,
    asked: &Asked<'_>,
    (application, token): (&str, &str),
    rest: &[&str],
) -> Result<Reply, Refusal> {
    let unknown = || Refusal::new(404, 10015, "Unknown Webhook");
    let interaction = world.interactions.values().find(|interaction| interaction.token == token);
    let interaction = interaction.filter(|_| application == world.bot.id.to_string()).ok_or_else(unknown)?;
    if interaction.is_over(world.now) {
        return Err(Refusal::new(401, 50027, "Invalid Webhook Token"));
    }
    if interaction.answer.is_none() {
        return Err(unknown());
    }
    let interaction = interaction.id;
    match rest {
        [] => create(world, asked, interaction),
        ["messages", id] => {
            let message = meant(world, interaction, id)?;
            on_message(world, asked, interaction, message)
        }
        parts => unreachable!("{parts:?} is in the document and answered nowhere"),
    }
}

fn create(world: &mut World, asked: &Asked<'_>, interaction: Id) -> Result<Reply, Refusal> {
    let interaction = world.interactions[&interaction].clone();
    let json = asked.form.json.as_ref().unwrap();
    // The first message after `is thinking…` takes its place.
    let thinking = interaction.original.filter(|_| interaction.answer == Some(Answer::Thinking));
    let thinking = thinking.and_then(|id| world.messages.get(&id)).filter(|message| message.is_loading());
    if let Some(thinking) = thinking {
        let id = thinking.id;
        return on_message(world, asked, interaction.id, id);
    }
    let id = world.next_id();
    let mut message = Message::new(id, interaction.channel, world.bot.id, world.now);
    message.origin = Some(interaction.origin());
    message.only_for = Some(interaction.user);
    written::write(world, &mut message, json, asked.form, Sender::Interaction)?;
    world.publish(message);
    Ok(Reply::json(world.message(&world.messages[&id])))
}

fn on_message(world: &mut World, asked: &Asked<'_>, interaction: Id, id: Id) -> Result<Reply, Refusal> {
    match asked.route.method.as_str() {
        "get" => Ok(Reply::json(world.message(&world.messages[&id]))),
        "delete" => {
            world.remove(id);
            Ok(Reply::nothing())
        }
        _ => {
            let mut message = world.messages[&id].clone();
            message.flags &= !LOADING;
            if message.origin.is_none() {
                message.origin = Some(world.interactions[&interaction].origin());
            }
            let json = asked.form.json.as_ref().unwrap();
            written::write(world, &mut message, json, asked.form, Sender::Interaction)?;
            Ok(written::replace(world, message))
        }
    }
}

/// The message of an interaction that a path means.
fn meant(world: &World, interaction: Id, id: &str) -> Result<Id, Refusal> {
    let known = &world.interactions[&interaction];
    let id = if id == "@original" { known.original } else { Id::parse(id) };
    let message = id.and_then(|id| world.messages.get(&id)).filter(|message| {
        let is_its_own = message.origin.as_ref().is_some_and(|origin| origin.interaction == interaction);
        is_its_own || known.original == Some(message.id)
    });
    message.map(|message| message.id).ok_or_else(Refusal::unknown_message)
}
