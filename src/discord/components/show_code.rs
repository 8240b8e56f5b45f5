//! Show code: what was run, for whoever asked for it.

use serenity::all::MessageId;

use super::run_again::NOT_KNOWN;
use crate::discord::{
    Bot,
    asking::{Asking, Private},
    showing::Attached,
    text::{LONGEST_MESSAGE, escaping::fenced},
};

pub(super) async fn pressed(bot: &Bot, asking: &Asking, message: MessageId) {
    if !asking.defer_privately().await {
        return;
    }
    let run = bot.output_of(message.get()).await.and_then(|output| output.run);
    let answer = match run.map(|run| run.code) {
        None => Private::text(NOT_KNOWN),
        Some(code) => {
            let block = fenced(&code, "py");
            if block.chars().count() <= LONGEST_MESSAGE {
                Private::text(block)
            } else {
                let files = vec![Attached::new("main.py", code.into_bytes())];
                Private { files, ..Private::text("📜 The code:") }
            }
        }
    };
    asking.answer(&answer).await;
}
