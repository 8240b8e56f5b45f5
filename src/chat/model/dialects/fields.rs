//! Fields of JSON that servers write in several ways: absent, null, empty, a number as a float or as text.

use serde_json::Value;

/// A text that says something; `None` if it is absent, null, empty or no text.
pub(in crate::chat::model) fn text<'v>(value: &'v Value, pointer: &str) -> Option<&'v str> {
    value.pointer(pointer)?.as_str().filter(|text| !text.is_empty())
}

/// A whole number, also where it is written as `3.0` or `"3"`.
pub(in crate::chat::model) fn number(value: &Value, pointer: &str) -> Option<u64> {
    let number = value.pointer(pointer)?;
    number.as_u64().or_else(|| whole(number.as_f64()?)).or_else(|| whole(number.as_str()?.trim().parse().ok()?))
}

/// A list; empty if it is absent or something else.
pub(super) fn list<'v>(value: &'v Value, pointer: &str) -> &'v [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// What is said in a message's content, which is a text or a list of parts.
pub(super) fn said(content: Option<&Value>) -> Option<String> {
    let said = match content? {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().filter_map(|part| text(part, "/text")).collect(),
        _ => return None,
    };
    Some(said).filter(|said| !said.is_empty())
}

/// A tool's arguments, which are JSON in a text, or by mistake the JSON itself.
pub(super) fn arguments(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

fn whole(number: f64) -> Option<u64> {
    // The largest number up to which a float still counts one by one.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the bounds that were checked")]
    (0.0..=EXACT).contains(&number).then_some(number.round() as u64)
}
