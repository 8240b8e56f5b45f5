//! Which of several blocks of code is run (U10).

use std::sync::Arc;

use serenity::all::{
    ComponentInteractionData, ComponentInteractionDataKind, CreateActionRow, CreateSelectMenu, CreateSelectMenuKind,
    CreateSelectMenuOption,
};

use super::{Action, Pressed, id};
use crate::discord::{
    Bot,
    asking::{Asking, Private},
    pending::Offered,
    running::{Asked, run_and_show},
    text::escaping::one_line,
};

/// How many choices a menu has.
const MOST_CHOICES: usize = 25;
const TOO_OLD: &str = "🕰️ This choice is too old. Use `Run Python` on the message again.";

/// What asks which block is meant.
pub(in crate::discord) fn choice(owner: u64, key: u64, blocks: &[String]) -> Private {
    let option = |(index, code): (usize, &String)| {
        let first = code.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let label = one_line(&format!("{}. {first}", index + 1), 100);
        CreateSelectMenuOption::new(label, index.to_string())
    };
    let options = blocks.iter().enumerate().take(MOST_CHOICES).map(option).collect();
    let menu = CreateSelectMenu::new(
        id(Action::ChooseBlock, owner, &key.to_string()),
        CreateSelectMenuKind::String { options },
    );
    let rows = vec![CreateActionRow::SelectMenu(menu.placeholder("Select the code to run…"))];
    Private { rows, ..Private::text(format!("🐍 This message has {} blocks of code. Which one?", blocks.len())) }
}

pub(super) async fn chosen(bot: &Arc<Bot>, asking: &Asking, data: &ComponentInteractionData, pressed: &Pressed) {
    let offered = pressed.argument.parse().ok().and_then(|key| bot.pending.take(key));
    let ComponentInteractionDataKind::StringSelect { values } = &data.kind else { return asking.say(TOO_OLD).await };
    let index = values.first().and_then(|value| value.parse::<usize>().ok());
    match offered.zip(index) {
        Some((offered, index)) if index < offered.blocks.len() => run_block(bot, asking, offered, index).await,
        _ => asking.say(TOO_OLD).await,
    }
}

/// Runs a block of a message, for everybody to see.
pub(in crate::discord) async fn run_block(bot: &Arc<Bot>, asking: &Asking, mut offered: Offered, index: usize) {
    if !asking.defer().await {
        return;
    }
    let asked = Asked {
        owner: asking.asker.user,
        code: offered.blocks.swap_remove(index),
        stdin: None,
        source: Some((offered.message, index)),
        largest_file: asking.largest_file,
    };
    let _place = bot.places.hold(offered.message).await;
    run_and_show(bot, asking.screen(), asked).await;
}
