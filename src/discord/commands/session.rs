//! `/session`: whether variables live on from run to run (U11, X13).

use serde_json::Value;

use super::{Context, Never, admitted};
use crate::discord::{Bot, SESSION, asking::Private};

const NOT_NOW: &str = "❌ Your choice cannot be kept at the moment. Try again in a minute.";

/// What to do with the session.
#[derive(Clone, Copy, Debug, poise::ChoiceParameter)]
enum Wanted {
    #[name = "on"]
    On,
    #[name = "off"]
    Off,
    #[name = "reset"]
    Reset,
}

/// Let variables live on from run to run
#[poise::command(slash_command, install_context = "Guild", interaction_context = "Guild|BotDm")]
pub(super) async fn session(
    context: Context<'_>,
    #[description = "on: variables live on; off: each run begins anew; reset: begin anew once"] what: Wanted,
) -> Result<(), Never> {
    let Some(asking) = admitted(&context).await else { return Ok(()) };
    if asking.defer_privately().await {
        let said = done(context.data(), asking.asker.user, what).await;
        asking.answer(&Private::text(said)).await;
    }
    Ok(())
}

async fn done(bot: &Bot, owner: u64, what: Wanted) -> &'static str {
    if !bot.settings.has_sessions {
        return "❌ There are no sessions here: code runs without a sandbox.";
    }
    let user = Bot::user(owner);
    let value = match what {
        Wanted::Reset => {
            let had = bot.executions.end_session(user);
            return if had {
                "🔄 Your session was reset."
            } else {
                "🔄 You have no session; the next run begins one."
            };
        }
        Wanted::On => Some(Value::Bool(true)),
        Wanted::Off => None,
    };
    if let Err(error) = bot.executions.catalog().set_preference(user, SESSION, value.as_ref()).await {
        tracing::error!(%error, "a choice could not be kept");
        return NOT_NOW;
    }
    if value.is_some() {
        "✅ Variables live on from run to run."
    } else {
        bot.executions.end_session(user);
        "✅ Each run begins anew."
    }
}
