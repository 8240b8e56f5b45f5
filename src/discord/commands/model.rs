//! `/model`: which model answers (U11).

use std::sync::Arc;

use serenity::all::{AutocompleteChoice, CreateAutocompleteResponse};

use super::{Context, Never, admitted};
use crate::{
    chat::{Assistant, UnknownChoice},
    discord::{
        Bot,
        asking::Private,
        text::escaping::{code, plain},
    },
};

const NO_MODEL: &str = "💬 No language model is set up.";
const NOT_NOW: &str = "❌ Your choice cannot be read or kept at the moment. Try again in a minute.";
/// How many choices Discord shows.
const MOST_CHOICES: usize = 25;

/// Show the models there are, or choose one
#[poise::command(slash_command, install_context = "Guild", interaction_context = "Guild|BotDm")]
pub(super) async fn model(
    context: Context<'_>,
    #[description = "The model that answers you from now on"]
    #[autocomplete = "names"]
    name: Option<String>,
) -> Result<(), Never> {
    let Some(asking) = admitted(&context).await else { return Ok(()) };
    if asking.defer_privately().await {
        let owner = asking.asker.user;
        let said = match (&context.data().assistant, name) {
            (None, _) => NO_MODEL.to_owned(),
            (Some(assistant), None) => listed(assistant, owner).await,
            (Some(assistant), Some(name)) => chosen(assistant, owner, &name).await,
        };
        asking.answer(&Private::text(said)).await;
    }
    Ok(())
}

async fn listed(assistant: &Assistant, owner: u64) -> String {
    match assistant.model_of(Bot::user(owner)).await {
        Ok(chosen) => {
            let models = assistant.models();
            let line = |model: &String| format!("{} {}", if *model == chosen { "●" } else { "○" }, code(model));
            models.iter().map(line).collect::<Vec<_>>().join("\n")
        }
        Err(error) => {
            tracing::error!(%error, "a choice could not be read");
            NOT_NOW.to_owned()
        }
    }
}

async fn chosen(assistant: &Assistant, owner: u64, name: &str) -> String {
    match assistant.choose_model(Bot::user(owner), Some(name)).await {
        Ok(()) => format!("✅ {} answers you from now on.", code(name)),
        Err(error @ UnknownChoice::NotOffered { .. }) => format!("❌ {}", plain(&error.to_string(), 1000)),
        Err(UnknownChoice::Catalog(error)) => {
            tracing::error!(%error, "a choice could not be kept");
            NOT_NOW.to_owned()
        }
    }
}

#[expect(clippy::unused_async, reason = "poise calls it so")]
async fn names(context: poise::Context<'_, Arc<Bot>, Never>, typed: &str) -> CreateAutocompleteResponse {
    let models = context.data().assistant.as_ref().map(Assistant::models).unwrap_or_default();
    let matching = models.into_iter().filter(|model| model.contains(typed)).take(MOST_CHOICES);
    CreateAutocompleteResponse::new()
        .set_choices(matching.map(|model| AutocompleteChoice::new(model.clone(), model)).collect())
}
