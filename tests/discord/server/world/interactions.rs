use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::Id;

/// Within this a person must have been answered.
const PATIENCE: TimeDelta = TimeDelta::seconds(3);

/// As long may more follow.
const TOKEN_LIFE: TimeDelta = TimeDelta::minutes(15);

/// Something that a person did with the bot, other than writing.
#[derive(Clone, Debug)]
pub(crate) struct Interaction {
    pub(crate) id: Id,
    pub(crate) token: String,
    pub(crate) kind: InteractionKind,
    pub(crate) user: Id,
    pub(crate) channel: Id,
    /// In words, for records: `/files`, `presses "Delete"`.
    pub(crate) told: String,
    /// The message that a button, menu or form of it belongs to.
    pub(crate) message: Option<Id>,
    pub(crate) started: DateTime<Utc>,
    pub(crate) answer: Option<Answer>,
    pub(crate) answered: Option<DateTime<Utc>>,
    /// It was answered when nobody waited any more.
    pub(crate) came_late: bool,
    /// The message that `@original` means.
    pub(crate) original: Option<Id>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InteractionKind {
    Command,
    /// A command on a message or user.
    Menu,
    Component,
    Autocomplete,
    Form,
}

/// The first answer to an interaction.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    Message,
    /// `Taipan is thinking…`
    Thinking,
    /// Taken note of; the message may change later.
    Acknowledged,
    /// The message that it came from changed at once.
    Updated,
    /// Suggestions while a command is being typed.
    Choices(Vec<Value>),
    /// A form to fill in.
    Form(Value),
}

/// What a message is the answer to.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) interaction: Id,
    pub(crate) kind: InteractionKind,
    pub(crate) user: Id,
    pub(crate) message: Option<Id>,
}

impl InteractionKind {
    /// Discord's number.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Command | Self::Menu => 2,
            Self::Component => 3,
            Self::Autocomplete => 4,
            Self::Form => 5,
        }
    }
}

impl Interaction {
    /// Too late for a first answer.
    pub(crate) fn has_run_out_of_patience(&self, now: DateTime<Utc>) -> bool {
        self.answer.is_none() && now - self.started > PATIENCE
    }

    /// Too late for any.
    pub(crate) fn is_over(&self, now: DateTime<Utc>) -> bool {
        now - self.started > TOKEN_LIFE
    }

    pub(crate) fn origin(&self) -> Origin {
        Origin { interaction: self.id, kind: self.kind, user: self.user, message: self.message }
    }

    /// The kind of a message that answers it.
    pub(crate) fn message_kind(&self) -> u8 {
        match self.kind {
            InteractionKind::Menu => 23,
            _ => 20,
        }
    }
}
