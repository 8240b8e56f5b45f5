//! `/download`: a file of one's own, found while its name is typed (U8).

use std::sync::Arc;

use serenity::all::{AutocompleteChoice, CreateAutocompleteResponse, GuildId};

use super::{Context, Never, admitted};
use crate::{
    catalog::Selection,
    discord::{
        Asker, Bot,
        components::{self, FileKey},
        text::{escaping::one_line, lists},
    },
};

/// How many choices Discord shows.
const MOST_CHOICES: usize = 25;

/// Get one of your files
#[poise::command(slash_command, install_context = "Guild", interaction_context = "Guild|BotDm")]
pub(super) async fn download(
    context: Context<'_>,
    #[description = "The file's name"]
    #[autocomplete = "names"]
    file: String,
) -> Result<(), Never> {
    let Some(asking) = admitted(&context).await else { return Ok(()) };
    if asking.defer_privately().await {
        let key = meant(context.data(), asking.asker.user, &file).await;
        components::download(context.data(), &asking, &key).await;
    }
    Ok(())
}

/// Whoever types the name himself means the newest file of that name.
async fn meant(bot: &Bot, owner: u64, typed: &str) -> FileKey {
    let records = bot.executions.list_files(Bot::user(owner), &Selection::All).await.unwrap_or_default();
    let named = records.iter().rev().find(|record| record.filename == typed.trim());
    named.map_or_else(|| FileKey::sent(typed.trim()), |record| FileKey::of(&record.file_id))
}

async fn names(context: poise::Context<'_, Arc<Bot>, Never>, typed: &str) -> CreateAutocompleteResponse {
    let (bot, interaction) = match context {
        poise::Context::Application(context) => (context.data(), context.interaction),
        poise::Context::Prefix(_) => return CreateAutocompleteResponse::new(),
    };
    let owner = interaction.user.id.get();
    let roles = interaction.member.as_ref().map(|member| member.roles.iter().map(|role| role.get()).collect());
    let (guild, channel) = (interaction.guild_id.map(GuildId::get), interaction.channel_id.get());
    let asker = Asker { user: owner, roles: roles.unwrap_or_default(), guild, channel };
    if bot.settings.access.denial(&asker).is_some() {
        return CreateAutocompleteResponse::new();
    }
    let typed = typed.to_lowercase();
    let records = bot.executions.list_files(Bot::user(owner), &Selection::All).await.unwrap_or_default();
    let matching = records.iter().rev().filter(|record| record.filename.to_lowercase().contains(&typed));
    let choice = |record: &crate::catalog::FileRecord| {
        let name = one_line(&format!("{} {}", lists::emoji(record), record.filename), 100);
        AutocompleteChoice::new(name, FileKey::of(&record.file_id).as_str())
    };
    CreateAutocompleteResponse::new().set_choices(matching.take(MOST_CHOICES).map(choice).collect())
}
