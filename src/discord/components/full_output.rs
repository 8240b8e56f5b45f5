//! Full output: all that was printed, as a file, for whoever asked for it.

use serenity::all::MessageId;

use super::run_again::NOT_KNOWN;
use crate::discord::{
    Bot,
    asking::{Asking, Private},
    showing::Attached,
};

pub(super) async fn pressed(bot: &Bot, asking: &Asking, message: MessageId) {
    if !asking.defer_privately().await {
        return;
    }
    let run = bot.output_of(message.get()).await.and_then(|output| output.run);
    let answer = match run.map(|run| run.output) {
        None => Private::text(NOT_KNOWN),
        Some(output) if output.is_empty() => Private::text("📄 The code printed nothing."),
        Some(output) => {
            let files = vec![Attached::new("output.txt", output.into_bytes())];
            Private { files, ..Private::text("📄 Output:") }
        }
    };
    asking.answer(&answer).await;
}
