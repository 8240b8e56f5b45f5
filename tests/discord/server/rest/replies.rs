use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use super::{super::document::Mistake, rate_limits::Budget};

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) json: Option<Value>,
    raw: Bytes,
}

impl Reply {
    pub(crate) fn json(value: Value) -> Self {
        Self::with(200, Some(value))
    }

    pub(crate) fn nothing() -> Self {
        Self::with(204, None)
    }

    pub(crate) fn raw(status: u16, content_type: &str, bytes: Vec<u8>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self { status, headers, json: None, raw: bytes.into() }
    }

    pub(crate) fn file(content_type: &str, bytes: Bytes) -> Self {
        let mut reply = Self::raw(200, content_type, Vec::new());
        reply.raw = bytes;
        reply
    }

    /// 429; the scope is Discord's word for whose limit it is.
    pub(crate) fn too_many(retry_after: Duration, scope: &str) -> Self {
        let seconds = retry_after.as_secs_f64();
        let is_global = scope == "global";
        let said = json!({
            "message": "You are being rate limited.", "code": 0, "retry_after": seconds, "global": is_global,
        });
        let mut reply = Self::with(429, Some(said));
        let headers = [("retry-after", format!("{}", seconds.ceil())), ("x-ratelimit-scope", scope.to_owned())];
        reply.headers.extend(headers.map(|(name, value)| (name.to_owned(), value)));
        if is_global {
            reply.headers.push(("x-ratelimit-global".to_owned(), "true".to_owned()));
        }
        reply
    }

    fn with(status: u16, json: Option<Value>) -> Self {
        let raw = json.as_ref().map(|json| Bytes::from(json.to_string())).unwrap_or_default();
        let headers = json.iter().map(|_| ("content-type".to_owned(), "application/json".to_owned())).collect();
        Self { status, headers, json, raw }
    }

    pub(super) fn with_headers(mut self, budget: &Budget) -> Self {
        self.headers.extend(budget.headers());
        self
    }

    pub(crate) fn bytes(self) -> Bytes {
        self.raw
    }
}

/// A request that is not granted.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    status: u16,
    code: u64,
    message: String,
    mistakes: Vec<Mistake>,
    /// Details of a refusal that nobody is to blame for.
    details: Option<Value>,
    is_fault_of_bot: bool,
}

impl Refusal {
    /// One that can befall any bot.
    pub(crate) fn new(status: u16, code: u64, message: &str) -> Self {
        Self { status, code, message: message.to_owned(), mistakes: Vec::new(), details: None, is_fault_of_bot: false }
    }

    /// One that a bot has itself to blame for.
    pub(crate) fn blamed(status: u16, code: u64, message: &str) -> Self {
        Self { is_fault_of_bot: true, ..Self::new(status, code, message) }
    }

    pub(crate) fn mistaken(mistakes: &[Mistake]) -> Self {
        Self { mistakes: mistakes.to_vec(), ..Self::blamed(400, 50035, "Invalid Form Body") }
    }

    pub(crate) fn mistake(field: &str, code: &str, sentence: &str) -> Self {
        Self::mistaken(&[Mistake::new(field, code, sentence)])
    }

    pub(super) fn with_errors(mut self, field: &str, error: &Value) -> Self {
        self.details = Some(json!({ field: { "_errors": [error] } }));
        self
    }

    /// The same about a body that lies in another.
    pub(super) fn below(mut self, field: &str) -> Self {
        self.mistakes = self.mistakes.into_iter().map(|mistake| mistake.below(field)).collect();
        self
    }

    pub(crate) fn unknown_channel() -> Self {
        Self::new(404, 10003, "Unknown Channel")
    }

    pub(crate) fn unknown_message() -> Self {
        Self::new(404, 10008, "Unknown Message")
    }

    pub(crate) fn missing_permissions() -> Self {
        Self::new(403, 50013, "Missing Permissions")
    }

    /// What to hold against the bot.
    pub(super) fn violation(&self, route: &str) -> Option<String> {
        let mistakes: Vec<_> = self.mistakes.iter().map(Mistake::told).collect();
        let details = if mistakes.is_empty() { String::new() } else { format!(": {}", mistakes.join("; ")) };
        self.is_fault_of_bot.then(|| format!("{route}: {} {} ({}){details}", self.status, self.message, self.code))
    }

    pub(crate) fn reply(&self) -> Reply {
        let mut said = json!({ "message": self.message, "code": self.code });
        if !self.mistakes.is_empty() {
            said["errors"] = super::errors(&self.mistakes);
        }
        if let Some(details) = &self.details {
            said["errors"] = details.clone();
        }
        Reply::with(self.status, Some(said))
    }
}
