//! What happens on Discord, handed to whoever sees to it. Nothing here waits for anything but the handing over.

use std::sync::{Arc, OnceLock};

use poise::FrameworkContext;
use serenity::{
    all::{
        ChannelId, Context, EventHandler, FullEvent, GuildId, Interaction, Message, MessageId, MessageUpdateEvent,
        Ready,
    },
    async_trait,
    gateway::ShardManager,
};
use tokio::sync::OnceCell;

use super::beginning;
use crate::discord::{
    Bot,
    commands::{Commands, commands},
    components, messages,
    outputs::Output,
};

/// What happens on Discord.
pub(super) struct Events {
    bot: Arc<Bot>,
    commands: Arc<Commands>,
    say: Arc<dyn Fn(&str) + Send + Sync>,
    /// What an earlier process did not finish, until it was told so.
    open: Arc<Vec<Output>>,
    /// Commands ask for it.
    pub(super) shard_manager: Arc<OnceLock<Arc<ShardManager>>>,
    /// Whether commands were registered, which happens once per process.
    begun: Arc<OnceCell<()>>,
}

impl Events {
    pub(super) fn new(bot: Arc<Bot>, say: Box<dyn Fn(&str) + Send + Sync>, open: Vec<Output>) -> Self {
        let commands = Arc::new(commands());
        let (open, shard_manager, begun) = (Arc::new(open), Arc::default(), Arc::default());
        Self { bot, commands, say: say.into(), open, shard_manager, begun }
    }

    /// Does something as a task that the end of the program waits for.
    fn held(&self, task: impl Future<Output = ()> + Send + 'static) {
        if !self.bot.closing.is_cancelled() {
            self.bot.tasks.spawn(task);
        }
    }
}

#[async_trait]
impl EventHandler for Events {
    async fn ready(&self, context: Context, ready: Ready) {
        let (bot, commands, say) = (Arc::clone(&self.bot), Arc::clone(&self.commands), Arc::clone(&self.say));
        let (open, begun) = (Arc::clone(&self.open), Arc::clone(&self.begun));
        self.held(async move {
            let beginning = || async {
                say(&beginning::greeting(&ready));
                beginning::begin(&bot, &context.http, &commands, &open).await;
            };
            begun.get_or_init(beginning).await;
        });
    }

    async fn message(&self, context: Context, message: Message) {
        let bot = Arc::clone(&self.bot);
        self.held(async move { messages::arrived(&bot, &context.http, message).await });
    }

    async fn message_update(
        &self,
        context: Context,
        _: Option<Message>,
        _: Option<Message>,
        event: MessageUpdateEvent,
    ) {
        let bot = Arc::clone(&self.bot);
        self.held(async move { messages::edited(&bot, &context.http, event).await });
    }

    async fn message_delete(&self, context: Context, _: ChannelId, message: MessageId, _: Option<GuildId>) {
        let bot = Arc::clone(&self.bot);
        self.held(async move { messages::deleted(&bot, &context.http, message.get()).await });
    }

    async fn message_delete_bulk(&self, context: Context, _: ChannelId, deleted: Vec<MessageId>, _: Option<GuildId>) {
        let bot = Arc::clone(&self.bot);
        self.held(async move {
            for message in deleted {
                messages::deleted(&bot, &context.http, message.get()).await;
            }
        });
    }

    async fn interaction_create(&self, context: Context, interaction: Interaction) {
        let bot = Arc::clone(&self.bot);
        match interaction {
            Interaction::Component(interaction) => {
                self.held(async move { components::pressed(&bot, &context.http, interaction).await });
            }
            Interaction::Modal(interaction) => {
                self.held(async move { components::sent(&bot, &context.http, interaction).await });
            }
            interaction @ (Interaction::Command(_) | Interaction::Autocomplete(_)) => {
                let Some(shard_manager) = self.shard_manager.get().cloned() else { return };
                let commands = Arc::clone(&self.commands);
                self.held(async move {
                    let framework = FrameworkContext {
                        bot_id: bot.id().into(),
                        serenity_context: &context,
                        options: &commands,
                        user_data: &bot,
                        shard_manager: &shard_manager,
                    };
                    Box::pin(poise::dispatch_event(framework, FullEvent::InteractionCreate { interaction })).await;
                });
            }
            _ => {}
        }
    }
}
