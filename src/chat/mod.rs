//! The assistant: a person asks in words, a model answers, and writes Python where that helps (A1).
//!
//! - [`Assistant`]: what edges talk to; it begins a [`Turn`] for each message, and hands out [`TurnEvent`]s and a
//!   [`TurnOutcome`].
//! - `turn`: a turn from the message to the last word: asking, running code, stopping, paying.
//! - `tool`: the one tool, its arguments and what the model is told of a run.
//! - `context`: what the model is told of the world: its task, the time, the user's files.
//! - `history`: earlier turns of a channel; `under_way`: those that go on.
//! - `settings`, `limits`, `channel`: what holds, for how much, and where.
//! - [`model`]: the one door to language models, over any endpoint that speaks as OpenAI's do.
//! - [`tokens`]: how much a conversation takes up, and what it costs.

mod assistant;
mod channel;
mod context;
mod history;
mod limits;
pub mod model;
mod settings;
pub mod tokens;
mod tool;
mod turn;
mod under_way;

pub use self::{
    assistant::{Assistant, UnknownChoice},
    channel::Channel,
    limits::{DailyLimits, Refusal},
    settings::{AssistantSettings, Sight},
    tool::TOOL_NAME,
    turn::{
        GivenImage, LONGEST_MESSAGE, MOST_IMAGES, Quoted, Spent, Turn, TurnEnding, TurnEvent, TurnHandle, TurnOutcome,
        UserMessage,
    },
    under_way::MOST_TURNS_AT_ONCE,
};
