use serde_json::{Map, Value, json};

use super::{
    super::{
        gateway::{Event, Visibility},
        recording::{Seen, SeenFile},
    },
    Attachment, Channel, Guild, Id, InteractionKind, Message, Origin, Permission, User, World,
};

/// The intents of messages, in guilds and in DMs.
const GUILD_MESSAGES: u64 = 1 << 9;
const DIRECT_MESSAGES: u64 = 1 << 12;

impl User {
    pub(crate) fn wire(&self) -> Value {
        let discriminator = if self.is_bot { "0042" } else { "0" };
        let mut user = json!({
            "id": self.id, "username": self.name.to_lowercase(), "avatar": null, "discriminator": discriminator,
            "public_flags": 0, "flags": 0, "global_name": (!self.is_bot).then_some(&self.name), "primary_guild": null,
        });
        if self.is_bot {
            user["bot"] = json!(true);
        }
        user
    }
}

impl Attachment {
    pub(crate) fn wire(&self) -> Value {
        let proxy_url = self.url.replace("cdn.discordapp.com", "media.discordapp.net");
        let mut attachment = json!({
            "id": self.id, "filename": self.filename, "size": self.bytes.len(), "url": self.url,
            "proxy_url": proxy_url,
        });
        let size = imagesize::blob_size(&self.bytes).ok();
        let extras = [
            ("title", self.title().map(|title| json!(title))),
            ("description", self.description.as_ref().map(|description| json!(description))),
            ("content_type", self.content_type.as_ref().map(|content_type| json!(content_type))),
            ("ephemeral", self.is_ephemeral.then_some(json!(true))),
            ("width", size.map(|size| json!(size.width))),
            ("height", size.map(|size| json!(size.height))),
        ];
        for (name, value) in extras {
            if let Some(value) = value {
                attachment[name] = value;
            }
        }
        attachment
    }
}

impl Channel {
    pub(crate) fn wire(&self, world: &World) -> Value {
        match (self.guild, self.recipient) {
            (Some(guild), _) => json!({
                "id": self.id, "type": 0, "flags": 0, "guild_id": guild, "name": self.name, "position": 0,
                "permission_overwrites": self.overwrites(world), "nsfw": false, "rate_limit_per_user": 0, "topic": null,
                "parent_id": null, "last_message_id": self.last_message,
            }),
            (None, recipient) => json!({
                "id": self.id, "type": 1, "flags": 0, "last_message_id": self.last_message,
                "recipients": recipient.iter().map(|id| world.users[id].wire()).collect::<Vec<_>>(),
            }),
        }
    }
}

impl Channel {
    fn overwrites(&self, world: &World) -> Value {
        let denied = self.denied.iter().fold(0, |bits, denied| bits | denied.bit());
        match denied {
            0 => json!([]),
            _ => json!([{ "id": world.bot.id, "type": 1, "allow": "0", "deny": denied.to_string() }]),
        }
    }
}

impl Guild {
    /// As `GUILD_CREATE` has it.
    pub(crate) fn wire(&self, world: &World) -> Value {
        let members: Vec<_> = self.members.iter().map(|member| world.member(self.id, *member)).collect();
        let channels = world.channels.values().filter(|channel| channel.guild == Some(self.id) && !channel.is_deleted);
        let channels: Vec<_> = channels.map(|channel| channel.wire(world)).collect();
        let everyone = role(self.id, "@everyone", Permission::usual(), 0);
        let others = self.roles.iter().map(|(id, name, _)| role(*id, name, 0, 1));
        let roles: Vec<_> = std::iter::once(everyone).chain(others).collect();
        let mut guild = json!({
            "id": self.id, "name": self.name, "owner_id": self.id, "roles": roles, "members": members,
            "channels": channels, "member_count": members.len(), "unavailable": false, "large": false,
            "joined_at": "2026-01-01T00:00:00.000000+00:00", "preferred_locale": "en-US", "afk_timeout": 300,
            "verification_level": 1, "max_members": 500_000, "nsfw": false, "premium_progress_bar_enabled": false,
        });
        let numbers = ["default_message_notifications", "explicit_content_filter", "mfa_level", "nsfw_level"];
        let counts = ["system_channel_flags", "premium_tier", "premium_subscription_count"];
        let lists = ["emojis", "features", "stickers", "voice_states", "threads", "presences", "stage_instances"];
        let absent = ["icon", "splash", "discovery_splash", "afk_channel_id", "application_id", "system_channel_id"];
        let unset = ["rules_channel_id", "vanity_url_code", "description", "banner", "public_updates_channel_id"];
        let empty = [(json!(0), [&numbers[..], &counts[..]]), (json!([]), [&lists[..], &["guild_scheduled_events"]])];
        for (value, names) in empty.into_iter().chain([(Value::Null, [&absent[..], &unset[..]])]) {
            for name in names.concat() {
                guild[name] = value.clone();
            }
        }
        guild
    }
}

fn role(id: Id, name: &str, permissions: u64, position: u16) -> Value {
    json!({
        "id": id, "name": name, "description": null, "permissions": permissions.to_string(), "position": position,
        "color": 0, "colors": { "primary_color": 0, "secondary_color": null, "tertiary_color": null },
        "hoist": false, "managed": false, "mentionable": false, "icon": null, "unicode_emoji": null, "flags": 0,
    })
}

impl World {
    /// A user as a member of a guild.
    pub(crate) fn member(&self, guild: Id, user: Id) -> Value {
        let mut member = self.bare_member(guild, user);
        member["user"] = self.users[&user].wire();
        member
    }

    /// The same without the user, as it stands beside one.
    pub(crate) fn bare_member(&self, guild: Id, user: Id) -> Value {
        let roles = self.guilds[&guild].roles.iter().filter(|(_, _, members)| members.contains(&user));
        let roles: Vec<_> = roles.map(|(id, _, _)| id).collect();
        json!({
            "avatar": null, "banner": null, "communication_disabled_until": null, "flags": 0,
            "joined_at": "2026-01-02T00:00:00.000000+00:00", "nick": null, "pending": false,
            "premium_since": null, "roles": roles, "mute": false, "deaf": false,
        })
    }

    /// A message as answers and events have it.
    pub(crate) fn message(&self, message: &Message) -> Value {
        let mut wire = self.basic_message(message);
        if let Some(replied) = message.replies_to {
            let replied = self.messages.get(&replied).map(|replied| self.basic_message(replied));
            wire["referenced_message"] = json!(replied);
        }
        wire
    }

    fn basic_message(&self, message: &Message) -> Value {
        let author = &self.users[&message.author];
        let mentions: Vec<_> = message.mentions.iter().map(|id| self.users[id].wire()).collect();
        let attachments: Vec<_> = message.attachments.iter().map(Attachment::wire).collect();
        let mut wire = json!({
            "id": message.id, "channel_id": message.channel, "type": message.kind, "author": author.wire(),
            "content": message.content, "mentions": mentions, "mention_roles": [], "mention_everyone": false,
            "attachments": attachments, "embeds": message.embeds, "components": message.components,
            "timestamp": stamp(message.created_at), "edited_timestamp": message.edited_at.map(stamp),
            "flags": message.flags, "pinned": false, "tts": false,
        });
        if let Some(replied) = message.replies_to {
            let mut reference = json!({ "type": 0, "channel_id": message.channel, "message_id": replied });
            if let Some(guild) = self.channels[&message.channel].guild {
                reference["guild_id"] = json!(guild);
            }
            wire["message_reference"] = reference;
        }
        if let Some(nonce) = &message.nonce {
            wire["nonce"] = nonce.clone();
        }
        if let Some(origin) = &message.origin {
            wire["application_id"] = json!(self.bot.id);
            wire["webhook_id"] = json!(self.bot.id);
            wire["interaction_metadata"] = self.origin(origin);
        }
        wire
    }

    fn origin(&self, origin: &Origin) -> Value {
        let mut metadata = json!({
            "id": origin.interaction, "type": origin.kind.number(), "user": self.users[&origin.user].wire(),
            "authorizing_integration_owners": { "0": self.bot.id },
        });
        match origin.kind {
            InteractionKind::Component => metadata["interacted_message_id"] = json!(origin.message),
            InteractionKind::Form => {
                metadata["triggering_interaction_metadata"] = json!({
                    "id": origin.interaction, "type": 2, "user": self.users[&origin.user].wire(),
                    "authorizing_integration_owners": { "0": self.bot.id },
                });
            }
            _ => (),
        }
        metadata
    }

    /// A message as the gateway tells of it, with and without what is kept from bots without the intent for it.
    pub(crate) fn message_event(&self, name: &str, message: &Message) -> Event {
        let mut whole = self.message(message);
        let guild = self.channels[&message.channel].guild;
        if let Some(guild) = guild {
            whole["guild_id"] = json!(guild);
            if self.guilds[&guild].members.contains(&message.author) {
                whole["member"] = self.bare_member(guild, message.author);
            }
        }
        let is_open = guild.is_none() || message.author == self.bot.id || message.mentions.contains(&self.bot.id);
        let mut closed = whole.clone();
        if !is_open {
            let kept_back: Map<_, _> = [("content", json!("")), ("embeds", json!([])), ("components", json!([]))]
                .into_iter()
                .chain([("attachments", json!([]))])
                .map(|(name, value)| (name.to_owned(), value))
                .collect();
            closed.as_object_mut().unwrap().extend(kept_back);
        }
        let intent = if guild.is_some() { GUILD_MESSAGES } else { DIRECT_MESSAGES };
        Event { name: name.to_owned(), guild, visibility: Visibility { intent, without_content: Some(closed) }, whole }
    }

    /// The application, as its bot may see it.
    pub(crate) fn application(&self) -> Value {
        // Approved for large bots, or allowed for small ones: message content is bits 18 and 19.
        let flags = if self.privileged_intents & (1 << 15) != 0 { 1 << 19 } else { 0 };
        json!({
            "id": self.bot.id, "name": self.bot.name, "icon": null, "description": "", "type": null,
            "bot": self.bot.wire(), "bot_public": true, "bot_require_code_grant": false,
            "verify_key": "00".repeat(32), "flags": flags, "redirect_uris": [], "interactions_endpoint_url": null,
            "role_connections_verification_url": null, "approximate_guild_count": self.guilds.len(),
            "approximate_user_install_count": 0, "approximate_user_authorization_count": 0,
            "integration_types_config": {}, "flags_new": flags.to_string(), "owner": self.owner.wire(), "team": null,
            "explicit_content_filter": 0, "eligible_oauth2_scopes": ["bot", "applications.commands"],
        })
    }

    /// A message as its readers see it.
    pub(crate) fn seen(&self, message: &Message) -> Seen {
        let files = message.attachments.iter().map(|file| SeenFile {
            name: file.filename.clone(),
            sent_as: file.sent_as.clone(),
            content_type: file.content_type.clone(),
            url: file.url.clone(),
            bytes: file.bytes.clone(),
        });
        Seen {
            id: message.id,
            channel: message.channel,
            author: self.users[&message.author].name.clone(),
            content: message.content.clone(),
            embeds: message.embeds.clone(),
            components: message.components.clone(),
            files: files.collect(),
            only_for: message.only_for.map(|user| self.users[&user].name.clone()),
            is_thinking: message.is_loading(),
            replies_to: message.replies_to,
            interaction: message.origin.as_ref().map(|origin| origin.interaction),
        }
    }
}

fn stamp(time: chrono::DateTime<chrono::Utc>) -> String {
    time.format("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string()
}
