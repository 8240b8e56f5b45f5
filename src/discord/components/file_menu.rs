//! The list of somebody's files, its pages, and a file chosen from it (U5, U6).

use chrono::Utc;
use serenity::all::{
    ButtonStyle, ComponentInteractionData, ComponentInteractionDataKind, CreateActionRow, CreateButton, CreateEmbed,
    CreateEmbedFooter, CreateSelectMenu, CreateSelectMenuKind, CreateSelectMenuOption,
};

use super::{Action, FileKey, Pressed, id};
use crate::{
    catalog::{FileRecord, Selection},
    discord::{
        Bot,
        asking::{Asking, Private},
        text::{escaping::one_line, lists},
    },
    formats::measures::ByteSize,
};

const NOT_NOW: &str = "❌ Your files cannot be read at the moment. Try again in a minute.";

/// A page of somebody's files, the newest first.
pub(in crate::discord) async fn file_list(bot: &Bot, owner: u64, page: usize) -> Private {
    let records = match bot.executions.list_files(Bot::user(owner), &Selection::All).await {
        Ok(records) => records,
        Err(error) => {
            tracing::error!(%error, "files could not be listed");
            return Private::text(NOT_NOW);
        }
    };
    if records.is_empty() {
        return Private::text(lists::EMPTY);
    }
    let newest: Vec<_> = records.iter().rev().collect();
    let pages = newest.len().div_ceil(lists::PAGE);
    let page = page.min(pages - 1);
    let shown: Vec<_> = newest.into_iter().skip(page * lists::PAGE).take(lists::PAGE).collect();
    let mut rows = vec![menu(owner, &shown)];
    if pages > 1 {
        rows.push(turning(owner, page, pages));
    }
    Private { embed: Some(embed(bot, records.len(), &shown)), rows, ..Private::default() }
}

fn embed(bot: &Bot, count: usize, shown: &[&FileRecord]) -> CreateEmbed {
    let now = Utc::now();
    let fields = shown.iter().map(|record| lists::entry(record, now)).map(|(head, body)| (head, body, false));
    CreateEmbed::new()
        .title(lists::TITLE)
        .description(lists::description(count))
        .fields(fields)
        .footer(CreateEmbedFooter::new(lists::footer(bot.file_life())))
}

fn menu(owner: u64, shown: &[&FileRecord]) -> CreateActionRow {
    let option = |record: &&FileRecord| {
        let label = one_line(&format!("{} {}", lists::emoji(record), record.filename), 100);
        CreateSelectMenuOption::new(label, FileKey::of(&record.file_id).as_str()).description(format!(
            "{} • {}",
            record.file_type,
            ByteSize(record.file_size)
        ))
    };
    let options = shown.iter().map(option).collect();
    let kind = CreateSelectMenuKind::String { options };
    let menu = CreateSelectMenu::new(id(Action::FileChosen, owner, ""), kind);
    CreateActionRow::SelectMenu(menu.placeholder("Select a file to manage…"))
}

fn turning(owner: u64, page: usize, pages: usize) -> CreateActionRow {
    let button = |label: &str, to: Option<usize>| {
        // Ids on a message must differ, also those of what cannot be pressed.
        let argument = to.map_or_else(|| format!("none{label}"), |to| to.to_string());
        CreateButton::new(id(Action::FilePage, owner, &argument))
            .label(label)
            .style(ButtonStyle::Secondary)
            .disabled(to.is_none())
    };
    let next = (page + 1 < pages).then_some(page + 1);
    CreateActionRow::Buttons(vec![button("◀", page.checked_sub(1)), button("▶", next)])
}

/// Somebody turned a page.
pub(super) async fn turned(bot: &Bot, asking: &Asking, pressed: &Pressed) {
    if asking.acknowledge().await {
        let page = pressed.argument.parse().unwrap_or_default();
        asking.answer(&file_list(bot, pressed.owner, page).await).await;
    }
}

/// Somebody chose a file.
pub(super) async fn chosen(bot: &Bot, asking: &Asking, data: &ComponentInteractionData) {
    if !asking.defer_privately().await {
        return;
    }
    let owner = asking.asker.user;
    let key = match &data.kind {
        ComponentInteractionDataKind::StringSelect { values } => values.first().map(|value| FileKey::sent(value)),
        _ => None,
    };
    let record = match key {
        Some(key) => chosen_file(bot, owner, &key).await,
        None => None,
    };
    asking.answer(&record.map_or_else(|| Private::text(lists::NOT_FOUND), |record| details(owner, &record))).await;
}

/// The file that is meant, if it is still there and theirs (S3).
pub(in crate::discord) async fn chosen_file(bot: &Bot, owner: u64, key: &FileKey) -> Option<FileRecord> {
    let user = Bot::user(owner);
    if let Ok(record) = bot.executions.file_metadata(user, key.as_str()).await {
        return Some(record);
    }
    let records = bot.executions.list_files(user, &Selection::All).await.ok()?;
    key.find(&records).cloned()
}

/// What a file is, and what can be done with it.
pub(super) fn details(owner: u64, record: &FileRecord) -> Private {
    let key = FileKey::of(&record.file_id);
    let download = CreateButton::new(id(Action::DownloadFile, owner, key.as_str()))
        .label("⬇️ Download")
        .style(ButtonStyle::Primary);
    let delete =
        CreateButton::new(id(Action::DeleteFile, owner, key.as_str())).label("🗑️ Delete").style(ButtonStyle::Danger);
    Private { rows: vec![CreateActionRow::Buttons(vec![download, delete])], ..Private::text(lists::details(record)) }
}
