//! `/status`: how everything is doing (U11, X16).

use std::time::Duration;

use super::{Context, Never, admitted};
use crate::{
    discord::{
        Bot,
        asking::Private,
        text::{escaping::code, times},
    },
    executions::Status,
    formats::measures::ByteSize,
};

/// Show how the bot is doing
#[poise::command(slash_command, install_context = "Guild", interaction_context = "Guild|BotDm")]
pub(super) async fn status(context: Context<'_>) -> Result<(), Never> {
    let Some(asking) = admitted(&context).await else { return Ok(()) };
    if asking.defer_privately().await {
        let bot = context.data();
        let said = match bot.executions.status().await {
            Ok(status) => told(&status, bot, bot.settings.access.is_admin(asking.asker.user)),
            Err(error) => {
                tracing::error!(%error, "the status could not be told");
                "❌ The status cannot be told at the moment. Try again in a minute.".to_owned()
            }
        };
        asking.answer(&Private::text(said)).await;
    }
    Ok(())
}

fn told(status: &Status, bot: &Bot, is_admin: bool) -> String {
    let python = &status.interpreter;
    let mut lines = vec![
        format!("🐍 **Python** {} • {} packages", python.python_version, python.package_count),
        format!("⏳ **Waiting:** {} • **Running:** {}", python.queue_length, python.workers_busy),
        format!(
            "💾 **Files:** at most {} of {} each, {}",
            bot.settings.max_files,
            ByteSize(bot.settings.max_file_bytes),
            life(bot.file_life())
        ),
        format!("💬 **Assistant:** {}", if bot.assistant.is_some() { "on" } else { "not set up" }),
    ];
    if is_admin {
        lines.extend(for_admins(status));
    }
    lines.join("\n")
}

fn life(life: Option<Duration>) -> String {
    life.map_or_else(|| "for ever".to_owned(), |life| format!("for {} hours", times::hours(life)))
}

fn for_admins(status: &Status) -> Vec<String> {
    let python = &status.interpreter;
    let cleaned = status.last_cleanup.map_or_else(|| "never".to_owned(), times::relative);
    let mut lines = vec![
        format!(
            "⚙️ **Workers:** {} busy, {} idle • **Sandboxes ready:** {} • **Up:** {} h",
            python.workers_busy,
            python.workers_idle,
            python.sandboxes_ready,
            times::hours(python.uptime)
        ),
        format!(
            "🗄️ **Stored:** {} files, {} • **Cleaned up:** {cleaned}",
            status.total_user_files,
            ByteSize(status.total_file_bytes)
        ),
        format!("📇 **Catalog:** {}", code(&status.catalog)),
        format!("🛡️ **Isolation:** {}", python.isolation.name()),
    ];
    lines.extend(python.protections.iter().map(|protection| {
        format!("{} {}: {}", if protection.in_force { "✅" } else { "⚠️" }, protection.name, protection.detail)
    }));
    lines
}
