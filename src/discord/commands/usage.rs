//! `/usage`: tokens and money, of today, of this month, and by model (U11).

use chrono::Datelike as _;

use super::{Context, Never, admitted};
use crate::{
    catalog::{Usage, by_model, total},
    chat::Assistant,
    discord::{Bot, asking::Private, text::escaping::code},
};

const NO_MODEL: &str = "💬 No language model is set up, so nothing is used up.";
const NOT_NOW: &str = "❌ Your usage cannot be read at the moment. Try again in a minute.";

/// Show what you have used up
#[poise::command(slash_command, install_context = "Guild", interaction_context = "Guild|BotDm")]
pub(super) async fn usage(context: Context<'_>) -> Result<(), Never> {
    let Some(asking) = admitted(&context).await else { return Ok(()) };
    if asking.defer_privately().await {
        let said = match &context.data().assistant {
            Some(assistant) => told(assistant, asking.asker.user).await,
            None => NO_MODEL.to_owned(),
        };
        asking.answer(&Private::text(said)).await;
    }
    Ok(())
}

async fn told(assistant: &Assistant, owner: u64) -> String {
    let today = assistant.today();
    let first = today.with_day(1).unwrap_or(today);
    let month = match assistant.usage(Bot::user(owner), first..=today).await {
        Ok(month) => month,
        Err(error) => {
            tracing::error!(%error, "usage could not be read");
            return NOT_NOW.to_owned();
        }
    };
    let of_today: Vec<_> = month.iter().filter(|entry| entry.day == today).cloned().collect();
    let mut lines = vec![
        format!("📊 **Today:** {}", spent(&total(&of_today))),
        format!("📅 **This month:** {}", spent(&total(&month))),
    ];
    let models = by_model(&month);
    let models = models.iter().filter(|(model, _)| !model.is_empty()).take(20);
    lines.extend(models.map(|(model, usage)| format!("• {}: {}", code(model), spent(usage))));
    lines.join("\n")
}

fn spent(usage: &Usage) -> String {
    let tokens = usage.input_tokens + usage.output_tokens;
    #[expect(clippy::cast_precision_loss, reason = "dollars for people")]
    let cost = match usage.cost() {
        Some(micros) => format!("${:.4}", micros as f64 / 1e6),
        None => "cost unknown".to_owned(),
    };
    format!("{} messages, {tokens} tokens, {cost}", usage.messages)
}
