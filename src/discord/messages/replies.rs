//! What a message answers to (A4).

use std::sync::Arc;

use serenity::all::{Http, Message};

use crate::chat::Quoted;

/// How far back a chain of replies is followed.
const MOST_QUOTED: usize = 5;

/// The messages that a message answers to, oldest first, without what the bot said of files.
pub(super) async fn quoted(http: &Arc<Http>, message: &Message) -> Vec<Quoted> {
    let mut quoted = Vec::new();
    let mut answered = message.referenced_message.clone();
    while let Some(message) = answered {
        quoted.push(Quoted { author: message.author.display_name().to_owned(), text: message.content.clone() });
        if quoted.len() >= MOST_QUOTED {
            break;
        }
        answered = match (&message.referenced_message, &message.message_reference) {
            (Some(answered), _) => Some(answered.clone()),
            (None, Some(reference)) if reference.channel_id == message.channel_id => match reference.message_id {
                // It may be gone, or not for the bot to read.
                Some(id) => http.get_message(message.channel_id, id).await.ok().map(Box::new),
                None => None,
            },
            _ => None,
        };
    }
    quoted.retain(|quoted| !quoted.text.is_empty());
    quoted.reverse();
    quoted
}
