//! Somebody used a command, a button, a menu or a form, and waits for the answer.

use std::sync::Arc;

use serenity::all::{
    Builder as _, ChannelId, CommandInteraction, ComponentInteraction, CreateActionRow, CreateEmbed,
    CreateInteractionResponse, CreateInteractionResponseFollowup, CreateInteractionResponseMessage, CreateModal,
    EditInteractionResponse, Http, InteractionId, Member, ModalInteraction, UserId,
};
use serenity::builder::EditAttachments;

use super::{
    Asker,
    showing::{Attached, Screen, Token, nobody, retried},
    text::{LONGEST_MESSAGE, escaping::one_line},
};

/// Somebody who waits for an answer, of which Discord wants the first word within three seconds.
#[derive(Clone, Debug)]
pub(super) struct Asking {
    http: Arc<Http>,
    id: InteractionId,
    token: String,
    channel: ChannelId,
    /// Who and where.
    pub(super) asker: Asker,
    /// How large a file of the answer may be, in bytes.
    pub(super) largest_file: u64,
}

/// An answer that only the asker sees.
#[derive(Clone, Debug, Default)]
pub(super) struct Private {
    pub(super) content: String,
    pub(super) embed: Option<CreateEmbed>,
    pub(super) rows: Vec<CreateActionRow>,
    pub(super) files: Vec<Attached>,
}

impl Private {
    pub(super) fn text(content: impl Into<String>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }
}

/// The three kinds of interaction have the same fields.
macro_rules! asking_of {
    ($name:ident, $interaction:ty) => {
        pub(super) fn $name(http: &Arc<Http>, interaction: &$interaction) -> Self {
            Self {
                http: Arc::clone(http),
                id: interaction.id,
                token: interaction.token.clone(),
                channel: interaction.channel_id,
                asker: Asker {
                    user: interaction.user.id.get(),
                    roles: roles(interaction.member.as_deref_member()),
                    guild: interaction.guild_id.map(|guild| guild.get()),
                    channel: interaction.channel_id.get(),
                },
                largest_file: u64::from(interaction.attachment_size_limit),
            }
        }
    };
}

/// Members come in boxes or not.
trait AsMember {
    fn as_deref_member(&self) -> Option<&Member>;
}

impl AsMember for Option<Box<Member>> {
    fn as_deref_member(&self) -> Option<&Member> {
        self.as_deref()
    }
}

impl AsMember for Option<Member> {
    fn as_deref_member(&self) -> Option<&Member> {
        self.as_ref()
    }
}

fn roles(member: Option<&Member>) -> Vec<u64> {
    member.map(|member| member.roles.iter().map(|role| role.get()).collect()).unwrap_or_default()
}

impl Asking {
    asking_of!(command, CommandInteraction);
    asking_of!(component, ComponentInteraction);
    asking_of!(form, ModalInteraction);

    pub(super) fn http(&self) -> &Arc<Http> {
        &self.http
    }

    pub(super) fn channel(&self) -> ChannelId {
        self.channel
    }

    pub(super) fn user(&self) -> UserId {
        UserId::new(self.asker.user)
    }

    /// Says something to the asker alone, at once.
    pub(super) async fn say(&self, text: &str) {
        let message = CreateInteractionResponseMessage::new()
            .content(one_message(text))
            .ephemeral(true)
            .allowed_mentions(nobody());
        self.respond(CreateInteractionResponse::Message(message)).await;
    }

    /// Says one thing more to the asker alone, after the answer.
    pub(super) async fn add_privately(&self, text: &str) {
        let said = retried(|| {
            let followup = CreateInteractionResponseFollowup::new()
                .content(one_message(text))
                .ephemeral(true)
                .allowed_mentions(nobody());
            followup.execute(&self.http, (None, &self.token))
        });
        if let Err(error) = said.await {
            tracing::warn!(%error, "something could not be said");
        }
    }

    /// Says that an answer follows which everybody sees.
    pub(super) async fn defer(&self) -> bool {
        self.respond(CreateInteractionResponse::Defer(CreateInteractionResponseMessage::new())).await
    }

    /// Says that an answer follows which only the asker sees.
    pub(super) async fn defer_privately(&self) -> bool {
        self.respond(CreateInteractionResponse::Defer(CreateInteractionResponseMessage::new().ephemeral(true))).await
    }

    /// Says that the message with the button changes, or stays.
    pub(super) async fn acknowledge(&self) -> bool {
        self.respond(CreateInteractionResponse::Acknowledge).await
    }

    /// Opens a form.
    pub(super) async fn open(&self, form: CreateModal) -> bool {
        self.respond(CreateInteractionResponse::Modal(form)).await
    }

    /// Shows what was deferred or acknowledged.
    ///
    /// # Errors
    /// What Discord says.
    pub(super) async fn show(&self, answer: &Private) -> serenity::Result<()> {
        let shown = retried(|| {
            let files = answer.files.iter().map(Attached::upload);
            let mut edit = EditInteractionResponse::new()
                .content(&answer.content)
                .embeds(answer.embed.iter().cloned().collect())
                .components(answer.rows.clone())
                .allowed_mentions(nobody());
            if !answer.files.is_empty() {
                edit = edit.attachments(files.fold(EditAttachments::new(), EditAttachments::add));
            }
            edit.execute(&self.http, &self.token)
        });
        shown.await.map(drop)
    }

    /// Shows what was deferred or acknowledged; what Discord says against it is logged.
    pub(super) async fn answer(&self, answer: &Private) {
        if let Err(error) = self.show(answer).await {
            tracing::warn!(%error, "an answer could not be shown");
        }
    }

    /// Messages that answer it, once it is deferred for everybody to see.
    pub(super) fn screen(&self) -> Screen {
        Screen::answering(&self.http, self.channel, Token::of(&self.token), self.user())
    }

    async fn respond(&self, response: CreateInteractionResponse) -> bool {
        let responded = response.execute(&self.http, (self.id, &self.token)).await;
        if let Err(error) = &responded {
            // Discord forgot the interaction, or heard an answer that it did not acknowledge.
            tracing::warn!(%error, "an interaction could not be answered");
        }
        responded.is_ok()
    }
}

/// As much of a text as a message can hold.
fn one_message(text: &str) -> String {
    if text.chars().count() <= LONGEST_MESSAGE { text.to_owned() } else { one_line(text, LONGEST_MESSAGE) }
}
