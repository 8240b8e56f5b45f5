//! Reaching Discord, being told of what happens there, and leaving.
//!
//! - `reaching`: the client, and the first question: whose token is it?
//! - `events`: what happens, handed to whoever sees to it; `beginning`: what is done once, when the bot is connected.
//! - `error`: why there is no bot.

mod beginning;
mod error;
mod events;
mod reaching;

use std::{
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use chrono::Utc;
use serenity::{Client, all::GatewayIntents, client::ClientBuilder, gateway::ShardManager};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use self::events::Events;
pub use self::{
    error::BotError,
    reaching::{Found, look},
};
use super::{
    Bot, BotSettings, Places, Shards,
    outputs::{Output, Outputs},
    pending::{Pending, Uploads},
    running::Going,
};
use crate::{chat::Assistant, executions::Executions};

/// How long what goes on may take to end by itself when the program ends, before it is stopped.
const GRACE: Duration = Duration::from_secs(2);
/// How long what was stopped may take to say so.
const LAST_WORDS: Duration = Duration::from_secs(3);
/// How long connections may take to be closed.
const GOODBYE: Duration = Duration::from_secs(1);

/// What the bot is made of.
pub struct Parts {
    /// Runs code and keeps files.
    pub executions: Executions,
    /// Answers questions, where a language model is set up.
    pub assistant: Option<Assistant>,
    /// What holds.
    pub settings: BotSettings,
    /// Takes what is for whoever runs the bot: that it is connected, and the link that invites it.
    pub say: Box<dyn Fn(&str) + Send + Sync>,
}

/// Serves until `shutdown` is ready, which takes seconds: runs and answers that go on are stopped then, and say so.
///
/// # Errors
/// When there is no connection, or none any more that could be mended.
pub async fn serve(parts: Parts, token: &str, shutdown: impl Future<Output = ()> + Send) -> Result<(), BotError> {
    let mut shutdown = Box::pin(shutdown);
    let downloads = reaching::client()?;
    let folder = parts.settings.folder.clone();
    let (outputs, open) = Outputs::open(folder, Utc::now()).await?;
    let connecting = connect(parts, token, downloads, (outputs, open));
    let (bot, mut client) = tokio::select! {
        connected = connecting => connected?,
        () = &mut shutdown => return Ok(()),
    };
    let shards = Arc::clone(&client.shard_manager);
    let advised = bot.settings.shards;
    // Where the connection breaks for good while the program ends, that is nobody's concern any more.
    let ended = tokio::select! {
        ended = run(&mut client, advised) => ended,
        () = &mut shutdown => Ok(()),
    };
    leave(&bot, &shards).await;
    ended
}

async fn connect(
    parts: Parts,
    token: &str,
    downloads: reqwest_0_12::Client,
    (outputs, open): (Outputs, Vec<Output>),
) -> Result<(Arc<Bot>, Client), BotError> {
    let http = reaching::http(token, &downloads);
    let account = reaching::account(&http).await?;
    let intents = intents(&parts.settings);
    let bot = Arc::new(Bot {
        executions: parts.executions,
        assistant: parts.assistant,
        settings: parts.settings,
        outputs,
        going: Going::new(),
        pending: Pending::new(),
        uploads: Uploads::default(),
        downloads,
        tasks: TaskTracker::new(),
        closing: CancellationToken::new(),
        places: Places::default(),
        account: AtomicU64::new(account),
    });
    let events = Events::new(Arc::clone(&bot), parts.say, open);
    let commands = Arc::clone(&events.shard_manager);
    let client = ClientBuilder::new_with_http(http, intents).event_handler(events).await;
    let client = client.map_err(|error| BotError::Unreachable { reason: error.to_string() })?;
    // Set once, here.
    let _ = commands.set(Arc::clone(&client.shard_manager));
    Ok((bot, client))
}

/// What the bot asks to be told of: direct messages, and messages of servers, of which Discord gives the content where
/// the bot is mentioned. Servers themselves are part of it, since threads would be unknown otherwise.
fn intents(settings: &BotSettings) -> GatewayIntents {
    let needed = GatewayIntents::GUILDS | GatewayIntents::GUILD_MESSAGES | GatewayIntents::DIRECT_MESSAGES;
    if settings.message_content { needed | GatewayIntents::MESSAGE_CONTENT } else { needed }
}

/// Stays connected; returns when that is over for good.
async fn run(client: &mut Client, shards: Shards) -> Result<(), BotError> {
    let ended = match shards {
        Shards::Advised => client.start_autosharded().await,
        Shards::Exactly(count) => client.start_shards(count).await,
    };
    match ended {
        Ok(()) => Err(BotError::Ended { reason: "it was closed".to_owned() }),
        Err(error) => Err(reaching::ended(&error)),
    }
}

/// Takes nothing new, lets what goes on end or be stopped, and waits for its last words.
async fn leave(bot: &Bot, shards: &ShardManager) {
    bot.closing.cancel();
    bot.tasks.close();
    if tokio::time::timeout(GOODBYE, shards.shutdown_all()).await.is_err() {
        tracing::debug!("the connection could not be closed in time");
    }
    let answers = async {
        if let Some(assistant) = &bot.assistant {
            assistant.close(GRACE).await;
        }
    };
    tokio::join!(answers, bot.executions.close(GRACE));
    if tokio::time::timeout(LAST_WORDS, bot.tasks.wait()).await.is_err() {
        tracing::warn!("not everything that went on could say how it ended; it is said at the next start");
    }
}
