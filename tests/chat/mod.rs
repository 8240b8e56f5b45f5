//! The assistant, over real HTTP against an endpoint that answers from a script.
//!
//! - `endpoint`: that endpoint, for these tests and others.
//! - `assistant`: the assistant above it, with real runs of code.
//! - `asking`: what an endpoint is sent, and where.
//! - `calls`: tool calls in every form in which servers send them.
//! - `endings`: how answers end, whole or not.
//! - `evaluation`: the tasks of `make eval`.
//! - `refusals`: what is repeated, what is learned, and what a person reads.
//! - `responses`: the other dialect.
//! - `secrecy`: the key goes to the endpoint and nowhere else.
//! - `terminal`: `taipan chat`.
//! - `tokens`: counts before and costs after.

mod asking;
mod assistant;
mod calls;
mod endings;
pub(crate) mod endpoint;
mod evaluation;
mod refusals;
mod responses;
mod secrecy;
mod terminal;
mod tokens;

use serde_json::json;
use taipan::chat::model::{ChatModel, Message, Part, Question, Tool};

use self::endpoint::{ModelEndpoint, Said, Scripted};

/// A question without tools.
fn question() -> Question {
    Question::of_text("test-model", "How are you?")
}

/// A question that may be answered with a call.
fn question_with_tools() -> Question {
    let parameters = json!({ "type": "object", "properties": { "code": { "type": "string" } }, "required": ["code"] });
    let tool = Tool { name: "execute".to_owned(), description: "Runs Python.".to_owned(), parameters };
    Question { tools: vec![tool], ..question() }
}

/// A word of a person.
fn user(text: &str) -> Message {
    Message::User(vec![Part::Text(text.to_owned())])
}

/// What a client hears of a single answer.
async fn said(answer: Scripted) -> Said {
    let endpoint = ModelEndpoint::start([answer]).await;
    Said::by(endpoint.model().answer(question_with_tools())).await
}
