//! A message comes (U1).

use std::sync::Arc;

use serenity::all::{GuildId, Http, Message, MessageType};

use super::{attachments, question};
use crate::{
    catalog::Selection,
    discord::{
        Asker, Bot,
        showing::{Page, Screen},
        text::uploads::{self, Sent},
    },
};

const GREETING: &str = "👋 Send me files, ask me about them, or run Python with `/run`. `/help` says what else I do.";

/// Answers a message that is for the bot: a direct message, one that mentions it, or a reply to it.
pub(in crate::discord) async fn arrived(bot: &Arc<Bot>, http: &Arc<Http>, message: Message) {
    if !is_for_bot(bot, &message) {
        return;
    }
    let mut screen = Screen::replying(http, message.channel_id, Some(message.id), message.author.id);
    if let Some(denial) = bot.settings.access.denial(&asker(&message)) {
        screen.show(vec![Page::text(denial.sentence())]).await;
        return;
    }
    let sent = received(bot, &screen, &message).await;
    if !sent.is_empty() {
        confirm(bot, http, &message, &sent).await;
    }
    let text = question::words(bot, &message);
    if text.is_empty() {
        if sent.is_empty() && message.message_snapshots.is_empty() {
            screen.show(vec![Page::text(GREETING)]).await;
        }
        return;
    }
    question::answer(bot, http, &message, text, &sent).await;
}

/// Whether the bot is meant.
fn is_for_bot(bot: &Bot, message: &Message) -> bool {
    let is_written = matches!(message.kind, MessageType::Regular | MessageType::InlineReply);
    if !is_written || message.author.bot || message.webhook_id.is_some() {
        return false;
    }
    let bot = bot.id();
    let is_mentioned = message.mentions.iter().any(|user| user.id.get() == bot);
    let is_reply = message.referenced_message.as_ref().is_some_and(|answered| answered.author.id.get() == bot);
    // A reply that does not ping the bot comes to it without what it says, unless that is allowed.
    let says_something = !message.content.is_empty() || !message.attachments.is_empty();
    message.guild_id.is_none() || is_mentioned || is_reply && says_something
}

pub(super) fn asker(message: &Message) -> Asker {
    let roles = message.member.as_ref().map(|member| member.roles.iter().map(|role| role.get()).collect());
    Asker {
        user: message.author.id.get(),
        roles: roles.unwrap_or_default(),
        guild: message.guild_id.map(GuildId::get),
        channel: message.channel_id.get(),
    }
}

async fn received(bot: &Bot, screen: &Screen, message: &Message) -> Vec<Sent> {
    if message.attachments.is_empty() {
        return Vec::new();
    }
    screen.type_on().await;
    let sender = attachments::sender(message.author.id.get(), Some(message.id.get()), message.channel_id.get());
    attachments::receive(bot, &sender, &message.attachments).await
}

/// Says what became of the files, before the question is answered.
async fn confirm(bot: &Bot, http: &Arc<Http>, message: &Message, sent: &[Sent]) {
    let user = Bot::user(message.author.id.get());
    let held = bot.executions.list_files(user, &Selection::All).await.map_or(0, |records| records.len());
    let pages = uploads::confirmation(sent, held, bot.settings.max_files).into_iter().map(Page::text).collect();
    Screen::replying(http, message.channel_id, Some(message.id), message.author.id).show(pages).await;
}
