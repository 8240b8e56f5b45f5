//! `/reset`: forgets conversation, statistics and files (U9).

use super::{Context, Never, admitted};
use crate::discord::{
    Bot,
    asking::Private,
    text::escaping::{code, plain},
};

const CLEARED: &str = "✅ Your conversation history and token usage statistics have been cleared and reset!";
const NOT_CLEARED: &str = "⚠️ Your conversation history could not be cleared. Try again in a minute.";
const NO_FILES: &str = "📁 No files to delete.";
/// How many files are named that could not be deleted.
const MOST_NAMED: usize = 5;

/// Clear your conversation, statistics and files
#[poise::command(slash_command, install_context = "Guild", interaction_context = "Guild|BotDm")]
pub(super) async fn reset(context: Context<'_>) -> Result<(), Never> {
    let Some(asking) = admitted(&context).await else { return Ok(()) };
    if asking.defer_privately().await {
        let owner = asking.asker.user;
        let said = format!("{}\n{}", forgotten(context.data(), owner).await, deleted(context.data(), owner).await);
        asking.answer(&Private::text(said)).await;
    }
    Ok(())
}

async fn forgotten(bot: &Bot, owner: u64) -> &'static str {
    let (user, catalog) = (Bot::user(owner), bot.executions.catalog());
    let cleared = match &bot.assistant {
        Some(assistant) => assistant.reset(user, None).await,
        // What was said while there was a model is there still.
        None => catalog.clear_turns(user, None).await,
    };
    let cleared = match cleared {
        Ok(_) => catalog.clear_usage(user).await,
        Err(error) => Err(error),
    };
    match cleared {
        Ok(()) => CLEARED,
        Err(error) => {
            tracing::error!(%error, "a conversation could not be cleared");
            NOT_CLEARED
        }
    }
}

async fn deleted(bot: &Bot, owner: u64) -> String {
    let files = match bot.executions.reset(Bot::user(owner)).await {
        Ok(reset) => reset.files,
        Err(error) => {
            tracing::error!(%error, "files could not be deleted");
            return "⚠️ Warning: Could not delete some files. Try again in a minute.".to_owned();
        }
    };
    if files.failed.is_empty() {
        return match files.deleted.len() {
            0 => NO_FILES.to_owned(),
            count => format!("🗑️ Deleted {count} file(s)."),
        };
    }
    let failed = files.failed.iter().take(MOST_NAMED);
    let details: Vec<_> =
        failed.map(|failed| format!("{}: {}", code(&failed.record.filename), plain(&failed.reason, 150))).collect();
    let more = files.failed.len().saturating_sub(MOST_NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("⚠️ Warning: Could not delete some files. {}{more}", details.join(", "))
}
