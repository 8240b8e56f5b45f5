//! Responses: the dialect of OpenAI's newer models.
//!
//! Nothing is kept at the endpoint (`store` is off): each question carries the whole conversation, as with the other
//! dialect. So a model that reasons is asked for its reasoning, encrypted, and is given it back with the results of its
//! calls; otherwise it would have to think anew, and some refuse calls that come without what led to them.
//!
//! Written and read as in OpenAI's API reference ("Create a model response", "Streaming events").

use serde_json::{Value, json};

use super::{CallIds, Conclusion, Quirk, Quirks, Reader, fields, usage};
use crate::chat::{
    model::{FinishReason, Finished, Message, ModelError, Part, Question, Reasoned, ToolCall, refusals},
    tokens::Usage,
};

/// How much of an answer comes back as its endpoint wrote it, in bytes; a longer one comes back without its reasoning.
const LONGEST_REASONED: usize = 1024 * 1024;

pub(super) fn body(question: &Question, quirks: Quirks) -> Value {
    let gives_reasoning = !quirks.has(Quirk::KeepsReasoning);
    let mut body = json!({ "model": question.model, "stream": true, "store": false });
    body["input"] = input(&question.messages, gives_reasoning);
    if !question.tools.is_empty() {
        if gives_reasoning {
            body["include"] = json!(["reasoning.encrypted_content"]);
        }
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

/// The conversation. An answer that is there with its reasoning is given back as it was, unless it was changed since.
fn input(messages: &[Message], gives_reasoning: bool) -> Value {
    let (mut input, mut reasoned) = (Vec::new(), None);
    for message in messages {
        match (message, reasoned.take()) {
            (Message::Reasoned(next), _) => reasoned = Some(next).filter(|_| gives_reasoning),
            (Message::Assistant { tool_calls, .. }, Some(before))
                if calls_in(&before.items).eq(tool_calls.iter().cloned()) =>
            {
                input.extend(before.items.iter().cloned());
            }
            (message, _) => input.extend(items(message)),
        }
    }
    input.into()
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
        Message::Reasoned(_) => Vec::new(),
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

/// The calls among items as endpoints write them.
fn calls_in(items: &[Value]) -> impl Iterator<Item = ToolCall> {
    items.iter().filter(|item| fields::text(item, "/type") == Some("function_call")).map(|item| ToolCall {
        id: fields::text(item, "/call_id").unwrap_or("").to_owned(),
        name: fields::text(item, "/name").unwrap_or("").to_owned(),
        arguments: fields::arguments(item.get("arguments")),
    })
}

/// An item of an answer as it goes back; `None` for reasoning that nobody could take up again.
fn given_back(item: &Value) -> Option<Value> {
    let is_reasoning = fields::text(item, "/type") == Some("reasoning");
    let is_readable = fields::text(item, "/encrypted_content").is_some() || !fields::list(item, "/content").is_empty();
    if is_reasoning && !is_readable {
        return None;
    }
    let mut item = item.clone();
    if let Some(item) = item.as_object_mut() {
        // Only answers have a status, and what is null says nothing.
        item.retain(|name, value| name != "status" && !value.is_null());
    }
    Some(item)
}

/// An answer while it is read.
pub(super) struct Response {
    ids: CallIds,
    calls: Vec<ToolCall>,
    /// Its items, as they come, as long as they may come back.
    items: Vec<Value>,
    /// How long all of them are, in bytes.
    items_bytes: usize,
    has_text: bool,
    /// The whole answer, as the last event repeats it.
    end: Option<Value>,
}

impl Response {
    pub(super) fn new(ids: CallIds) -> Self {
        Self { ids, calls: Vec::new(), items: Vec::new(), items_bytes: 0, has_text: false, end: None }
    }

    fn say(&mut self, text: Option<&str>) -> Option<String> {
        self.has_text |= text.is_some();
        text.map(str::to_owned)
    }

    fn item(&mut self, item: &Value) {
        for call in calls_in(std::slice::from_ref(item)) {
            self.calls.push(ToolCall { id: self.ids.claim(&call.id), ..call });
        }
        self.items_bytes = self.items_bytes.saturating_add(item.to_string().len());
        if self.items_bytes <= LONGEST_REASONED {
            self.items.push(item.clone());
        }
    }

    /// The answer as it goes back with the results of its calls, if it has reasoning to go on from.
    fn reasoned(&self) -> Option<Reasoned> {
        let items: Vec<_> = self.items.iter().filter_map(given_back).collect();
        let has_reasoning = items.iter().any(|item| fields::text(item, "/type") == Some("reasoning"));
        let is_short = self.items_bytes <= LONGEST_REASONED;
        (has_reasoning && is_short && !self.calls.is_empty()).then_some(Reasoned { items })
    }

    /// Takes a whole answer, of which only that counts which no event has said before.
    fn end(&mut self, response: &Value) -> Option<String> {
        let output = fields::list(response, "/output");
        if self.calls.is_empty() && !output.is_empty() {
            self.items.clear();
            self.items_bytes = 0;
            for item in output {
                self.item(item);
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
                self.item(&piece["item"]);
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
        let reasoned = self.reasoned();
        let end = self.end.unwrap_or_default();
        let reason = match fields::text(&end, "/incomplete_details/reason") {
            Some("content_filter") => return Err(ModelError::RefusedContent),
            Some(_) => FinishReason::Length,
            None if !self.calls.is_empty() => FinishReason::ToolCalls,
            None => FinishReason::Stop,
        };
        let usage: Option<Usage> = end.get("usage").and_then(|told| usage(told, ["input_tokens", "output_tokens"]));
        let finished = Finished { reason, usage, model: fields::text(&end, "/model").map(str::to_owned) };
        Ok(Conclusion { calls: self.calls, reasoned, finished })
    }
}
