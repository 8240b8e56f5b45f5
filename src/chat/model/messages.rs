//! What goes to a model, and what it says.

use std::{sync::Arc, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ModelError;
use crate::chat::tokens::Usage;

/// A conversation, and what the model may do next.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The model's name, as the endpoint calls it.
    pub model: String,
    /// The conversation so far, oldest first.
    pub messages: Vec<Message>,
    /// What the model may call; may be empty.
    pub tools: Vec<Tool>,
    /// How many tokens the answer may have; `None` leaves it to the endpoint.
    pub max_output_tokens: Option<u32>,
}

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// What the model is told about its task.
    System(String),
    /// What a person said and showed.
    User(Vec<Part>),
    /// What the model answered. Each of its calls needs a [`Message::ToolResult`] after it.
    Assistant {
        /// What it said; may be empty when it only called tools.
        text: String,
        /// What it called, in its order.
        tool_calls: Vec<ToolCall>,
    },
    /// How the model came to the answer that follows, in its endpoint's own words; for the rest of the turn only.
    Reasoned(Reasoned),
    /// What came of a call.
    ToolResult {
        /// The id of the [`ToolCall`].
        call_id: String,
        /// What the model is told of it.
        text: String,
    },
}

/// An answer as its endpoint wrote it, with the reasoning that led to its calls. Models that reason go on from there
/// when it comes back with the results; nobody else can read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reasoned {
    /// The items of the answer, in their order.
    pub(super) items: Vec<Value>,
}

/// A piece of what a person sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Words.
    Text(String),
    /// A picture.
    Image(Image),
}

/// A picture for the model to look at (A5).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Image {
    /// Where it is: an `https:` address that the endpoint can read, or the picture itself as a `data:` URL.
    pub url: Arc<str>,
    /// How large it is, where that is known; its tokens are an estimate otherwise.
    pub size: Option<PixelSize>,
    /// How closely the model looks.
    pub detail: Detail,
}

/// Width and height in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PixelSize {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

/// How closely a model looks at a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// As the endpoint finds right; counted as [`Detail::High`].
    #[default]
    Auto,
    /// At a small version, for few tokens.
    Low,
    /// At its details.
    High,
}

impl Image {
    /// A picture by its content, such as `("image/png", bytes)`. Its size is read from its header.
    #[must_use]
    pub fn of_bytes(media_type: &str, bytes: &[u8]) -> Self {
        let pixels = |side: usize| u32::try_from(side).ok();
        let size = imagesize::blob_size(bytes)
            .ok()
            .and_then(|size| Some(PixelSize { width: pixels(size.width)?, height: pixels(size.height)? }));
        let url = format!("data:{media_type};base64,{}", BASE64_STANDARD.encode(bytes));
        Self { url: url.into(), size, detail: Detail::Auto }
    }

    /// A picture at an address.
    #[must_use]
    pub fn at(url: &str) -> Self {
        Self { url: url.into(), size: None, detail: Detail::Auto }
    }
}

impl Detail {
    /// As both dialects write it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Low => "low",
            Self::High => "high",
        }
    }
}

/// Something the model may call.
#[derive(Clone, Debug, PartialEq)]
pub struct Tool {
    /// Its name, in letters, digits, `_` and `-`.
    pub name: String,
    /// What it does and when to use it.
    pub description: String,
    /// A JSON Schema of its arguments, an object.
    pub parameters: Value,
}

/// What the model wants called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolCall {
    /// What the result refers to. Endpoints that give none get one that no other call of the conversation has.
    pub id: String,
    /// The tool's name as the model wrote it: it may be one that does not exist.
    pub name: String,
    /// The arguments as the model wrote them, which should be a JSON object and need not be.
    pub arguments: String,
}

impl Question {
    /// A question of one user's message, without tools.
    #[must_use]
    pub fn of_text(model: &str, text: &str) -> Self {
        let messages = vec![Message::User(vec![Part::Text(text.to_owned())])];
        Self { model: model.to_owned(), messages, tools: Vec::new(), max_output_tokens: None }
    }
}

/// A piece of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Delta {
    /// What follows in the text.
    Text(String),
    /// A call, complete.
    ToolCall(ToolCall),
    /// The whole answer with its reasoning, for the question that brings the results of its calls: as a
    /// [`Message::Reasoned`] before the [`Message::Assistant`].
    Reasoned(Reasoned),
    /// Nothing was said yet, and the question is asked again after a pause.
    Waiting {
        /// How long until then.
        pause: Duration,
        /// Why.
        reason: ModelError,
    },
    /// The answer is whole; nothing follows.
    Finished(Finished),
}

/// How an answer ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Finished {
    /// Why it ended.
    pub reason: FinishReason,
    /// What it took, as the endpoint counts; `None` where it does not say.
    pub usage: Option<Usage>,
    /// The model that answered, as the endpoint calls it.
    pub model: Option<String>,
}

/// Why an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FinishReason {
    /// The model has said what it had to say.
    Stop,
    /// The model waits for the results of its calls.
    ToolCalls,
    /// The answer is as long as it may be; a last call may be incomplete.
    Length,
}
