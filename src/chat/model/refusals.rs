//! What an endpoint means when it does not answer.
//!
//! Servers agree on little but the HTTP status, so their words are read too: the error's code and type where there are
//! some, otherwise its message.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::{
    ModelError, Secret,
    dialects::{Dialect, Quirk, fields},
};

/// How much of an endpoint's message is shown, in characters.
const SHOWN_MESSAGE: usize = 300;
/// The longest time an endpoint may want to be left alone; what is longer is taken for a mistake.
const LONGEST_RETRY_AFTER: TimeDelta = TimeDelta::days(1);

/// An answer with a status that is none of success.
pub(super) struct Refusal {
    pub(super) status: u16,
    /// When it may be asked again, where a header says so.
    pub(super) until: Option<DateTime<Utc>>,
    /// The beginning of the body.
    pub(super) body: String,
}

impl Refusal {
    /// What the model does not take, if that is all it refuses.
    pub(super) fn quirk(&self, dialect: Dialect, has_tools: bool) -> Option<Quirk> {
        if dialect == Dialect::Responses {
            return match self.status {
                404 | 405 | 501 => Some(Quirk::LacksResponses),
                400 | 422 if self.names_reasoning() => Some(Quirk::KeepsReasoning),
                _ => None,
            };
        }
        let says = |words: &str| self.body.contains(words);
        match self.status {
            400 | 422 if says("stream_options") || says("include_usage") => Some(Quirk::LacksStreamOptions),
            400 | 422 if says("max_completion_tokens") => Some(Quirk::RenamesMaxTokens),
            400 | 422 if has_tools && says("reasoning_effort") && says("/responses") => Some(Quirk::WantsResponses),
            400 | 422 if has_tools && says("reasoning_effort") => Some(Quirk::WantsNoReasoning),
            _ => None,
        }
    }

    /// Whether it is about reasoning that was asked for, or that came back.
    fn names_reasoning(&self) -> bool {
        let words = self.body.to_lowercase();
        ["encrypted", "'include", "\"include", "include[", "'reasoning'", "\"reasoning\""]
            .iter()
            .any(|word| words.contains(word))
    }

    /// The refusal in words for people.
    pub(super) fn error(&self, asked: &Asked<'_>) -> ModelError {
        let told = serde_json::from_str::<Value>(&self.body).ok();
        let (codes, message) = told.as_ref().map(read).unwrap_or_default();
        if let Some(error) = by_words(&codes, &message, self.until) {
            return error;
        }
        let model = || asked.model.to_owned();
        match self.status {
            401 => ModelError::WrongKey,
            402 => ModelError::NoCredit,
            403 => ModelError::NotAllowed { model: model() },
            400 | 404 | 422 if names_no_model(&codes, &message) => ModelError::UnknownModel { model: model() },
            404 | 405 => ModelError::NotAnEndpoint { address: asked.address.to_owned() },
            413 => ModelError::TooLong,
            429 => ModelError::RateLimited { until: self.until },
            408 | 409 | 425 | 500.. => ModelError::Failing { status: self.status, until: self.until },
            status => {
                let message = if told.is_some() { message } else { self.body.clone() };
                ModelError::Refused { status, message: shown(&message, asked.key) }
            }
        }
    }
}

/// Whom the refused request went to.
pub(super) struct Asked<'a> {
    pub(super) model: &'a str,
    pub(super) address: &'a str,
    pub(super) key: Option<&'a Secret>,
}

/// An error that stands in an answer which began well.
pub(super) fn within_answer(error: &Value) -> ModelError {
    let (codes, message) = read(error);
    let status = fields::number(error, "/code").and_then(|code| u16::try_from(code).ok()).unwrap_or(500);
    by_words(&codes, &message, None).unwrap_or(match status {
        401 => ModelError::WrongKey,
        402 => ModelError::NoCredit,
        413 => ModelError::TooLong,
        429 => ModelError::RateLimited { until: None },
        _ => ModelError::Failing { status, until: None },
    })
}

/// When an endpoint wants to be asked again, by the headers `retry-after-ms` and `retry-after` (RFC 9110, 10.2.3).
pub(super) fn until(header: impl Fn(&str) -> Option<String>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let seconds = |text: &str, unit: f64| {
        let milliseconds = text.trim().parse::<f64>().ok().filter(|number| *number >= 0.0)? * unit;
        let longest = LONGEST_RETRY_AFTER.num_milliseconds();
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "bounded to a day")]
        let milliseconds = milliseconds.min(longest as f64) as i64;
        Some(now + TimeDelta::milliseconds(milliseconds))
    };
    let date = |text: &str| {
        let date = DateTime::<Utc>::from(httpdate::parse_http_date(text.trim()).ok()?);
        Some(date.clamp(now, now + LONGEST_RETRY_AFTER))
    };
    let milliseconds = header("retry-after-ms").and_then(|text| seconds(&text, 1.0));
    milliseconds.or_else(|| header("retry-after").and_then(|text| seconds(&text, 1000.0).or_else(|| date(&text))))
}

/// The codes of an error, in lower case, and its message, wherever they stand.
fn read(body: &Value) -> (String, String) {
    // Google's servers put the document into a list.
    let body = body.get(0).unwrap_or(body);
    let error = body.get("error").filter(|error| !error.is_null()).unwrap_or(body);
    let codes = ["/code", "/type", "/error/code", "/status"].into_iter().filter_map(|place| fields::text(error, place));
    let codes = codes.collect::<Vec<_>>().join(" ").to_lowercase();
    let places = ["", "/message", "/error", "/message/detail", "/detail", "/detail/0/msg", "/error/message"];
    let message = places.into_iter().find_map(|place| fields::text(error, place)).unwrap_or("");
    (codes, message.to_owned())
}

/// What only words tell apart.
fn by_words(codes: &str, message: &str, until: Option<DateTime<Utc>>) -> Option<ModelError> {
    let message = message.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
    let has = |words: &[&str]| words.iter().any(|word| codes.contains(word));
    let too_long = ["context length", "context window", "context size", "prompt is too long", "reduce the length"];
    if has(&["insufficient_quota", "billing"]) || says(&["insufficient credit", "insufficient balance"]) {
        Some(ModelError::NoCredit)
    } else if has(&["context_length", "string_above_max_length"]) || says(&too_long) || says(&["request too large"]) {
        Some(ModelError::TooLong)
    } else if has(&["content_filter", "content_policy"]) || says(&["content management policy", "content policy"]) {
        Some(ModelError::RefusedContent)
    } else if has(&["invalid_api_key"]) || says(&["incorrect api key", "invalid api key"]) {
        Some(ModelError::WrongKey)
    } else if has(&["rate_limit"]) {
        Some(ModelError::RateLimited { until })
    } else {
        None
    }
}

fn names_no_model(codes: &str, message: &str) -> bool {
    let message = message.to_lowercase();
    let is_unknown = ["not exist", "not found", "unknown model", "invalid model", "not a valid model"];
    codes.contains("model_not_found")
        || (message.contains("model") && is_unknown.iter().any(|words| message.contains(words)))
}

/// A message that others wrote, short and without the key.
fn shown(message: &str, key: Option<&Secret>) -> String {
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let message = key.map_or(message.clone(), |key| key.taken_out_of(&message));
    let mut shown: String = message.chars().take(SHOWN_MESSAGE).collect();
    if shown.len() < message.len() {
        shown.push('…');
    }
    if shown.is_empty() { "it gave no reason.".to_owned() } else { shown }
}
