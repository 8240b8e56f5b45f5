//! Commands: one file for each.

mod download;
mod files;
mod help;
mod model;
mod reset;
mod run;
mod run_python;
mod session;
mod status;
mod usage;

use std::sync::Arc;

use poise::{
    ApplicationContext, BoxFuture, Command, CommandInteractionType, FrameworkError, FrameworkOptions,
    PrefixFrameworkOptions,
};

use super::{Bot, asking::Asking};

const NOT_UNDERSTOOD: &str = "🕸️ This command is from another version of the bot. Type it anew in a minute.";

/// What a command can fail with: nothing, since each says itself what went wrong.
type Never = Box<dyn std::error::Error + Send + Sync>;
type Context<'a> = ApplicationContext<'a, Arc<Bot>, Never>;
/// All commands, and what holds for them.
pub(super) type Commands = FrameworkOptions<Arc<Bot>, Never>;

/// All commands, and what holds for them.
pub(super) fn commands() -> Commands {
    let commands: Vec<Command<Arc<Bot>, Never>> = vec![
        run::run(),
        run_python::run_python(),
        files::files(),
        download::download(),
        reset::reset(),
        status::status(),
        usage::usage(),
        model::model(),
        session::session(),
        help::help(),
    ];
    let prefix_options = PrefixFrameworkOptions { mention_as_prefix: false, ..PrefixFrameworkOptions::default() };
    let mut options = FrameworkOptions {
        commands,
        on_error: log,
        prefix_options,
        initialize_owners: false,
        ..FrameworkOptions::default()
    };
    poise::set_qualified_names(&mut options.commands);
    options
}

/// Whoever used a command, if he is served; else he is told.
async fn admitted(context: &Context<'_>) -> Option<Asking> {
    let asking = Asking::command(&context.serenity_context().http, context.interaction);
    match context.data().settings.access.denial(&asking.asker) {
        None => Some(asking),
        Some(denial) => {
            asking.say(denial.sentence()).await;
            None
        }
    }
}

fn log(error: FrameworkError<'_, Arc<Bot>, Never>) -> BoxFuture<'_, ()> {
    Box::pin(async move {
        match error {
            // Commands of another version stay with Discord for a while.
            FrameworkError::UnknownInteraction { framework, interaction, .. } => {
                tracing::warn!(name = interaction.data.name, "an unknown command");
                Asking::command(&framework.serenity_context.http, interaction).say(NOT_UNDERSTOOD).await;
            }
            error => {
                tracing::warn!(%error, "a command was not understood");
                if let Some(poise::Context::Application(context)) = error.ctx()
                    && context.interaction_type == CommandInteractionType::Command
                {
                    Asking::command(&context.serenity_context().http, context.interaction).say(NOT_UNDERSTOOD).await;
                }
            }
        }
    })
}
