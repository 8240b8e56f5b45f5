//! Responses: the dialect of OpenAI's newer models.
//!
//! Nothing is kept at the endpoint (`store` is off): each question carries the whole conversation, as with the other
//! dialect. Written and read as in OpenAI's API reference ("Create a model response", "Streaming events").

use serde_json::{Value, json};

use super::{CallIds, Conclusion, Reader, fields, usage};
use crate::chat::{
    model::{FinishReason, Finished, Message, ModelError, Part, Question, ToolCall, refusals},
    tokens::Usage,
};

pub(super) fn body(question: &Question) -> Value {
    let input: Vec<_> = question.messages.iter().flat_map(items).collect();
    let mut body = json!({ "model": question.model, "input": input, "stream": true, "store": false });
    if !question.tools.is_empty() {
        body["tools"] = question
            .tools
            .iter()
            .map(|tool| {
                // Without a word about it, this dialect takes schemas as strict, which allow no optional arguments.
                json!({
                    "type": "function", "name": tool.name, "description": tool.description,
                    "parameters": tool.parameters, "strict": false
                })
            })
            .collect();
    }
    if let Some(most) = question.max_output_tokens {
        body["max_output_tokens"] = json!(most);
    }
    body
}

/// What a message becomes: calls and results are items of their own here.
fn items(message: &Message) -> Vec<Value> {
    match message {
        Message::System(text) => vec![json!({ "role": "system", "content": text })],
        Message::User(parts) => {
            let parts: Vec<_> = parts.iter().map(part).collect();
            vec![json!({ "role": "user", "content": parts })]
        }
        Message::Assistant { text, tool_calls } => {
            let said = (!text.is_empty()).then(|| json!({ "role": "assistant", "content": text }));
            // The ids of the items are left out: an item with an id would need the reasoning that led to it.
            let calls = tool_calls.iter().map(|call| {
                json!({ "type": "function_call", "call_id": call.id, "name": call.name, "arguments": call.arguments })
            });
            said.into_iter().chain(calls).collect()
        }
        Message::ToolResult { call_id, text } => {
            vec![json!({ "type": "function_call_output", "call_id": call_id, "output": text })]
        }
    }
}

fn part(part: &Part) -> Value {
    match part {
        Part::Text(text) => json!({ "type": "input_text", "text": text }),
        Part::Image(image) => {
            json!({ "type": "input_image", "image_url": &*image.url, "detail": image.detail.name() })
        }
    }
}

/// An answer while it is read.
pub(super) struct Response {
    ids: CallIds,
    calls: Vec<ToolCall>,
    has_text: bool,
    /// The whole answer, as the last event repeats it.
    end: Option<Value>,
}

impl Response {
    pub(super) fn new(ids: CallIds) -> Self {
        Self { ids, calls: Vec::new(), has_text: false, end: None }
    }

    fn say(&mut self, text: Option<&str>) -> Option<String> {
        self.has_text |= text.is_some();
        text.map(str::to_owned)
    }

    fn call(&mut self, item: &Value) {
        if fields::text(item, "/type") == Some("function_call") {
            let id = self.ids.claim(fields::text(item, "/call_id").unwrap_or(""));
            let name = fields::text(item, "/name").unwrap_or("").to_owned();
            self.calls.push(ToolCall { id, name, arguments: fields::arguments(item.get("arguments")) });
        }
    }

    /// Takes a whole answer, of which only that counts which no event has said before.
    fn end(&mut self, response: &Value) -> Option<String> {
        let output = fields::list(response, "/output");
        if self.calls.is_empty() {
            for item in output {
                self.call(item);
            }
        }
        let unsaid = (!self.has_text).then(|| {
            let messages = output.iter().filter(|item| fields::text(item, "/type") == Some("message"));
            messages.filter_map(|message| fields::said(message.get("content"))).collect::<String>()
        });
        self.end = Some(response.clone());
        unsaid.filter(|text| !text.is_empty())
    }
}

impl Reader for Response {
    fn take(&mut self, piece: &Value) -> Result<Option<String>, ModelError> {
        let kind = fields::text(piece, "/type").unwrap_or("");
        let response = piece.get("response").unwrap_or(piece);
        if let Some(error) = response.get("error").filter(|error| !error.is_null()) {
            return Err(refusals::within_answer(error));
        }
        match kind {
            "error" => Err(refusals::within_answer(piece)),
            "response.failed" => Err(ModelError::Failing { status: 500, until: None }),
            "response.output_text.delta" | "response.refusal.delta" => Ok(self.say(fields::text(piece, "/delta"))),
            "response.output_item.done" => {
                self.call(&piece["item"]);
                Ok(None)
            }
            "response.completed" | "response.incomplete" => Ok(self.end(response)),
            _ if fields::text(piece, "/object") == Some("response") => Ok(self.end(piece)),
            _ => Ok(None),
        }
    }

    fn has_ended(&self) -> bool {
        self.end.is_some()
    }

    fn conclude(self: Box<Self>) -> Result<Conclusion, ModelError> {
        let end = self.end.unwrap_or_default();
        let reason = match fields::text(&end, "/incomplete_details/reason") {
            Some("content_filter") => return Err(ModelError::RefusedContent),
            Some(_) => FinishReason::Length,
            None if !self.calls.is_empty() => FinishReason::ToolCalls,
            None => FinishReason::Stop,
        };
        let usage: Option<Usage> = end.get("usage").and_then(|told| usage(told, ["input_tokens", "output_tokens"]));
        let finished = Finished { reason, usage, model: fields::text(&end, "/model").map(str::to_owned) };
        Ok(Conclusion { calls: self.calls, finished })
    }
}
