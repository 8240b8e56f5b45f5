//! Messages that belong together, and how they follow what they show.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use serenity::{
    all::{
        Builder as _, ChannelId, CreateInteractionResponseFollowup, CreateMessage, EditInteractionResponse,
        EditMessage, Http, Message, MessageId, MessageReference, Nonce, UserId,
    },
    builder::EditAttachments,
};

use super::{Page, Trouble, nobody, retried, rows, trouble};

/// How long the token of an interaction is used; Discord forgets it after 15 minutes.
const TOKEN_LIFE: Duration = Duration::from_secs(14 * 60 + 30);

static NEXT_NONCE: AtomicU64 = AtomicU64::new(0);

/// By what messages that answer an interaction are sent.
#[derive(Clone, Debug)]
pub(in crate::discord) struct Token {
    token: String,
    until: Instant,
}

impl Token {
    pub(in crate::discord) fn of(token: &str) -> Self {
        Self { token: token.to_owned(), until: Instant::now() + TOKEN_LIFE }
    }
}

/// Messages that belong together: the first answers somebody, others follow where one is not enough.
///
/// What cannot be shown is not an error of whoever shows it: where the bot may not write, the person is told once.
pub(in crate::discord) struct Screen {
    http: Arc<Http>,
    channel: ChannelId,
    /// Who is told when nothing can be written here.
    asker: UserId,
    reply_to: Option<MessageId>,
    token: Option<Token>,
    shown: Vec<Shown>,
    /// Nothing can be shown here any more.
    is_lost: bool,
    /// Nobody is told so.
    is_quiet: bool,
}

struct Shown {
    id: MessageId,
    page: Page,
    /// Whether it was sent with the token.
    by_token: bool,
}

impl Screen {
    /// Messages that answer a message.
    pub(in crate::discord) fn replying(
        http: &Arc<Http>,
        channel: ChannelId,
        message: Option<MessageId>,
        asker: UserId,
    ) -> Self {
        let (http, shown) = (Arc::clone(http), Vec::new());
        Self { http, channel, asker, reply_to: message, token: None, shown, is_lost: false, is_quiet: false }
    }

    /// Messages that answer an interaction, whose answer was deferred.
    pub(in crate::discord) fn answering(http: &Arc<Http>, channel: ChannelId, token: Token, asker: UserId) -> Self {
        Self { token: Some(token), ..Self::replying(http, channel, None, asker) }
    }

    /// Messages that are there already and are to show something else.
    pub(in crate::discord) fn existing(
        http: &Arc<Http>,
        channel: ChannelId,
        messages: &[MessageId],
        asker: UserId,
    ) -> Self {
        let shown = |id: &MessageId| Shown { id: *id, page: Page::default(), by_token: false };
        Self { shown: messages.iter().map(shown).collect(), ..Self::replying(http, channel, None, asker) }
    }

    /// The same with this message alone, which is shown anew.
    pub(in crate::discord) fn only(self, message: MessageId) -> Self {
        let by_token = self.shown.iter().any(|shown| shown.id == message && shown.by_token);
        Self { shown: vec![Shown { id: message, page: Page::default(), by_token }], ..self }
    }

    /// The same, about which nobody is written to where nothing can be shown.
    pub(in crate::discord) fn quietly(self) -> Self {
        Self { is_quiet: true, ..self }
    }

    pub(in crate::discord) fn http(&self) -> &Arc<Http> {
        &self.http
    }

    pub(in crate::discord) fn channel(&self) -> ChannelId {
        self.channel
    }

    /// The messages that are there.
    pub(in crate::discord) fn messages(&self) -> Vec<MessageId> {
        self.shown.iter().map(|shown| shown.id).collect()
    }

    /// Whether nothing can be shown here any more.
    pub(in crate::discord) fn is_lost(&self) -> bool {
        self.is_lost
    }

    /// Shows that something is being done, where nobody sees it otherwise.
    pub(in crate::discord) async fn type_on(&self) {
        if self.token.is_none()
            && !self.is_lost
            && let Err(error) = self.http.broadcast_typing(self.channel).await
        {
            tracing::debug!(%error, "typing could not be shown");
        }
    }

    /// Shows these pages, each on a message: changes those that are there, adds what is missing, removes the rest.
    pub(in crate::discord) async fn show(&mut self, pages: Vec<Page>) {
        let count = pages.len();
        for (index, page) in pages.into_iter().enumerate() {
            if self.is_lost {
                return;
            }
            if self.shown.get(index).is_some_and(|shown| shown.page == page) {
                continue;
            }
            let done = if index < self.shown.len() { self.change(index, page).await } else { self.add(page).await };
            if let Err(error) = done {
                self.give_up(&error).await;
            }
        }
        while self.shown.len() > count {
            let Some(shown) = self.shown.pop() else { break };
            remove(&self.http, self.channel, shown.id).await;
        }
    }

    /// Adds a message below those that are there.
    ///
    /// # Errors
    /// What Discord says; too large a request is for the caller to make smaller.
    pub(in crate::discord) async fn add(&mut self, page: Page) -> serenity::Result<()> {
        self.forget_old_token().await;
        let answered = match &self.token {
            Some(token) => Some(self.add_by_token(token, &page).await),
            None => None,
        };
        let (message, by_token) = match answered {
            Some(Err(error)) if trouble(&error) == Trouble::Gone => {
                self.token = None;
                (self.send(&page).await?, false)
            }
            Some(message) => (message?, true),
            None => (self.send(&page).await?, false),
        };
        self.shown.push(Shown { id: message.id, page, by_token });
        Ok(())
    }

    async fn add_by_token(&self, token: &Token, page: &Page) -> serenity::Result<Message> {
        if self.shown.is_empty() {
            return retried(|| {
                let edit = EditInteractionResponse::new()
                    .content(&page.content)
                    .components(rows(&page.buttons))
                    .attachments(page.all_attachments())
                    .allowed_mentions(nobody());
                edit.execute(&self.http, &token.token)
            })
            .await;
        }
        retried(|| {
            let followup = CreateInteractionResponseFollowup::new()
                .content(&page.content)
                .components(rows(&page.buttons))
                .files(page.attachments())
                .allowed_mentions(nobody());
            followup.execute(&self.http, (None, &token.token))
        })
        .await
    }

    /// Sends a message once, however often that has to be tried.
    async fn send(&self, page: &Page) -> serenity::Result<Message> {
        let nonce = new_nonce();
        retried(|| {
            let mut message = CreateMessage::new()
                .content(&page.content)
                .components(rows(&page.buttons))
                .files(page.attachments())
                .allowed_mentions(nobody())
                .nonce(Nonce::String(nonce.clone()))
                .enforce_nonce(true);
            if let Some(answered) = self.reply_to.filter(|_| self.shown.is_empty()) {
                let reference = MessageReference::from((self.channel, answered)).fail_if_not_exists(false);
                message = message.reference_message(reference);
            }
            message.execute(&self.http, (self.channel, None))
        })
        .await
    }

    async fn change(&mut self, index: usize, page: Page) -> serenity::Result<()> {
        self.forget_old_token().await;
        let Some(shown) = self.shown.get(index) else { return self.add(page).await };
        let (id, by_token) = (shown.id, shown.by_token);
        let had_files = !shown.page.files.is_empty() || shown.page == Page::default();
        let token = self.token.as_ref().filter(|_| by_token).map(|token| token.token.clone());
        let changed = match token {
            Some(token) => self.change_by_token(&token, index, id, &page).await,
            None => self.change_in_channel(id, &page, had_files).await,
        };
        match changed {
            Err(error) if trouble(&error) == Trouble::Gone && by_token && self.token.take().is_some() => {
                self.shown.truncate(index);
                self.add(page).await
            }
            Err(error) => Err(error),
            Ok(_) => {
                self.shown[index].page = page;
                Ok(())
            }
        }
    }

    async fn change_by_token(
        &self,
        token: &str,
        index: usize,
        id: MessageId,
        page: &Page,
    ) -> serenity::Result<Message> {
        if index == 0 {
            return retried(|| {
                let edit = EditInteractionResponse::new()
                    .content(&page.content)
                    .components(rows(&page.buttons))
                    .attachments(page.all_attachments())
                    .allowed_mentions(nobody());
                edit.execute(&self.http, token)
            })
            .await;
        }
        retried(|| {
            let edit = CreateInteractionResponseFollowup::new()
                .content(&page.content)
                .components(rows(&page.buttons))
                .files(page.attachments())
                .allowed_mentions(nobody());
            edit.execute(&self.http, (Some(id), token))
        })
        .await
    }

    async fn change_in_channel(&self, id: MessageId, page: &Page, had_files: bool) -> serenity::Result<Message> {
        retried(|| {
            let mut edit =
                EditMessage::new().content(&page.content).components(rows(&page.buttons)).allowed_mentions(nobody());
            if had_files || !page.files.is_empty() {
                edit = edit.attachments(page.all_attachments());
            }
            edit.execute(&self.http, (self.channel, id, None))
        })
        .await
    }

    /// Once the token is too old, what is said goes on below, in a message like any other; the one above says so.
    async fn forget_old_token(&mut self) {
        if self.token.as_ref().is_none_or(|token| Instant::now() < token.until) {
            return;
        }
        self.token = None;
        for shown in self.shown.drain(..).filter(|shown| shown.by_token) {
            self.reply_to = Some(shown.id);
            let edit = EditMessage::new()
                .content("⌛ This goes on below.")
                .components(Vec::new())
                .attachments(EditAttachments::new())
                .allowed_mentions(nobody());
            if let Err(error) = edit.execute(&self.http, (self.channel, shown.id, None)).await {
                tracing::debug!(%error, "an old answer could not be changed");
            }
        }
    }

    /// Says in a direct message, once, that nothing can be written here; there too it may be that nobody wants to know.
    async fn give_up(&mut self, error: &serenity::Error) {
        self.is_lost = true;
        match trouble(error) {
            Trouble::Gone => tracing::debug!(%error, "a message is gone"),
            Trouble::Forbidden => {
                tracing::info!(channel = %self.channel, %error, "the bot may not write here");
                if !self.is_quiet {
                    tell(&self.http, self.asker, &not_allowed(self.channel)).await;
                }
            }
            _ => tracing::warn!(channel = %self.channel, %error, "a message could not be shown"),
        }
    }
}

fn not_allowed(channel: ChannelId) -> String {
    format!(
        "I may not answer in <#{channel}>: I need the permissions View Channel, Send Messages, Attach Files and Read \
         Message History there. Ask somebody who looks after the server, or write to me here."
    )
}

/// Writes to somebody, if he wants to be written to.
async fn tell(http: &Arc<Http>, person: UserId, text: &str) {
    let message = CreateMessage::new().content(text).allowed_mentions(nobody());
    if let Err(error) = person.direct_message(http, message).await {
        tracing::debug!(%error, "a person could not be told");
    }
}

/// Takes a message away; one that is gone is gone.
pub(in crate::discord) async fn remove(http: &Arc<Http>, channel: ChannelId, message: MessageId) {
    let removed = retried(|| http.delete_message(channel, message, None)).await;
    if let Err(error) = removed
        && trouble(&error) != Trouble::Gone
    {
        tracing::warn!(%channel, %message, %error, "a message could not be taken away");
    }
}

/// What no other message has: Discord answers a second message with it with the first one.
fn new_nonce() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    format!("{:x}{:x}", now & 0xffff_ffff_ffff, NEXT_NONCE.fetch_add(1, Ordering::Relaxed) & 0xffff)
}
