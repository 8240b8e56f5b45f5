//! A message is edited or deleted: the output of its code follows (U10).

use std::sync::Arc;

use serenity::all::{Http, MessageUpdateEvent};

use super::python_blocks;
use crate::discord::{
    Asker, Bot,
    components::{again, taken_away},
    outputs::Output,
    showing::LARGEST_FILE,
};

/// Runs the code of an edited message again, in the place of what it gave before.
pub(in crate::discord) async fn edited(bot: &Arc<Bot>, http: &Arc<Http>, event: MessageUpdateEvent) {
    // Without it nothing was edited: Discord added a preview, for instance, or does not say what.
    let Some(content) = event.content.filter(|content| !content.is_empty()) else { return };
    let (source, blocks) = (event.id.get(), python_blocks(&content));
    let before = bot.outputs.of_source(source).await;
    if before.iter().any(|output| other_code(bot, output, &blocks).is_some()) {
        bot.going.stop_answers_to(source);
    }
    // What is running shows its end first, and what it shows is what the next run replaces.
    let _place = bot.places.hold(source).await;
    for output in bot.outputs.of_source(source).await {
        if let Some(code) = other_code(bot, &output, &blocks) {
            again(bot, http, &output, Some(code), LARGEST_FILE).await;
        }
    }
}

/// What is to be run in the place of what an output is of; nothing where it is the same, or not there any more.
fn other_code(bot: &Bot, output: &Output, blocks: &[String]) -> Option<String> {
    let run = output.run.as_ref()?;
    let code = blocks.get(run.block?).filter(|code| **code != run.code)?;
    let asker = Asker { user: output.owner, roles: Vec::new(), guild: None, channel: output.channel };
    let is_served = bot.settings.access.users.denied.is_empty() || bot.settings.access.denial(&asker).is_none();
    is_served.then(|| code.clone())
}

/// Takes what answered a message along.
pub(in crate::discord) async fn deleted(bot: &Arc<Bot>, http: &Arc<Http>, source: u64) {
    bot.going.stop_answers_to(source);
    // What is being written ends first, and goes then.
    let _place = bot.places.hold(source).await;
    for output in bot.outputs.of_source(source).await {
        taken_away(bot, http, &output).await;
    }
}
