//! Delete: takes an output away, for whoever asked for it and for admins.

use std::sync::Arc;

use serenity::all::{ChannelId, Http, MessageId};

use crate::discord::{Bot, asking::Asking, outputs::Output, showing::remove};

pub(super) async fn pressed(bot: &Bot, asking: &Asking, message: MessageId) {
    asking.acknowledge().await;
    match bot.outputs.of_message(message.get()).await {
        Some(output) => taken_away(bot, asking.http(), &output).await,
        None => remove(asking.http(), asking.channel(), message).await,
    }
}

/// Takes all messages of an output away, and forgets it.
pub(in crate::discord) async fn taken_away(bot: &Bot, http: &Arc<Http>, output: &Output) {
    for message in output.messages.iter().rev() {
        remove(http, ChannelId::new(output.channel), MessageId::new(*message)).await;
    }
    if let Some(first) = output.messages.first() {
        bot.outputs.forget(*first).await;
    }
}
