use serde_json::{Map, Value, json};

use super::{File, Person, Reaction, pressing::Deed};
use crate::discord::server::{
    Channel,
    recording::Seen,
    world::{InteractionKind, World},
};

/// What is given for an option of a command.
#[derive(Clone, Debug)]
pub(crate) enum Given {
    Value(Value),
    File(File),
}

impl<V: Into<Value>> From<V> for Given {
    fn from(value: V) -> Self {
        Self::Value(value.into())
    }
}

impl Person {
    /// Runs a command as `/name` or `/name sub`, with options by name.
    pub(crate) async fn runs_command(&self, channel: &Channel, command: &str, options: &[(&str, Given)]) -> Reaction {
        let content = self.inside.with(|world| command_content(world, channel, command, options, None));
        let given: Vec<_> = options.iter().map(|(name, given)| told(name, given)).collect();
        let told = format!("runs {command}{}", given.concat());
        self.does(Deed { kind: InteractionKind::Command, channel: channel.id, told, message: None, content }).await
    }

    /// Types a part of an option of a command, for suggestions.
    pub(crate) async fn types(&self, channel: &Channel, command: &str, (option, part): (&str, &str)) -> Reaction {
        let options = [(option, Given::from(part))];
        let content = self.inside.with(|world| command_content(world, channel, command, &options, Some(option)));
        let told = format!("types {command} {option}:{part}");
        self.does(Deed { kind: InteractionKind::Autocomplete, channel: channel.id, told, message: None, content }).await
    }

    /// Uses a command of the menu that opens on a message.
    pub(crate) async fn uses_on(&self, message: &Seen, command: &str) -> Reaction {
        let content = self.inside.with(|world| {
            let known = world.commands.iter().find(|known| known["name"] == command && known["type"] == 3);
            let known = known.unwrap_or_else(|| panic!("there is no command {command:?} for messages"));
            let target = world.message(&world.messages[&message.id]);
            json!({
                "id": known["id"], "name": command, "type": 3, "target_id": message.id,
                "resolved": { "messages": { message.id.to_string(): target } },
            })
        });
        let told = format!("uses {command:?} on a message");
        self.does(Deed { kind: InteractionKind::Menu, channel: message.channel, told, message: None, content }).await
    }
}

fn command_content(
    world: &mut World,
    channel: &Channel,
    command: &str,
    options: &[(&str, Given)],
    focused: Option<&str>,
) -> Value {
    let mut words = command.trim_start_matches('/').split(' ');
    let name = words.next().unwrap();
    let known = world.commands.iter().find(|known| known["name"] == name && known["type"] == 1).cloned();
    let known = known.unwrap_or_else(|| panic!("there is no command /{name}"));
    let mut files = Map::new();
    let mut chain = Vec::new();
    let mut level = known.clone();
    for word in words {
        level = option_of(&level, word);
        chain.push(level.clone());
    }
    let given = options.iter().map(|(name, given)| {
        let option = option_of(&level, name);
        let mut content =
            json!({ "name": name, "type": option["type"], "value": value(world, channel, given, &mut files) });
        if focused == Some(name) {
            assert_eq!(option["autocomplete"], true, "{name:?} has no suggestions");
            content["focused"] = json!(true);
        }
        content
    });
    let mut inner = json!(given.collect::<Vec<_>>());
    for level in chain.iter().rev() {
        inner = json!([{ "name": level["name"], "type": level["type"], "options": inner }]);
    }
    json!({
        "id": known["id"], "name": name, "type": 1, "options": inner, "resolved": { "attachments": files },
    })
}

fn option_of(level: &Value, name: &str) -> Value {
    let option = level["options"].as_array().into_iter().flatten().find(|option| option["name"] == name);
    option.unwrap_or_else(|| panic!("there is no option {name:?} in {level}")).clone()
}

fn value(world: &mut World, channel: &Channel, given: &Given, files: &mut Map<String, Value>) -> Value {
    match given {
        Given::Value(value) => value.clone(),
        Given::File(file) => {
            let attachment = world.attach(channel.id, &file.name, file.bytes.clone(), file.delivery);
            files.insert(attachment.id.to_string(), attachment.wire());
            json!(attachment.id)
        }
    }
}

fn told(name: &str, given: &Given) -> String {
    match given {
        Given::Value(value) => format!(" {name}:{}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)),
        Given::File(file) => format!(" {name}:{}", file.name),
    }
}
