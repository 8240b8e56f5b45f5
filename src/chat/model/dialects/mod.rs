//! The two ways in which endpoints are spoken to, and which of them a model wants.

mod completions;
pub(super) mod fields;
mod fragments;
mod quirks;
mod responses;

use std::collections::HashSet;

use serde_json::Value;

pub(super) use self::quirks::{Quirk, Quirks};
use super::{Finished, Message, ModelError, Question, Reasoned, ToolCall};
use crate::chat::tokens::Usage;

/// A way to ask and to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `chat/completions`, which every compatible server has.
    Completions,
    /// `responses`, which newer models of OpenAI want when there are tools.
    Responses,
}

impl Dialect {
    /// The dialect for a model of which this is known.
    pub(super) fn of(quirks: Quirks) -> Self {
        if quirks.has(Quirk::WantsResponses) && !quirks.has(Quirk::LacksResponses) {
            Self::Responses
        } else {
            Self::Completions
        }
    }

    /// Where a question is sent, below the endpoint's address.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Completions => "chat/completions",
            Self::Responses => "responses",
        }
    }

    /// A question as it is sent.
    pub(super) fn body(self, question: &Question, quirks: Quirks) -> Value {
        match self {
            Self::Completions => completions::body(question, quirks),
            Self::Responses => responses::body(question, quirks),
        }
    }

    /// What reads the answer to a question.
    pub(super) fn reader(self, question: &Question) -> Box<dyn Reader> {
        let ids = CallIds::taken_in(question);
        match self {
            Self::Completions => Box::new(completions::Completion::new(ids)),
            Self::Responses => Box::new(responses::Response::new(ids)),
        }
    }
}

/// Reads one answer, piece by piece.
pub(super) trait Reader: Send {
    /// Takes the next piece, or a whole answer, and gives what it adds to the text.
    fn take(&mut self, piece: &Value) -> Result<Option<String>, ModelError>;

    /// Whether the endpoint has said that its answer is whole, although more may follow, such as the usage.
    fn has_ended(&self) -> bool;

    /// The calls and the end, once nothing follows.
    fn conclude(self: Box<Self>) -> Result<Conclusion, ModelError>;
}

/// What an answer comes to.
pub(super) struct Conclusion {
    pub(super) calls: Vec<ToolCall>,
    pub(super) reasoned: Option<Reasoned>,
    pub(super) finished: Finished,
}

/// The ids of a conversation's calls.
pub(super) struct CallIds(HashSet<String>);

impl CallIds {
    fn taken_in(question: &Question) -> Self {
        let calls = question.messages.iter().flat_map(|message| match message {
            Message::Assistant { tool_calls, .. } => tool_calls.as_slice(),
            _ => &[],
        });
        Self(calls.map(|call| call.id.clone()).collect())
    }

    /// An id that no other call has: the given one, if it is one.
    fn claim(&mut self, given: &str) -> String {
        let numbered = (1..).map(|number| format!("call_{number}"));
        let mut candidates = std::iter::once(given.to_owned()).filter(|given| !given.is_empty()).chain(numbered);
        let id = candidates.find(|id| !self.0.contains(id)).unwrap_or_default();
        self.0.insert(id.clone());
        id
    }
}

/// What an endpoint says an answer took; `None` where it says nothing.
fn usage(usage: &Value, [input, output]: [&str; 2]) -> Option<Usage> {
    let within = |name: &str, detail: &str| fields::number(usage, &format!("/{name}_details/{detail}"));
    let (input_tokens, output_tokens) =
        (fields::number(usage, &format!("/{input}")), fields::number(usage, &format!("/{output}")));
    if input_tokens.is_none() && output_tokens.is_none() {
        return None;
    }
    let (input_tokens, output_tokens) = (input_tokens.unwrap_or(0), output_tokens.unwrap_or(0));
    let cached = within(input, "cached_tokens").or_else(|| fields::number(usage, "/prompt_cache_hit_tokens"));
    let reasoning = within(output, "reasoning_tokens").unwrap_or(0);
    // Some endpoints count reasoning beside the output; their total gives it away.
    let total = fields::number(usage, "/total_tokens");
    let is_beside =
        reasoning > 0 && total == Some(input_tokens.saturating_add(output_tokens).saturating_add(reasoning));
    let output = if is_beside { output_tokens.saturating_add(reasoning) } else { output_tokens };
    Some(Usage {
        input: input_tokens,
        cached_input: cached.unwrap_or(0).min(input_tokens),
        output,
        reasoning: reasoning.min(output),
    })
}
