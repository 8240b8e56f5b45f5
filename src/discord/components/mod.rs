//! Buttons and menus: one file for each thing that can be pressed, keyed by what Discord sends back, so that they outlive
//! a restart.

mod choose_block;
mod custom_id;
mod delete_file;
mod delete_output;
mod download_file;
mod file_menu;
mod full_output;
mod run_again;
mod run_form;
mod show_code;
mod stop;

use std::sync::Arc;

use serenity::all::{ComponentInteraction, Http, ModalInteraction};

pub(super) use self::{
    choose_block::{choice, run_block},
    custom_id::{Action, FileKey, Pressed, id},
    delete_output::taken_away,
    download_file::download,
    file_menu::file_list,
    run_again::again,
    run_form::form,
};
use super::{Bot, asking::Asking};

const UNKNOWN: &str = "🕸️ This button is from another version of the bot and does nothing any more. Start anew.";
const NOT_YOURS: &str = "🚫 Only whoever asked for this may do that.";

/// Somebody pressed a button or chose something.
pub(super) async fn pressed(bot: &Arc<Bot>, http: &Arc<Http>, interaction: ComponentInteraction) {
    let asking = Asking::component(http, &interaction);
    let Some(pressed) = admitted(bot, &asking, &interaction.data.custom_id).await else { return };
    match pressed.action {
        Action::Stop => stop::pressed(bot, &asking, &pressed).await,
        Action::RunAgain => run_again::pressed(bot, &asking, interaction.message.id).await,
        Action::ShowCode => show_code::pressed(bot, &asking, interaction.message.id).await,
        Action::FullOutput => full_output::pressed(bot, &asking, interaction.message.id).await,
        Action::DeleteOutput => delete_output::pressed(bot, &asking, interaction.message.id).await,
        Action::ChooseBlock => choose_block::chosen(bot, &asking, &interaction.data, &pressed).await,
        Action::FilePage => file_menu::turned(bot, &asking, &pressed).await,
        Action::FileChosen => file_menu::chosen(bot, &asking, &interaction.data).await,
        Action::DownloadFile => download_file::pressed(bot, &asking, &pressed).await,
        Action::DeleteFile => delete_file::asked(bot, &asking, &pressed).await,
        Action::DeleteFileSure => delete_file::asked_again(bot, &asking, &pressed).await,
        Action::DeleteFileDone => delete_file::confirmed(bot, &asking, &pressed).await,
        Action::KeepFile => delete_file::cancelled(bot, &asking, &pressed).await,
        Action::RunForm => asking.say(UNKNOWN).await,
    }
}

/// Somebody sent a form.
pub(super) async fn sent(bot: &Arc<Bot>, http: &Arc<Http>, interaction: ModalInteraction) {
    let asking = Asking::form(http, &interaction);
    let Some(pressed) = admitted(bot, &asking, &interaction.data.custom_id).await else { return };
    match pressed.action {
        Action::RunForm => run_form::sent(bot, &asking, &interaction.data).await,
        _ => asking.say(UNKNOWN).await,
    }
}

/// What was pressed, if the bot knows it and the person may press it; else he is told.
async fn admitted(bot: &Bot, asking: &Asking, custom_id: &str) -> Option<Pressed> {
    if let Some(denial) = bot.settings.access.denial(&asking.asker) {
        asking.say(denial.sentence()).await;
        return None;
    }
    let Some(pressed) = Pressed::read(custom_id) else {
        asking.say(UNKNOWN).await;
        return None;
    };
    let is_admin = bot.settings.access.is_admin(asking.asker.user);
    let may = pressed.owner == asking.asker.user || is_admin && pressed.action.is_for_admins();
    if !may {
        asking.say(NOT_YOURS).await;
        return None;
    }
    Some(pressed)
}
