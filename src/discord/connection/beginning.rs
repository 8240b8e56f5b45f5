//! What is done once, when the bot is connected.

use std::{sync::Arc, time::Duration};

use backon::{ExponentialBuilder, Retryable as _};
use serde_json::Value;
use serenity::all::{ChannelId, Http, MessageId, Permissions, Ready, UserId};

use crate::discord::{
    Bot,
    commands::Commands,
    outputs::Output,
    running::buttons_below,
    showing::{Page, Screen},
};

/// How often registering commands is tried once more.
const MORE_TIMES: usize = 8;
const INTERRUPTED: &str = "⚠️ The bot was restarted while this was going on. Nothing of it goes on any more.";

/// What whoever runs the bot is told: that it is connected, and how it is invited.
pub(super) fn greeting(ready: &Ready) -> String {
    format!("🐍 {} is connected to Discord. This link invites it: {}", ready.user.name, invitation(ready))
}

/// Registers the commands, and says of what an earlier process did not finish that it did not.
pub(super) async fn begin(bot: &Arc<Bot>, http: &Arc<Http>, commands: &Commands, open: &[Output]) {
    let registered = described(commands);
    let registering = || async { http.create_global_commands(&registered).await };
    let pauses = ExponentialBuilder::default().with_max_delay(Duration::from_secs(60)).with_max_times(MORE_TIMES);
    if let Err(error) = registering.retry(pauses).await {
        tracing::error!(%error, "the commands could not be registered; Discord shows those of before");
    }
    for output in open {
        interrupted(bot, http, output).await;
    }
}

/// The commands as Discord is told of them: without what poise adds that stands in no document of the request.
fn described(commands: &Commands) -> Vec<Value> {
    let described = poise::builtins::create_application_commands(&commands.commands);
    let fields = described.iter().filter_map(|command| serde_json::to_value(command).ok());
    let without = |mut command: Value| {
        if let Some(fields) = command.as_object_mut() {
            fields.remove("nsfw");
        }
        command
    };
    fields.map(without).collect()
}

/// The link that invites the bot, with the permissions that it needs and no others.
fn invitation(ready: &Ready) -> String {
    let permissions = Permissions::VIEW_CHANNEL
        | Permissions::SEND_MESSAGES
        | Permissions::SEND_MESSAGES_IN_THREADS
        | Permissions::ATTACH_FILES
        | Permissions::READ_MESSAGE_HISTORY;
    let (id, bits) = (ready.application.id, permissions.bits());
    format!("https://discord.com/oauth2/authorize?client_id={id}&scope=bot+applications.commands&permissions={bits}")
}

async fn interrupted(bot: &Arc<Bot>, http: &Arc<Http>, output: &Output) {
    let messages: Vec<_> = output.messages.iter().map(|message| MessageId::new(*message)).collect();
    let Some(last) = messages.last() else { return };
    let is_run = output.run.as_ref().is_some_and(|run| !run.code.is_empty());
    let buttons = if is_run { buttons_below(output.owner) } else { Vec::new() };
    let mut screen =
        Screen::existing(http, ChannelId::new(output.channel), &[*last], UserId::new(output.owner)).quietly();
    screen.show(vec![Page { content: INTERRUPTED.to_owned(), buttons, files: Vec::new() }]).await;
    bot.outputs.keep(&Output { is_open: false, ..output.clone() }).await;
}
