//! First answers to interactions.

use serde_json::{Value, json};

use super::{
    super::recording::Happened,
    super::world::{Answer, EPHEMERAL, Id, Interaction, InteractionKind, LOADING, Message, World},
    Asked, Refusal, Reply,
    written::{self, Sender},
};

pub(super) fn answer(world: &mut World, asked: &Asked<'_>, (id, token): (&str, &str)) -> Result<Reply, Refusal> {
    let unknown = || Refusal::new(404, 10062, "Unknown interaction");
    let interaction = Id::parse(id).and_then(|id| world.interactions.get(&id)).cloned();
    let interaction = interaction.filter(|interaction| interaction.token == token).ok_or_else(unknown)?;
    if interaction.has_run_out_of_patience(world.now) {
        let late = (world.now - interaction.started).as_seconds_f64();
        world.interactions.get_mut(&interaction.id).unwrap().came_late = true;
        world.violations.add(format!("{} was answered after {late:.1} s, which is later than 3 s", interaction.told));
        return Err(unknown());
    }
    if interaction.answer.is_some() {
        return Err(Refusal::blamed(400, 40060, "Interaction has already been acknowledged."));
    }
    let json = asked.form.json.as_ref().unwrap();
    let kind = json["type"].as_u64().unwrap_or_default();
    check_kind(&interaction, kind)?;
    let nothing = json!({});
    let content = json.get("data").filter(|content| !content.is_null()).unwrap_or(&nothing);
    let (answer, original) = match kind {
        4 => (Answer::Message, Some(say(world, asked, &interaction, content)?)),
        5 => (Answer::Thinking, Some(think(world, &interaction, content)?)),
        6 => (Answer::Acknowledged, interaction.message),
        7 => (Answer::Updated, Some(update(world, asked, &interaction, content)?)),
        8 => (offer(world, &interaction, content), None),
        _ => (open_form(world, &interaction, content)?, None),
    };
    let known = world.interactions.get_mut(&interaction.id).unwrap();
    (known.answer, known.original, known.answered) = (Some(answer), original, Some(world.now));
    if asked.query.iter().any(|(name, value)| name == "with_response" && value == "true") {
        return Ok(Reply::json(resource(world, interaction.id, kind)));
    }
    Ok(Reply::nothing())
}

/// Whether an interaction may be answered in this way.
fn check_kind(interaction: &Interaction, kind: u64) -> Result<(), Refusal> {
    let has_message = interaction.message.is_some();
    let is_allowed = match interaction.kind {
        InteractionKind::Command | InteractionKind::Menu => matches!(kind, 4 | 5 | 9),
        InteractionKind::Component => matches!(kind, 4..=7 | 9),
        InteractionKind::Autocomplete => kind == 8,
        InteractionKind::Form => matches!(kind, 4 | 5) || (has_message && matches!(kind, 6 | 7)),
    };
    let sentence = format!("{:?} cannot be answered with {kind}.", interaction.kind);
    if is_allowed { Ok(()) } else { Err(Refusal::mistake("type", "INTERACTION_RESPONSE_INVALID", &sentence)) }
}

fn fresh(world: &mut World, interaction: &Interaction) -> Message {
    let id = world.next_id();
    let mut message = Message::new(id, interaction.channel, world.bot.id, world.now);
    message.kind = interaction.message_kind();
    message.origin = Some(interaction.origin());
    message.only_for = Some(interaction.user);
    message
}

fn say(world: &mut World, asked: &Asked<'_>, interaction: &Interaction, content: &Value) -> Result<Id, Refusal> {
    let mut message = fresh(world, interaction);
    written::write(world, &mut message, content, asked.form, Sender::Interaction)
        .map_err(|refusal| refusal.below("data"))?;
    Ok(world.publish(message))
}

fn think(world: &mut World, interaction: &Interaction, content: &Value) -> Result<Id, Refusal> {
    let mut message = fresh(world, interaction);
    let flags = content["flags"].as_u64().unwrap_or_default();
    if flags & !EPHEMERAL != 0 {
        return Err(Refusal::mistake("data/flags", "FLAGS_INVALID", "Only EPHEMERAL is allowed here."));
    }
    message.flags = LOADING | flags;
    if flags & EPHEMERAL == 0 {
        message.only_for = None;
    }
    Ok(world.publish(message))
}

fn update(world: &mut World, asked: &Asked<'_>, interaction: &Interaction, content: &Value) -> Result<Id, Refusal> {
    let message = interaction.message.and_then(|id| world.messages.get(&id)).cloned();
    let mut message = message.ok_or_else(Refusal::unknown_message)?;
    written::write(world, &mut message, content, asked.form, Sender::Interaction)
        .map_err(|refusal| refusal.below("data"))?;
    let id = message.id;
    written::replace(world, message);
    Ok(id)
}

fn offer(world: &mut World, interaction: &Interaction, content: &Value) -> Answer {
    let choices = content["choices"].as_array().cloned().unwrap_or_default();
    let user = world.users[&interaction.user].name.clone();
    world.tell(interaction.channel, Happened::Choices { user, choices: choices.clone() });
    Answer::Choices(choices)
}

fn open_form(world: &mut World, interaction: &Interaction, content: &Value) -> Result<Answer, Refusal> {
    let rows = content["components"].as_array().map_or(0, Vec::len);
    if rows > 5 {
        return Err(Refusal::mistake("data/components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length."));
    }
    let user = world.users[&interaction.user].name.clone();
    world.tell(interaction.channel, Happened::Form { user, form: content.clone() });
    Ok(Answer::Form(content.clone()))
}

/// What became of the interaction, for those who want to know at once.
fn resource(world: &World, id: Id, kind: u64) -> Value {
    let interaction = &world.interactions[&id];
    let original = interaction.original.and_then(|id| world.messages.get(&id));
    let mut about = json!({ "id": id, "type": interaction.kind.number(), "channel_id": interaction.channel });
    if let Some(message) = original {
        about["response_message_id"] = json!(message.id);
        about["response_message_loading"] = json!(message.is_loading());
        about["response_message_ephemeral"] = json!(message.is_ephemeral());
    }
    let mut whole = json!({ "interaction": about });
    if let (Some(message), 4 | 7) = (original, kind) {
        whole["resource"] = json!({ "type": kind, "message": world.message(message) });
    }
    whole
}
