//! What a question counts as a whole.
//!
//! Text follows OpenAI's cookbook, "How to count tokens with tiktoken", sections 6 and 7
//! (<https://cookbook.openai.com/examples/how_to_count_tokens_with_tiktoken>). How calls count is not published: they
//! make the count an estimate.

use serde_json::Value;

use super::{Count, TokenCounter, image_tokens};
use crate::chat::model::{Message, Part, Question, Tool, ToolCall};

/// Around each message.
const MESSAGE: u64 = 3;
/// In front of the answer.
const ANSWER: u64 = 3;
/// A role is one token.
const ROLE: u64 = 1;
/// Around a tool, its arguments, each of these, and all tools.
const TOOL: u64 = 7;
const ARGUMENTS: u64 = 3;
const ARGUMENT: u64 = 3;
const ALL_TOOLS: u64 = 12;
/// Around a call or the id of one.
const CALL: u64 = 3;

/// The tokens of a question, with its tools and pictures.
///
/// Long conversations take milliseconds: count them where blocking is allowed.
#[must_use]
pub fn count_question(question: &Question) -> Count {
    let counter = TokenCounter::of(&question.model);
    let messages = question.messages.iter().map(|message| message_tokens(counter, &question.model, message));
    let all = messages.fold(Count::exact(ANSWER), |all, message| all + message);
    all + tools_tokens(counter, &question.tools)
}

fn message_tokens(counter: TokenCounter, model: &str, message: &Message) -> Count {
    let content = match message {
        Message::System(text) => counter.count(text),
        Message::User(parts) => parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => counter.count(text),
                Part::Image(image) => image_tokens(model, image),
            })
            .fold(Count::default(), |all, part| all + part),
        Message::Assistant { text, tool_calls } => {
            tool_calls.iter().fold(counter.count(text), |all, call| all + call_tokens(counter, call))
        }
        // Nobody but its endpoint can tell how much that is.
        Message::Reasoned(_) => return Count::estimate(0),
        Message::ToolResult { call_id, text } => counter.count(text) + counter.count(call_id) + Count::estimate(CALL),
    };
    content + Count::exact(MESSAGE + ROLE)
}

fn call_tokens(counter: TokenCounter, call: &ToolCall) -> Count {
    [&call.id, &call.name, &call.arguments]
        .into_iter()
        .fold(Count::estimate(CALL), |all, text| all + counter.count(text))
}

fn tools_tokens(counter: TokenCounter, tools: &[Tool]) -> Count {
    if tools.is_empty() {
        return Count::default();
    }
    tools.iter().fold(Count::estimate(ALL_TOOLS), |all, tool| all + tool_tokens(counter, tool))
}

fn tool_tokens(counter: TokenCounter, tool: &Tool) -> Count {
    let described = format!("{}:{}", tool.name, tool.description.trim_end_matches('.'));
    let named = Count::estimate(TOOL) + counter.count(&described);
    let Some(arguments) = tool.parameters.pointer("/properties").and_then(Value::as_object) else { return named };
    if arguments.is_empty() {
        return named;
    }
    arguments.iter().fold(named + Count::estimate(ARGUMENTS), |all, (name, schema)| {
        let word = |field: &str| schema.get(field).and_then(Value::as_str).unwrap_or("").trim_end_matches('.');
        let described = format!("{name}:{}:{}", word("type"), word("description"));
        all + Count::estimate(ARGUMENT) + counter.count(&described)
    })
}
