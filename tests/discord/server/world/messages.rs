use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{Attachment, Id, Origin};

/// Only one person sees it.
pub(crate) const EPHEMERAL: u64 = 1 << 6;

/// `Taipan is thinking…`
pub(crate) const LOADING: u64 = 1 << 7;

/// A message as it is now.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) id: Id,
    pub(crate) channel: Id,
    pub(crate) author: Id,
    /// Discord's number of its kind: 0 plain, 19 reply, 20 answer to a command, 23 to one of a menu.
    pub(crate) kind: u8,
    pub(crate) content: String,
    pub(crate) embeds: Vec<Value>,
    /// As Discord gives them back, each with an id.
    pub(crate) components: Vec<Value>,
    pub(crate) attachments: Vec<Attachment>,
    pub(crate) flags: u64,
    /// The message that it answers.
    pub(crate) replies_to: Option<Id>,
    /// What a person did to get it.
    pub(crate) origin: Option<Origin>,
    /// Who sees it, where that is one person.
    pub(crate) only_for: Option<Id>,
    pub(crate) mentions: Vec<Id>,
    pub(crate) nonce: Option<Value>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) edited_at: Option<DateTime<Utc>>,
}

impl Message {
    pub(crate) fn new(id: Id, channel: Id, author: Id, now: DateTime<Utc>) -> Self {
        Self {
            id,
            channel,
            author,
            kind: 0,
            content: String::new(),
            embeds: Vec::new(),
            components: Vec::new(),
            attachments: Vec::new(),
            flags: 0,
            replies_to: None,
            origin: None,
            only_for: None,
            mentions: Vec::new(),
            nonce: None,
            created_at: now,
            edited_at: None,
        }
    }

    pub(crate) fn is_ephemeral(&self) -> bool {
        self.flags & EPHEMERAL != 0
    }

    pub(crate) fn is_loading(&self) -> bool {
        self.flags & LOADING != 0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.content.trim().is_empty()
            && self.embeds.is_empty()
            && self.components.is_empty()
            && self.attachments.is_empty()
    }
}
