//! What Discord wants of a message beyond its document.

use serde_json::Value;

use super::super::{document::Mistake, recording::flat, world::Message};

/// Characters of all embeds of a message together.
const EMBEDS: usize = 6000;

const CONTENT: usize = 2000;

/// Rows of buttons and menus, and buttons in each.
const ROWS: usize = 5;
const BUTTONS: usize = 5;

/// Components of the second version stand in for text and embeds.
const COMPONENTS_V2: u64 = 1 << 15;

/// What is wrong with a message, as it would be.
pub(super) fn mistakes(message: &Message, json: &Value) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    // Characters as Discord counts them here are code points.
    if message.content.chars().count() > CONTENT {
        let sentence = format!("Must be {CONTENT} or fewer in length.");
        mistakes.push(Mistake::new("content", "BASE_TYPE_MAX_LENGTH", &sentence));
    }
    if message.embeds.iter().map(length_of).sum::<usize>() > EMBEDS {
        let sentence = format!("Embed size exceeds maximum size of {EMBEDS}");
        mistakes.push(Mistake::new("embeds", "MAX_EMBED_SIZE_EXCEEDED", &sentence));
    }
    for (number, embed) in message.embeds.iter().enumerate() {
        if embed.as_object().is_some_and(|fields| fields.len() == 1) {
            mistakes.push(Mistake::new(&format!("embeds/{number}"), "BASE_TYPE_REQUIRED", "This embed is empty"));
        }
    }
    mistakes.extend(unknown_files(message));
    let is_second_version = message.flags & COMPONENTS_V2 != 0;
    if is_second_version && (!message.content.is_empty() || !message.embeds.is_empty()) {
        let sentence = "The 'content' and 'embeds' fields cannot be used when using MessageFlags.IS_COMPONENTS_V2";
        mistakes.push(Mistake::new("", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", sentence));
    }
    if json.get("components").is_some() {
        mistakes.extend(mistakes_of_rows(&message.components, is_second_version));
        mistakes.extend(mistakes_of_parts(&message.components));
    }
    mistakes
}

fn length_of(embed: &Value) -> usize {
    let length = |value: &Value| value.as_str().map_or(0, |text| text.chars().count());
    let fields = embed["fields"].as_array().into_iter().flatten();
    let fields: usize = fields.map(|field| length(&field["name"]) + length(&field["value"])).sum();
    let others = [&embed["title"], &embed["description"], &embed["footer"]["text"], &embed["author"]["name"]];
    fields + others.into_iter().map(length).sum::<usize>()
}

/// Pictures of embeds that are called for by name and are not there.
fn unknown_files(message: &Message) -> Vec<Mistake> {
    let pictures = message.embeds.iter().enumerate().flat_map(|(number, embed)| {
        let urls =
            ["image", "thumbnail"].into_iter().filter_map(move |name| Some((name, embed[name]["url"].as_str()?)));
        urls.map(move |(name, url)| (format!("embeds/{number}/{name}/url"), url))
    });
    let unknown = pictures.filter(|(_, url)| {
        let name = url.strip_prefix("attachment://");
        name.is_some_and(|name| !message.attachments.iter().any(|file| file.filename == name || file.sent_as == name))
    });
    unknown
        .map(|(field, url)| Mistake::new(&field, "ATTACHMENT_NOT_FOUND", &format!("{url} is not on this message.")))
        .collect()
}

fn mistakes_of_rows(rows: &[Value], is_second_version: bool) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    if !is_second_version && rows.len() > ROWS {
        mistakes.push(Mistake::new("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length."));
    }
    for (number, row) in rows.iter().enumerate() {
        let field = format!("components/{number}");
        if row["type"] != 1 {
            if !is_second_version {
                let sentence = "Value of field \"type\" must be one of (1,).";
                mistakes.push(Mistake::new(&format!("{field}/type"), "UNION_TYPE_CHOICES", sentence));
            }
            continue;
        }
        let parts = row["components"].as_array().map_or(&[][..], Vec::as_slice);
        let buttons = parts.iter().filter(|part| part["type"] == 2).count();
        let width = buttons + (parts.len() - buttons) * BUTTONS;
        if !(1..=BUTTONS).contains(&width) {
            let sentence = "Component layout exceeds the maximum width of a row, or there is none.";
            mistakes.push(Mistake::new(&field, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", sentence));
        }
    }
    mistakes
}

fn mistakes_of_parts(rows: &[Value]) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    let parts = flat(rows);
    let mut seen: Vec<&str> = Vec::new();
    for part in &parts {
        let name = part["custom_id"].as_str();
        if let Some(name) = name {
            if seen.contains(&name) {
                let sentence = format!("Component custom id cannot be duplicated: {name}");
                mistakes.push(Mistake::new("components", "COMPONENT_CUSTOM_ID_DUPLICATED", &sentence));
            }
            seen.push(name);
        }
        match part["type"].as_u64() {
            Some(2) => mistakes.extend(mistake_of_button(part)),
            Some(3) => mistakes.extend(mistakes_of_menu(part)),
            _ => (),
        }
    }
    mistakes
}

fn mistake_of_button(button: &Value) -> Option<Mistake> {
    let has = |name: &str| button.get(name).is_some();
    let sentence = match button["style"].as_u64() {
        Some(5) if !has("url") || has("custom_id") => "A link button has a url and no custom_id.",
        Some(1..=4) if !has("custom_id") || has("url") => "A button has a custom_id and no url.",
        Some(1..=5) if !has("label") && !has("emoji") => "A button has a label or an emoji.",
        _ => return None,
    };
    Some(Mistake::new("components", "BUTTON_COMPONENT_INVALID", sentence))
}

fn mistakes_of_menu(menu: &Value) -> Vec<Mistake> {
    let options = menu["options"].as_array().map_or(&[][..], Vec::as_slice);
    let values: Vec<_> = options.iter().filter_map(|option| option["value"].as_str()).collect();
    let [least, most] = ["min_values", "max_values"].map(|name| menu[name].as_u64().unwrap_or(1));
    let mut sentences = Vec::new();
    if values.iter().enumerate().any(|(number, value)| values[..number].contains(value)) {
        sentences.push("The specified option value is already used.");
    }
    if least > most || usize::try_from(most).unwrap() > options.len() {
        sentences.push("min_values, max_values and the number of options do not fit each other.");
    }
    let chosen = options.iter().filter(|option| option["default"] == true).count();
    if chosen > usize::try_from(most).unwrap() {
        sentences.push("More options are chosen beforehand than may be.");
    }
    sentences.into_iter().map(|sentence| Mistake::new("components", "SELECT_MENU_INVALID", sentence)).collect()
}
