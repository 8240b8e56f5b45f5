//! The Discord bot: whose token it is, and which intents it may have.

use super::check::{Check, Section};
use crate::{
    config::Settings,
    discord::{self, BotError},
};

const TITLE: &str = "Discord";

/// What can be known of the bot; nothing where no token is set, since then nobody wants one.
pub(super) async fn section(settings: &Settings, offline: bool) -> Option<Section> {
    let token = settings.discord.token.as_ref()?;
    let wants_content = settings.discord.message_content;
    if !discord::has_shape_of_token(token.expose()) {
        let checks = vec![Check::missing("token", BotError::NotAToken.to_string())];
        return Some(Section { title: TITLE, checks });
    }
    let mut checks = vec![Check::good("token", "has the shape of a bot's token")];
    if offline {
        checks.push(Check::note("Discord", "not asked: --offline"));
    } else {
        match discord::look(token.expose()).await {
            Ok(found) => {
                checks.push(Check::good("Discord", format!("knows the token: it is that of {}", found.name)));
                checks.push(intents(wants_content, found.may_read_messages));
            }
            Err(error) => checks.push(refused(&error)),
        }
    }
    Some(Section { title: TITLE, checks })
}

fn intents(wants_content: bool, may_read_messages: bool) -> Check {
    match (wants_content, may_read_messages) {
        (false, _) => Check::good("intents", "none that has to be allowed is asked for"),
        (true, true) => Check::good("intents", "Message Content is allowed"),
        (true, false) => Check::missing("intents", BotError::RefusedIntent.to_string()),
    }
}

fn refused(error: &BotError) -> Check {
    match error {
        BotError::WrongToken => Check::missing("Discord", error.to_string()),
        _ => Check::weak("Discord", error.to_string()),
    }
}
