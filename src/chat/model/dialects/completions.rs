//! Chat Completions: the dialect that every compatible server has.
//!
//! Written as in OpenAI's API reference ("Create chat completion"); read with all that servers do otherwise.

use serde_json::{Value, json};

use super::{CallIds, Conclusion, Quirk, Quirks, Reader, fields, fragments::Calls, usage};
use crate::chat::{
    model::{FinishReason, Finished, Message, ModelError, Part, Question, ToolCall, refusals},
    tokens::Usage,
};

pub(super) fn body(question: &Question, quirks: Quirks) -> Value {
    let messages: Vec<_> = question.messages.iter().filter_map(message).collect();
    let mut body = json!({ "model": question.model, "messages": messages, "stream": true });
    if !quirks.has(Quirk::LacksStreamOptions) {
        body["stream_options"] = json!({ "include_usage": true });
    }
    if !question.tools.is_empty() {
        body["tools"] = question
            .tools
            .iter()
            .map(|tool| {
                let function =
                    json!({ "name": tool.name, "description": tool.description, "parameters": tool.parameters });
                json!({ "type": "function", "function": function })
            })
            .collect();
        if quirks.want_no_reasoning() {
            body["reasoning_effort"] = json!("none");
        }
    }
    if let Some(most) = question.max_output_tokens {
        let name = if quirks.has(Quirk::RenamesMaxTokens) { "max_completion_tokens" } else { "max_tokens" };
        body[name] = json!(most);
    }
    body
}

/// What a message becomes; reasoning is of the other dialect.
fn message(message: &Message) -> Option<Value> {
    let written = match message {
        Message::System(text) => json!({ "role": "system", "content": text }),
        Message::User(parts) => json!({ "role": "user", "content": content(parts) }),
        Message::Assistant { text, tool_calls } if tool_calls.is_empty() => {
            json!({ "role": "assistant", "content": text })
        }
        Message::Assistant { text, tool_calls } => {
            let content = if text.is_empty() { Value::Null } else { json!(text) };
            let calls: Vec<_> = tool_calls.iter().map(call).collect();
            json!({ "role": "assistant", "content": content, "tool_calls": calls })
        }
        Message::ToolResult { call_id, text } => json!({ "role": "tool", "tool_call_id": call_id, "content": text }),
        Message::Reasoned(_) => return None,
    };
    Some(written)
}

/// Words alone are sent as a text, which servers without eyes understand too.
fn content(parts: &[Part]) -> Value {
    if let [Part::Text(text)] = parts {
        return json!(text);
    }
    let written = parts.iter().map(|part| match part {
        Part::Text(text) => json!({ "type": "text", "text": text }),
        Part::Image(image) => {
            json!({ "type": "image_url", "image_url": { "url": &*image.url, "detail": image.detail.name() } })
        }
    });
    written.collect()
}

fn call(call: &ToolCall) -> Value {
    // Servers refuse a history with arguments that are no JSON, although a model wrote them.
    let is_json = serde_json::from_str::<Value>(&call.arguments).is_ok();
    let arguments = if is_json { call.arguments.clone() } else { json!({ "not_json": call.arguments }).to_string() };
    json!({ "id": call.id, "type": "function", "function": { "name": call.name, "arguments": arguments } })
}

/// An answer while it is read.
pub(super) struct Completion {
    ids: CallIds,
    calls: Calls,
    finish: Option<String>,
    usage: Option<Usage>,
    model: Option<String>,
}

impl Completion {
    pub(super) fn new(ids: CallIds) -> Self {
        Self { ids, calls: Calls::default(), finish: None, usage: None, model: None }
    }
}

impl Reader for Completion {
    fn take(&mut self, piece: &Value) -> Result<Option<String>, ModelError> {
        if let Some(error) = piece.get("error").filter(|error| !error.is_null()) {
            return Err(refusals::within_answer(error));
        }
        if fields::text(piece, "/object") == Some("error") {
            return Err(refusals::within_answer(piece));
        }
        if let Some(usage) = piece.get("usage").and_then(|told| usage(told, ["prompt_tokens", "completion_tokens"])) {
            self.usage = Some(usage);
        }
        if let Some(model) = fields::text(piece, "/model") {
            self.model = Some(model.to_owned());
        }
        let Some(choice) = fields::list(piece, "/choices").first() else { return Ok(None) };
        if let Some(reason) = fields::text(choice, "/finish_reason") {
            self.finish = Some(reason.to_owned());
        }
        // An answer that is not streamed has a `message` where a piece has a `delta`.
        let said = if let Some(message) = choice.get("message").filter(|message| message.is_object()) {
            self.finish.get_or_insert_default();
            message
        } else {
            choice.get("delta").unwrap_or(&Value::Null)
        };
        for fragment in fields::list(said, "/tool_calls") {
            self.calls.take(fragment);
        }
        // A model that refuses says so in a field of its own.
        Ok(fields::said(said.get("content")).or_else(|| fields::said(said.get("refusal"))))
    }

    fn has_ended(&self) -> bool {
        self.finish.is_some()
    }

    fn conclude(mut self: Box<Self>) -> Result<Conclusion, ModelError> {
        let reason = match self.finish.as_deref() {
            Some("content_filter") => return Err(ModelError::RefusedContent),
            Some("error") => return Err(ModelError::Failing { status: 500, until: None }),
            Some("length" | "max_tokens") => FinishReason::Length,
            // Whatever the server calls it, a model that called something waits for the result.
            _ if !self.calls.is_empty() => FinishReason::ToolCalls,
            _ => FinishReason::Stop,
        };
        let finished = Finished { reason, usage: self.usage, model: self.model };
        Ok(Conclusion { calls: self.calls.complete(&mut self.ids), reasoned: None, finished })
    }
}
