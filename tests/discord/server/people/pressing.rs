use serde_json::{Value, json};

use std::time::Duration;

use super::{Person, Reaction, reactions::OpenForm};
use crate::discord::server::{
    gateway::Event,
    recording::{Happened, Seen},
    world::{Id, Interaction, InteractionKind, World},
};

/// A little longer than Discord waits.
const PATIENCE_FOR_ANSWERS: Duration = Duration::from_millis(3100);

/// Something about to happen.
pub(super) struct Deed {
    pub(super) kind: InteractionKind,
    pub(super) channel: Id,
    pub(super) told: String,
    pub(super) message: Option<Id>,
    /// What Discord sends as `data`.
    pub(super) content: Value,
}

impl Person {
    /// Presses the button with this label or custom id.
    pub(crate) async fn presses(&self, message: &Seen, button: &str) -> Reaction {
        let part = self.now(message).control(button);
        assert_ne!(part["disabled"], true, "{button:?} cannot be pressed");
        assert_eq!(part["type"], 2, "{button:?} is no button");
        let content = json!({ "custom_id": part["custom_id"], "component_type": 2, "id": part["id"] });
        self.on_message(message, format!("presses {button:?}"), content).await
    }

    /// Chooses options, by label or value, from the menu with this placeholder or custom id.
    pub(crate) async fn chooses(&self, message: &Seen, menu: &str, options: &[&str]) -> Reaction {
        let part = self.now(message).control(menu);
        assert_eq!(part["type"], 3, "{menu:?} is no menu");
        let known = part["options"].as_array().unwrap();
        let values = options.iter().map(|wanted| {
            let option = known.iter().find(|option| option["label"] == *wanted || option["value"] == *wanted);
            option.unwrap_or_else(|| panic!("{menu:?} has no {wanted:?}: {known:?}"))["value"].clone()
        });
        let values: Vec<_> = values.collect();
        let content =
            json!({ "custom_id": part["custom_id"], "component_type": 3, "id": part["id"], "values": values });
        self.on_message(message, format!("chooses {options:?}"), content).await
    }

    /// Presses something that is not there any more, as from a client that has not heard of it yet.
    pub(crate) async fn presses_unseen(&self, message: &Seen, custom_id: &str) -> Reaction {
        let content = json!({ "custom_id": custom_id, "component_type": 2, "id": 1 });
        self.on_message(message, format!("presses {custom_id:?}"), content).await
    }

    /// Fills in a form, by labels or custom ids, and sends it off. What is not given stays as it stands there.
    pub(crate) async fn submits(&self, open: &OpenForm, fields: &[(&str, &str)]) -> Reaction {
        let components = filled(open.form["components"].as_array().unwrap(), fields);
        let known = components.to_string();
        for (name, value) in fields {
            assert!(known.contains(&json!(value).to_string()), "the form has no field {name:?}: {}", open.form);
        }
        let content = json!({ "custom_id": open.form["custom_id"], "components": components });
        let told = format!("sends off the form {}", open.form["title"]);
        let deed = Deed { kind: InteractionKind::Form, channel: open.channel, told, message: open.message, content };
        self.does(deed).await
    }

    async fn on_message(&self, message: &Seen, told: String, content: Value) -> Reaction {
        let kind = InteractionKind::Component;
        self.does(Deed { kind, channel: message.channel, told, message: Some(message.id), content }).await
    }

    fn now(&self, message: &Seen) -> Seen {
        self.inside.with(|world| {
            let current = world.messages.get(&message.id).unwrap_or_else(|| panic!("the message is gone: {message}"));
            world.seen(current)
        })
    }

    /// Does it and waits for the first answer, or until Discord would give up.
    pub(super) async fn does(&self, deed: Deed) -> Reaction {
        let told = format!("{} {}", self.name, deed.told);
        let id = self.inside.with(|world| self.begin(world, &deed));
        let what = format!("an answer to: {told}");
        let answered = self.inside.until(&what, |world| {
            let interaction = &world.interactions[&id];
            let is_over = interaction.has_run_out_of_patience(world.now);
            (interaction.answer.is_some() || is_over).then(|| interaction.answer.clone())
        });
        // Nothing changes here when the time is over: somebody has to look at the clock.
        let looking = async {
            loop {
                tokio::time::sleep(PATIENCE_FOR_ANSWERS).await;
                self.inside.with(|_| ());
            }
        };
        let answer = tokio::select! {
            answer = answered => answer,
            () = looking => None,
        };
        Reaction { answer, inside: self.inside.clone(), interaction: id, told }
    }

    fn begin(&self, world: &mut World, deed: &Deed) -> Id {
        let id = world.next_id();
        let told = format!("{} {}", self.name, deed.told);
        if deed.kind != InteractionKind::Autocomplete {
            world.tell(deed.channel, Happened::Did { author: self.name.clone(), what: deed.told.clone() });
        }
        let interaction = Interaction {
            id,
            token: format!("aW50ZXJhY3Rpb246{id}{:032x}", u128::from(id.0) << 32),
            kind: deed.kind,
            user: self.id,
            channel: deed.channel,
            told,
            message: deed.message,
            started: world.now,
            answer: None,
            answered: None,
            came_late: false,
            original: None,
        };
        let event = interaction_event(world, &interaction, &deed.content);
        world.interactions.insert(id, interaction);
        world.dispatch(&event);
        id
    }
}

fn interaction_event(world: &World, interaction: &Interaction, content: &Value) -> Event {
    let channel = &world.channels[&interaction.channel];
    let mut event = json!({
        "version": 1, "type": interaction.kind.number(), "token": interaction.token, "id": interaction.id,
        "application_id": world.bot.id, "channel_id": channel.id, "channel": channel.wire(world), "data": content,
        "locale": "en-US", "entitlements": [], "entitlement_sku_ids": [],
        "app_permissions": channel.permissions().to_string(), "attachment_size_limit": world.upload_limit,
        "context": u8::from(channel.guild.is_none()),
        "authorizing_integration_owners": { "0": channel.guild.map_or("0".to_owned(), |guild| guild.to_string()) },
    });
    if let Some(guild) = channel.guild {
        let mut member = world.member(guild, interaction.user);
        member["permissions"] = json!(channel.permissions().to_string());
        event["member"] = member;
        event["guild_id"] = json!(guild);
        event["guild_locale"] = json!("en-US");
        event["guild"] = json!({ "id": guild, "features": [], "locale": "en-US" });
    } else {
        event["user"] = world.users[&interaction.user].wire();
    }
    if let Some(message) = interaction.message.and_then(|id| world.messages.get(&id)) {
        event["message"] = world.message(message);
    }
    Event::open("INTERACTION_CREATE", channel.guild, event)
}

/// A form's fields with what was typed.
fn filled(rows: &[Value], fields: &[(&str, &str)]) -> Value {
    let typed = |field: &Value, label: &Value| {
        let given = fields.iter().find(|(name, _)| field["custom_id"] == *name || *label == *name);
        let value = given.map_or_else(|| field["value"].as_str().unwrap_or_default(), |(_, value)| *value);
        json!({ "type": field["type"], "id": 1, "custom_id": field["custom_id"], "value": value })
    };
    let rows = rows.iter().filter_map(|row| match row["type"].as_u64() {
        Some(1) => {
            let inner = row["components"].as_array().unwrap().iter().map(|field| typed(field, &field["label"]));
            Some(json!({ "type": 1, "id": 1, "components": inner.collect::<Vec<_>>() }))
        }
        Some(18) => Some(json!({ "type": 18, "id": 1, "component": typed(&row["component"], &row["label"]) })),
        _ => None,
    });
    json!(rows.collect::<Vec<_>>())
}
