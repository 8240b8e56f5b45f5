//! `/run`: a form for code, what it reads, and files (U10).

use std::sync::Arc;

use serenity::all::Attachment;

use super::{Context, Never, admitted};
use crate::discord::{
    Bot,
    asking::Asking,
    components::form,
    messages::{receive, sender},
    text::{escaping::plain, uploads::Sent},
};

/// Run Python code
#[poise::command(slash_command, install_context = "Guild", interaction_context = "Guild|BotDm")]
pub(super) async fn run(
    context: Context<'_>,
    #[description = "A file for the code; it is stored among yours"]
    #[rename = "file"]
    first: Option<Attachment>,
    #[description = "A second file"]
    #[rename = "file2"]
    second: Option<Attachment>,
    #[description = "A third file"]
    #[rename = "file3"]
    third: Option<Attachment>,
) -> Result<(), Never> {
    let Some(asking) = admitted(&context).await else { return Ok(()) };
    let files: Vec<_> = [first, second, third].into_iter().flatten().collect();
    let bot = context.data();
    // Noted before the form opens: who sends it at once waits for his files.
    let on_their_way = bot.uploads.begin(asking.asker.user);
    asking.open(form(asking.asker.user)).await;
    if !files.is_empty() {
        store(bot, &asking, &files).await;
    }
    drop(on_their_way);
    Ok(())
}

/// Stores the files while the form is being filled in.
async fn store(bot: &Arc<Bot>, asking: &Asking, files: &[Attachment]) {
    let sender = sender(asking.asker.user, None, asking.channel().get());
    let refused: Vec<_> = receive(bot, &sender, files)
        .await
        .into_iter()
        .filter_map(|sent| match sent {
            Sent::Stored(_) => None,
            Sent::Refused { name, reason } => {
                Some(format!("❌ **Not saved:** {}: {}", plain(&name, 100), plain(&reason, 300)))
            }
        })
        .collect();
    if !refused.is_empty() {
        asking.add_privately(&refused.join("\n")).await;
    }
}
