//! What a body makes of a message.

use serde_json::{Value, json};

use super::{
    super::{
        people::Delivery,
        world::{Attachment, EPHEMERAL, Id, LOADING, Message, World, mentioned, pings},
    },
    Form, Refusal, Reply,
    body::Upload,
    commands::without_nulls,
    rules,
};
use crate::discord::server::document::Mistake;

/// Bytes of all files of a request together.
const LARGEST_REQUEST: usize = 25 * 1024 * 1024;

/// Files on a message.
const MOST_FILES: usize = 10;

/// The only flags that a bot may set: no previews, no sound, and components of the second version.
const FLAGS: u64 = 1 << 2 | 1 << 12 | 1 << 15;

/// By which door a message comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sender {
    Bot,
    /// Here messages may be for one person only.
    Interaction,
}

/// Writes what a body says into a message, new or old. What the body does not name stays.
pub(super) fn write(
    world: &mut World,
    message: &mut Message,
    json: &Value,
    form: &Form,
    sender: Sender,
) -> Result<(), Refusal> {
    check_sizes(world, &form.files)?;
    let is_new = !world.messages.contains_key(&message.id);
    write_flags(message, json, sender, is_new)?;
    let given = |name: &str| json.get(name);
    if let Some(content) = given("content") {
        content.as_str().unwrap_or_default().trim().clone_into(&mut message.content);
    }
    if let Some(embeds) = given("embeds") {
        message.embeds = embeds.as_array().into_iter().flatten().map(embed).collect();
    }
    if let Some(components) = given("components") {
        let given = components.as_array().map_or(&[][..], Vec::as_slice);
        message.components = numbered(given, &mut 0);
    }
    write_files(world, message, json, &form.files)?;
    let mistakes = rules::mistakes(message, json);
    if !mistakes.is_empty() {
        return Err(Refusal::mistaken(&mistakes));
    }
    if message.is_empty() && !message.is_loading() {
        return Err(Refusal::blamed(400, 50006, "Cannot send an empty message"));
    }
    watch_pings(world, message, json);
    if !message.is_ephemeral() {
        message.only_for = None;
    }
    Ok(())
}

/// Puts a message in the place of its older self.
pub(super) fn replace(world: &mut World, mut message: Message) -> Reply {
    let id = message.id;
    message.edited_at = Some(world.now);
    world.messages.insert(id, message);
    world.republish(id);
    Reply::json(world.message(&world.messages[&id]))
}

fn check_sizes(world: &World, files: &[Upload]) -> Result<(), Refusal> {
    let all: usize = files.iter().map(|file| file.bytes.len()).sum();
    let is_too_large = all > LARGEST_REQUEST || files.iter().any(|file| file.bytes.len() > world.upload_limit);
    if is_too_large { Err(Refusal::blamed(413, 40005, "Request entity too large")) } else { Ok(()) }
}

fn write_flags(message: &mut Message, json: &Value, sender: Sender, is_new: bool) -> Result<(), Refusal> {
    let Some(given) = json["flags"].as_u64() else { return Ok(()) };
    let allowed = if is_new && sender == Sender::Interaction { FLAGS | EPHEMERAL } else { FLAGS | message.flags };
    if given & !allowed != 0 {
        return Err(Refusal::mistake("flags", "FLAGS_INVALID", &format!("{given} has flags that cannot be set here.")));
    }
    // Whom a message is for never changes.
    let kept = if is_new { 0 } else { message.flags & (EPHEMERAL | LOADING) };
    message.flags = given | kept;
    Ok(())
}

/// An embed as it comes back.
fn embed(given: &Value) -> Value {
    let mut embed = without_nulls(given);
    embed["type"] = json!("rich");
    for field in embed["fields"].as_array_mut().into_iter().flatten() {
        if field.get("inline").is_none() {
            field["inline"] = json!(false);
        }
    }
    if embed.get("fields").is_some_and(Value::is_null) {
        embed.as_object_mut().unwrap().remove("fields");
    }
    embed
}

/// Components as they come back: each has a number.
fn numbered(given: &[Value], last: &mut u64) -> Vec<Value> {
    let each = given.iter().map(|component| {
        let mut component = without_nulls(component);
        *last += 1;
        component["id"] = json!(*last);
        if component["type"] == 3 {
            for name in ["min_values", "max_values"] {
                if component.get(name).is_none() {
                    component[name] = json!(1);
                }
            }
        }
        if let Some(inner) = component["components"].as_array().cloned() {
            component["components"] = json!(numbered(&inner, last));
        } else if component.get("components").is_some_and(Value::is_null) {
            component.as_object_mut().unwrap().remove("components");
        }
        component
    });
    each.collect()
}

/// Of an old message those files stay that are listed, or all when neither a list nor a new file comes.
fn write_files(world: &mut World, message: &mut Message, json: &Value, files: &[Upload]) -> Result<(), Refusal> {
    let listed = json.get("attachments").and_then(Value::as_array);
    if listed.is_none() && files.is_empty() {
        return Ok(());
    }
    let mut mistakes = Vec::new();
    let mut kept = Vec::new();
    let mut used = Vec::new();
    for (number, entry) in listed.into_iter().flatten().enumerate() {
        let id = entry["id"].as_u64().or_else(|| entry["id"].as_str().and_then(|id| id.parse().ok())).unwrap_or(0);
        let old = message.attachments.iter().find(|file| file.id == Id(id));
        let new = files.iter().find(|file| file.number == id);
        match (old, new) {
            (Some(old), _) => kept.push(old.clone()),
            (None, Some(new)) => {
                used.push(id);
                kept.push(attach(world, message, new, entry["description"].as_str()));
            }
            (None, None) => {
                let sentence = format!("{id} is neither a file of this message nor one that was sent along.");
                mistakes.push(Mistake::new(&format!("attachments/{number}/id"), "ATTACHMENT_NOT_FOUND", &sentence));
            }
        }
    }
    for file in files.iter().filter(|file| !used.contains(&file.number)) {
        if listed.is_some() {
            let sentence = format!("files[{}] was sent along, but is not listed.", file.number);
            mistakes.push(Mistake::new("attachments", "ATTACHMENT_NOT_LISTED", &sentence));
        }
        kept.push(attach(world, message, file, None));
    }
    if kept.len() > MOST_FILES {
        mistakes.push(Mistake::new("attachments", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length."));
    }
    message.attachments = kept;
    if mistakes.is_empty() { Ok(()) } else { Err(Refusal::mistaken(&mistakes)) }
}

fn attach(world: &mut World, message: &Message, file: &Upload, description: Option<&str>) -> Attachment {
    let mut attachment = world.attach(message.channel, &file.name, file.bytes.clone(), Delivery::Prompt);
    attachment.description = description.map(str::to_owned);
    attachment.is_ephemeral = message.is_ephemeral();
    attachment
}

/// Nothing that the bot says may wake anybody (U12), whoever made it say so.
fn watch_pings(world: &mut World, message: &mut Message, json: &Value) {
    let has_text = json["content"].as_str().is_some_and(|content| !content.trim().is_empty());
    if !has_text {
        return;
    }
    let allowed = json.get("allowed_mentions").filter(|allowed| !allowed.is_null());
    let quoted: String = message.content.chars().take(80).collect();
    if allowed.is_none() {
        world.violations.add(format!("{quoted:?} was sent without allowed_mentions, which lets it ping"));
    }
    for ping in pings(world, message, allowed) {
        world.violations.add(format!("{quoted:?} pings {ping}"));
    }
    let known = mentioned(&message.content).into_iter().filter(|id| world.users.contains_key(id));
    message.mentions = if allowed.is_none() { known.collect() } else { Vec::new() };
}
