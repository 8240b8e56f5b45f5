use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::super::world::Id;

/// What happened in a channel, oldest first. As a text it reads like a chat; as JSON it has all there is.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Transcript {
    pub(crate) happenings: Vec<Happening>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Happening {
    pub(crate) at: DateTime<Utc>,
    pub(crate) channel: Id,
    #[serde(flatten)]
    pub(crate) happened: Happened,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case", tag = "happened")]
pub(crate) enum Happened {
    Created(Seen),
    Edited(Seen),
    Deleted {
        id: Id,
        author: String,
    },
    /// Somebody is typing.
    Typing {
        author: String,
    },
    /// A person did something other than writing.
    Did {
        author: String,
        what: String,
    },
    /// A form opened before a person.
    Form {
        #[serde(rename = "for")]
        user: String,
        form: Value,
    },
    /// Suggestions came up while a person was typing a command.
    Choices {
        #[serde(rename = "for")]
        user: String,
        choices: Vec<Value>,
    },
    Reacted {
        id: Id,
        emoji: String,
    },
}

/// A message as its readers see it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Seen {
    pub(crate) id: Id,
    pub(crate) channel: Id,
    pub(crate) author: String,
    pub(crate) content: String,
    pub(crate) embeds: Vec<Value>,
    pub(crate) components: Vec<Value>,
    pub(crate) files: Vec<SeenFile>,
    /// The one person that it is shown to, of an ephemeral message.
    pub(crate) only_for: Option<String>,
    /// `Taipan is thinking…` instead of a text.
    pub(crate) is_thinking: bool,
    pub(crate) replies_to: Option<Id>,
    /// The interaction that it answers.
    pub(crate) interaction: Option<Id>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct SeenFile {
    /// As Discord keeps it.
    pub(crate) name: String,
    pub(crate) sent_as: String,
    pub(crate) content_type: Option<String>,
    pub(crate) url: String,
    #[serde(serialize_with = "base64")]
    pub(crate) bytes: Bytes,
}

impl Seen {
    /// The labels of its buttons and the placeholders of its menus, row by row; a disabled one in parentheses.
    pub(crate) fn controls(&self) -> Vec<String> {
        self.parts().iter().filter_map(told).collect()
    }

    /// The button or menu with this label, placeholder or custom id.
    pub(crate) fn control(&self, name: &str) -> Value {
        let parts = self.parts();
        let found = parts.iter().find(|part| ["label", "placeholder", "custom_id"].iter().any(|key| part[key] == name));
        found.cloned().unwrap_or_else(|| panic!("nothing is called {name:?} here: {self}"))
    }

    /// The names of its files, as they were sent.
    pub(crate) fn file_names(&self) -> Vec<&str> {
        self.files.iter().map(|file| file.sent_as.as_str()).collect()
    }

    fn parts(&self) -> Vec<Value> {
        flat(&self.components)
    }
}

/// The components in components, each after the one that it lies in.
pub(crate) fn flat(components: &[Value]) -> Vec<Value> {
    let each = components.iter().flat_map(|component| {
        let inner = component["components"].as_array().map_or(&[][..], Vec::as_slice);
        let single = ["component", "accessory"].iter().filter_map(|name| component.get(name));
        let single: Vec<_> = single.cloned().collect();
        std::iter::once(component.clone()).chain(flat(inner)).chain(flat(&single)).collect::<Vec<_>>()
    });
    each.collect()
}

fn told(part: &Value) -> Option<String> {
    let name = ["label", "placeholder", "custom_id"].iter().find_map(|name| part[name].as_str())?;
    let emoji = part["emoji"]["name"].as_str().map(|emoji| format!("{emoji} ")).unwrap_or_default();
    let name = format!("{emoji}{name}");
    Some(if part["disabled"] == true { format!("({name})") } else { name })
}

fn base64<S: Serializer>(bytes: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(bytes))
}

impl fmt::Display for Seen {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_thinking {
            out.write_str("is thinking…")?;
        }
        out.write_str(&self.content)?;
        for embed in &self.embeds {
            let text = |name: &str| embed[name].as_str().unwrap_or_default().to_owned();
            write!(out, "\n| {}\n| {}", text("title"), text("description").replace('\n', "\n| "))?;
            for field in embed["fields"].as_array().into_iter().flatten() {
                let [name, value] = ["name", "value"].map(|part| field[part].as_str().unwrap_or_default());
                write!(out, "\n| {name}: {}", value.replace('\n', "\n| "))?;
            }
            if let Some(footer) = embed["footer"]["text"].as_str() {
                write!(out, "\n| {footer}")?;
            }
        }
        for file in &self.files {
            write!(out, "\n+ {} ({} bytes)", file.sent_as, file.bytes.len())?;
        }
        let controls = self.controls();
        if !controls.is_empty() {
            write!(out, "\n[{}]", controls.join("] ["))?;
        }
        Ok(())
    }
}

impl fmt::Display for Happening {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.happened {
            Happened::Created(seen) => write!(out, "{}{}: {seen}", seen.author, whispered(seen)),
            Happened::Edited(seen) => write!(out, "{}{} (edited): {seen}", seen.author, whispered(seen)),
            Happened::Deleted { author, .. } => write!(out, "{author} (deleted)"),
            Happened::Typing { author } => write!(out, "{author} is typing…"),
            Happened::Did { author, what } => write!(out, "{author} {what}"),
            Happened::Form { user, form } => write!(out, "{user} is shown the form {}", form["title"]),
            Happened::Choices { user, choices } => {
                let names: Vec<_> = choices.iter().filter_map(|choice| choice["name"].as_str()).collect();
                write!(out, "{user} is offered [{}]", names.join("] ["))
            }
            Happened::Reacted { emoji, .. } => write!(out, "Taipan reacts with {emoji}"),
        }
    }
}

fn whispered(seen: &Seen) -> String {
    seen.only_for.as_ref().map(|user| format!(" (only for {user})")).unwrap_or_default()
}

impl fmt::Display for Transcript {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.happenings.iter().try_for_each(|happening| writeln!(out, "{happening}"))
    }
}
