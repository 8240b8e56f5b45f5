//! Run again: the same code once more, in the same place.

use std::sync::Arc;

use serenity::all::{ChannelId, MessageId};

use crate::discord::{
    Bot,
    asking::Asking,
    outputs::Output,
    running::{Asked, run_and_show},
    showing::Screen,
};

pub(super) const NOT_KNOWN: &str = "🕰️ This output is too old: its code is no longer known. Send it again.";
const STILL_RUNNING: &str = "⏳ This is still running. Press Stop first.";

pub(super) async fn pressed(bot: &Arc<Bot>, asking: &Asking, message: MessageId) {
    if !asking.acknowledge().await {
        return;
    }
    match bot.output_of(message.get()).await {
        None => asking.add_privately(NOT_KNOWN).await,
        Some(output) if output.is_open => asking.add_privately(STILL_RUNNING).await,
        Some(output) => {
            let _place = bot.places.hold(output.source.unwrap_or(message.get())).await;
            again(bot, asking.http(), &output, None, asking.largest_file).await;
        }
    }
}

/// Runs the code of an output once more, in the same place, or other code in its stead.
pub(in crate::discord) async fn again(
    bot: &Arc<Bot>,
    http: &Arc<serenity::all::Http>,
    output: &Output,
    code: Option<String>,
    largest_file: u64,
) {
    let Some(run) = &output.run else { return };
    let messages: Vec<_> = output.messages.iter().map(|message| MessageId::new(*message)).collect();
    let owner = serenity::all::UserId::new(output.owner);
    let screen = Screen::existing(http, ChannelId::new(output.channel), &messages, owner);
    let asked = Asked {
        owner: output.owner,
        code: code.unwrap_or_else(|| run.code.clone()),
        stdin: run.stdin.clone(),
        source: output.source.zip(run.block),
        largest_file,
    };
    let open = Output { is_open: true, ..output.clone() };
    bot.outputs.keep(&open).await;
    run_and_show(bot, screen, asked).await;
}
