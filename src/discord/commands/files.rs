//! `/files`: the list of somebody's files, and what can be done with them (U5).

use super::{Context, Never, admitted};
use crate::discord::components::file_list;

/// Show and manage your files
#[poise::command(slash_command, install_context = "Guild", interaction_context = "Guild|BotDm")]
pub(super) async fn files(context: Context<'_>) -> Result<(), Never> {
    let Some(asking) = admitted(&context).await else { return Ok(()) };
    if asking.defer_privately().await {
        asking.answer(&file_list(context.data(), asking.asker.user, 0).await).await;
    }
    Ok(())
}
