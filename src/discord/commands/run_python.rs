//! `Run Python`: the code in any message (U10).

use serenity::all::Message;

use super::{Context, Never, admitted};
use crate::discord::{
    components::{choice, run_block},
    messages::python_blocks,
    pending::Offered,
};

const NO_CODE: &str = "🔍 There is no Python code in this message. Code stands between lines of three backticks:\n\
                       \\`\\`\\`py\nprint(1)\n\\`\\`\\`";

/// Run the code in a message
#[poise::command(context_menu_command = "Run Python", install_context = "Guild", interaction_context = "Guild|BotDm")]
pub(super) async fn run_python(context: Context<'_>, message: Message) -> Result<(), Never> {
    let Some(asking) = admitted(&context).await else { return Ok(()) };
    let bot = context.data();
    let blocks = python_blocks(&message.content);
    let offered = Offered { message: message.id.get(), blocks };
    match offered.blocks.len() {
        0 => asking.say(NO_CODE).await,
        1 => run_block(bot, &asking, offered, 0).await,
        _ => {
            if asking.defer_privately().await {
                let key = bot.pending.offer(offered.clone());
                asking.answer(&choice(asking.asker.user, key, &offered.blocks)).await;
            }
        }
    }
    Ok(())
}
