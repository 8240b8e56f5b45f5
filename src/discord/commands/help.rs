//! `/help`: what the bot does (U11).

use super::{Context, Never, admitted};
use crate::discord::asking::Private;

const HELP: &str = "\
🐍 **I run Python and look into your files.**
• Write to me, mention me, or reply to me: I answer, run code where that helps, and send what it makes.
• Send me files with or without a question. Code opens them by name: `load_file(\"sales.csv\")`.
• `/run` opens a form for code. **Apps → Run Python** on any message runs the code in it; edit the message and it runs again, delete it and the output goes too.
• `/files` lists, sends and deletes your files, `/download` sends one.
• `/session on` keeps variables from run to run, `/session reset` begins anew.
• `/model` chooses who answers, `/usage` says what you have used up, `/status` how I am doing.
• `/reset` forgets the conversation and deletes your files, at once.";

/// Show what the bot does
#[poise::command(slash_command, install_context = "Guild", interaction_context = "Guild|BotDm")]
pub(super) async fn help(context: Context<'_>) -> Result<(), Never> {
    let Some(asking) = admitted(&context).await else { return Ok(()) };
    if asking.defer_privately().await {
        asking.answer(&Private::text(HELP)).await;
    }
    Ok(())
}
