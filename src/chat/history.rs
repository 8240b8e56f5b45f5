//! Earlier turns: kept whole, and given to the model as far as they fit (A4).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Channel,
    assistant::Parts,
    model::{Message, Part, Question},
    tokens::count_question,
};
use crate::{
    catalog::{CatalogError, Turn},
    identifiers::UserId,
};

/// How many turns are looked at, whatever fits.
const MOST_TURNS: u32 = 50;
/// How much of pictures a turn keeps that are not mere links, in bytes.
const MOST_PICTURE_BYTES: usize = 512 * 1024;
/// What stands in the place of a picture that is gone.
pub(super) const PICTURE_IS_GONE: &str = "[A picture that is no longer available.]";

/// A turn as the catalog keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct KeptTurn {
    /// The user's message first, then all that followed; each call of a tool has its result.
    pub(super) messages: Vec<Message>,
    /// When the links to pictures end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) links: Vec<Link>,
}

/// A link to a picture, and when it ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Link {
    pub(super) url: Arc<str>,
    pub(super) expires_at: DateTime<Utc>,
}

impl Parts {
    /// The last turns of a channel, oldest first, as many as the tokens for them allow.
    pub(super) async fn history(
        &self,
        user: UserId,
        channel: &Channel,
        model: &str,
    ) -> Result<Vec<Vec<Message>>, CatalogError> {
        let turns = self.catalog.last_turns(user, &channel.to_string(), MOST_TURNS).await?;
        let (now, model, budget) = (self.clock.now(), model.to_owned(), self.settings.history_tokens);
        let sees = self.settings.sight.of(&model);
        // Counting takes milliseconds.
        let fitting = tokio::task::spawn_blocking(move || fitting(&turns, &model, sees, now, budget));
        Ok(fitting.await.unwrap_or_default())
    }

    /// Writes a turn down: all of it, or what was said in it where that is too large.
    pub(super) async fn keep(&self, user: UserId, channel: &Channel, kept: KeptTurn) -> Result<(), CatalogError> {
        let channel = channel.to_string();
        let kept = kept.without_large_pictures();
        match self.catalog.append_turn(user, &channel, &kept.written(self.clock.now())).await {
            Err(CatalogError::TooLong { .. }) => {
                self.catalog.append_turn(user, &channel, &kept.words_alone().written(self.clock.now())).await
            }
            done => done,
        }
    }
}

/// The newest turns that have no more than so many tokens together. The first that does not fit ends the list: what
/// came before it would lack its context.
fn fitting(turns: &[Turn], model: &str, sees: bool, now: DateTime<Utc>, budget: u64) -> Vec<Vec<Message>> {
    let (mut left, mut fitting) = (budget, Vec::new());
    for turn in turns.iter().rev() {
        let Some(kept) = KeptTurn::read(turn) else { continue };
        let messages = kept.shown(sees, now);
        let question = Question { messages, ..Question::of_text(model, "") };
        let tokens = count_question(&question).tokens;
        if tokens > left {
            break;
        }
        left -= tokens;
        fitting.push(question.messages);
    }
    fitting.reverse();
    fitting
}

impl KeptTurn {
    fn read(turn: &Turn) -> Option<Self> {
        let read = serde_json::from_str(&turn.content);
        read.inspect_err(|error| tracing::error!(%error, "a turn of a conversation cannot be read")).ok()
    }

    fn written(&self, said_at: DateTime<Utc>) -> Turn {
        // Such messages have nothing that JSON lacks.
        Turn { said_at, content: serde_json::to_string(self).unwrap_or_default() }
    }

    /// The messages without pictures that nobody can see any more, or that the model cannot.
    fn shown(self, sees: bool, now: DateTime<Utc>) -> Vec<Message> {
        let Self { messages, links } = self;
        let is_gone = |url: &str| links.iter().any(|link| *link.url == *url && link.expires_at <= now);
        let shown = |part| match part {
            Part::Image(image) if !sees || is_gone(&image.url) => Part::Text(PICTURE_IS_GONE.to_owned()),
            part => part,
        };
        let shown = |message| match message {
            Message::User(parts) => Message::User(parts.into_iter().map(shown).collect()),
            message => message,
        };
        messages.into_iter().map(shown).collect()
    }

    fn without_large_pictures(mut self) -> Self {
        let mut left = MOST_PICTURE_BYTES;
        let parts = self.messages.iter_mut().filter_map(|message| match message {
            Message::User(parts) => Some(parts),
            _ => None,
        });
        for part in parts.flatten() {
            let Part::Image(image) = part else { continue };
            if image.url.len() <= left {
                left -= image.url.len();
            } else {
                *part = Part::Text(PICTURE_IS_GONE.to_owned());
            }
        }
        self
    }

    /// Without calls and results.
    fn words_alone(&self) -> Self {
        let words = self.messages.iter().filter_map(|message| match message {
            Message::Assistant { text, .. } => {
                (!text.is_empty()).then(|| Message::Assistant { text: text.clone(), tool_calls: Vec::new() })
            }
            Message::ToolResult { .. } | Message::Reasoned(_) => None,
            message => Some(message.clone()),
        });
        Self { messages: words.collect(), links: self.links.clone() }
    }
}
