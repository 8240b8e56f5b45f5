//! Delete, asked twice, with half a minute for each answer (U7).

use chrono::Utc;
use serenity::all::{ButtonStyle, CreateActionRow, CreateButton};

use super::{Action, FileKey, Pressed, file_menu::chosen_file, id};
use crate::{
    catalog::FileRecord,
    discord::{
        Bot,
        asking::{Asking, Private},
        text::{escaping::plain, lists},
    },
    executions::ExecutionError,
};

/// How long each question can be answered, in seconds.
const PATIENCE: i64 = 30;
const TOO_LATE: &str = "⌛ Nothing was deleted: the 30 seconds are over.";
const KEPT: &str = "❌ Nothing was deleted.";

/// The first question.
pub(super) async fn asked(bot: &Bot, asking: &Asking, pressed: &Pressed) {
    if !asking.defer_privately().await {
        return;
    }
    let key = FileKey::sent(&pressed.argument);
    let answer = match chosen_file(bot, pressed.owner, &key).await {
        None => Private::text(lists::NOT_FOUND),
        Some(record) => question(pressed.owner, &record, lists::confirm(&record), Action::DeleteFileSure),
    };
    asking.answer(&answer).await;
}

/// The second question.
pub(super) async fn asked_again(bot: &Bot, asking: &Asking, pressed: &Pressed) {
    if !asking.acknowledge().await {
        return;
    }
    let answer = match in_time(&pressed.argument) {
        None => Private::text(TOO_LATE),
        Some(key) => match chosen_file(bot, pressed.owner, &key).await {
            None => Private::text(lists::NOT_FOUND),
            Some(record) => question(pressed.owner, &record, lists::confirm_again(&record), Action::DeleteFileDone),
        },
    };
    asking.answer(&answer).await;
}

/// Both were answered.
pub(super) async fn confirmed(bot: &Bot, asking: &Asking, pressed: &Pressed) {
    if !asking.acknowledge().await {
        return;
    }
    let said = match in_time(&pressed.argument) {
        None => TOO_LATE.to_owned(),
        Some(key) => deleted(bot, pressed.owner, &key).await,
    };
    asking.answer(&Private::text(said)).await;
}

pub(super) async fn cancelled(_: &Bot, asking: &Asking, _: &Pressed) {
    if asking.acknowledge().await {
        asking.answer(&Private::text(KEPT)).await;
    }
}

async fn deleted(bot: &Bot, owner: u64, key: &FileKey) -> String {
    let Some(record) = chosen_file(bot, owner, key).await else { return lists::NOT_FOUND.to_owned() };
    match bot.executions.delete_file(Bot::user(owner), record.file_id.as_str()).await {
        Ok(record) => lists::deleted(&record),
        Err(ExecutionError::FileNotFound) => lists::NOT_FOUND.to_owned(),
        Err(error) => {
            tracing::error!(%error, "a file could not be deleted");
            format!("❌ {}", plain(&error.to_string(), 300))
        }
    }
}

fn question(owner: u64, record: &FileRecord, text: String, yes: Action) -> Private {
    let until = Utc::now().timestamp() + PATIENCE;
    let argument = format!("{until}:{}", FileKey::of(&record.file_id).as_str());
    let label = if yes == Action::DeleteFileSure { "⚠️ Yes, Delete" } else { "🔴 Click Again to Confirm" };
    let yes = CreateButton::new(id(yes, owner, &argument)).label(label).style(ButtonStyle::Danger);
    let no = CreateButton::new(id(Action::KeepFile, owner, "")).label("❌ Cancel").style(ButtonStyle::Secondary);
    Private { rows: vec![CreateActionRow::Buttons(vec![yes, no])], ..Private::text(text) }
}

/// The file that is meant, where the time for the answer is not over.
fn in_time(argument: &str) -> Option<FileKey> {
    let (until, file) = argument.split_once(':')?;
    let until: i64 = until.parse().ok()?;
    (Utc::now().timestamp() <= until).then(|| FileKey::sent(file))
}
