//! The application's commands, as far as they are for everybody.

use serde_json::{Value, json};

use super::{super::document::Mistake, super::world::World, Asked, Refusal, Reply};

pub(super) fn answer(world: &mut World, asked: &Asked<'_>, application: &str, rest: &[&str]) -> Result<Reply, Refusal> {
    if application != world.bot.id.to_string() {
        return Err(Refusal::blamed(403, 20012, "You are not authorized to perform this action on this application"));
    }
    match (asked.route.method.as_str(), rest) {
        ("get", []) => Ok(Reply::json(json!(world.commands))),
        ("put", []) => overwrite(world, asked.form.json.as_ref().unwrap()),
        ("post", []) => add(world, asked.form.json.as_ref().unwrap()),
        ("delete", [id]) => {
            let before = world.commands.len();
            world.commands.retain(|command| command["id"] != **id);
            let unknown = || Refusal::new(404, 10063, "Unknown application command");
            if world.commands.len() == before { Err(unknown()) } else { Ok(Reply::nothing()) }
        }
        (method, parts) => unreachable!("{method} {parts:?} is in the document and answered nowhere"),
    }
}

fn overwrite(world: &mut World, given: &Value) -> Result<Reply, Refusal> {
    let given = given.as_array().cloned().unwrap_or_default();
    let mut mistakes: Vec<_> = Vec::new();
    for (number, command) in given.iter().enumerate() {
        mistakes.extend(mistakes_of(command).into_iter().map(|mistake| mistake.below(&number.to_string())));
        if given[..number].iter().any(|other| is_same(other, command)) {
            let sentence = "Application command names must be unique";
            mistakes.push(Mistake::new("", "APPLICATION_COMMANDS_DUPLICATE_NAME", sentence));
        }
    }
    if !mistakes.is_empty() {
        return Err(Refusal::mistaken(&mistakes));
    }
    world.registrations += 1;
    let kept = std::mem::take(&mut world.commands);
    for command in &given {
        let same = kept.iter().find(|other| is_same(other, command)).map(|other| other["id"].clone());
        let command = registered(world, command, same);
        world.commands.push(command);
    }
    Ok(Reply::json(json!(world.commands)))
}

fn add(world: &mut World, given: &Value) -> Result<Reply, Refusal> {
    let mistakes = mistakes_of(given);
    if !mistakes.is_empty() {
        return Err(Refusal::mistaken(&mistakes));
    }
    world.registrations += 1;
    let place = world.commands.iter().position(|other| is_same(other, given));
    let same = place.map(|place| world.commands.remove(place)["id"].clone());
    let mut reply = Reply::json(registered(world, given, same.clone()));
    reply.status = if same.is_some() { 200 } else { 201 };
    world.commands.push(reply.json.clone().unwrap());
    Ok(reply)
}

fn is_same(one: &Value, other: &Value) -> bool {
    let kind = |command: &Value| command["type"].as_u64().unwrap_or(1);
    one["name"] == other["name"] && kind(one) == kind(other)
}

/// A command as Discord gives it back.
fn registered(world: &mut World, given: &Value, id: Option<Value>) -> Value {
    let id = id.unwrap_or_else(|| json!(world.next_id()));
    let mut command = json!({
        "id": id, "application_id": world.bot.id, "version": world.next_id(), "type": 1, "description": "",
        "default_member_permissions": null, "nsfw": false, "integration_types": [0], "contexts": null,
    });
    let given = without_nulls(given);
    command.as_object_mut().unwrap().extend(given.as_object().unwrap().clone());
    if let Some(permissions) = given["default_member_permissions"].as_u64() {
        command["default_member_permissions"] = json!(permissions.to_string());
    }
    command
}

/// The same without what is null, since answers rarely have that.
pub(super) fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(_, value)| !value.is_null());
            Value::Object(fields.map(|(name, value)| (name.clone(), without_nulls(value))).collect())
        }
        Value::Array(values) => Value::Array(values.iter().map(without_nulls).collect()),
        other => other.clone(),
    }
}

/// What Discord says of commands beyond the document.
fn mistakes_of(command: &Value) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    let is_typed = command["type"].as_u64().unwrap_or(1) == 1;
    let described = command["description"].as_str().is_some_and(|description| !description.is_empty());
    if is_typed && !described {
        mistakes.push(Mistake::new("description", "BASE_TYPE_REQUIRED", "This field is required"));
    }
    if !is_typed && described {
        let sentence = "Context menu commands cannot have description";
        mistakes.push(Mistake::new("description", "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION", sentence));
    }
    if is_typed {
        mistakes.extend(mistakes_of_names(command));
    }
    mistakes
}

fn mistakes_of_names(command: &Value) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    let name = command["name"].as_str().unwrap_or_default();
    let is_plain =
        |letter: char| letter == '-' || letter == '_' || (letter.is_alphanumeric() && !letter.is_uppercase());
    if name.is_empty() || name.chars().count() > 32 || !name.chars().all(is_plain) {
        let sentence = "Command name is invalid";
        mistakes.push(Mistake::new("name", "APPLICATION_COMMAND_INVALID_NAME", sentence));
    }
    let options = command["options"].as_array().map_or(&[][..], Vec::as_slice);
    let first_optional = options.iter().position(|option| option["required"] != true);
    let last_required = options.iter().rposition(|option| option["required"] == true);
    if let (Some(optional), Some(required)) = (first_optional, last_required)
        && optional < required
    {
        let sentence = "Required options must be placed before non-required options";
        mistakes.push(Mistake::new("options", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", sentence));
    }
    for (number, option) in options.iter().enumerate() {
        let below = mistakes_of_names(option).into_iter().map(|mistake| mistake.below(&format!("options/{number}")));
        mistakes.extend(below);
    }
    mistakes
}
