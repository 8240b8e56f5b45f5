use jsonschema::{ValidationError, error::ValidationErrorKind};
use serde_json::{Value, json};

/// Something in a body that the document, or a rule of Discord's beyond it, does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// The field, as `components/0/label`; empty for the whole.
    pub(crate) field: String,
    /// Discord's word for it, as far as there is one.
    pub(crate) code: String,
    pub(crate) sentence: String,
}

impl Mistake {
    pub(crate) fn new(field: &str, code: &str, sentence: &str) -> Self {
        Self { field: field.to_owned(), code: code.to_owned(), sentence: sentence.to_owned() }
    }

    pub(super) fn of(error: &ValidationError<'_>) -> Self {
        let error = deepest(error);
        let field = error.instance_path().as_str().trim_start_matches('/').to_owned();
        let short: String = error.masked().to_string().chars().take(400).collect();
        Self { field, code: code(error.kind()).to_owned(), sentence: short }
    }

    /// Below a field, since some bodies lie in others.
    pub(crate) fn below(mut self, field: &str) -> Self {
        self.field = if self.field.is_empty() { field.to_owned() } else { format!("{field}/{}", self.field) };
        self
    }

    /// As `content: Must be 2000 or fewer in length.`
    pub(crate) fn told(&self) -> String {
        if self.field.is_empty() { self.sentence.clone() } else { format!("{}: {}", self.field, self.sentence) }
    }
}

/// Discord's nested object of mistakes.
pub(crate) fn nested(mistakes: &[Mistake]) -> Value {
    let mut errors = json!({});
    for mistake in mistakes {
        let mut place = &mut errors;
        for part in mistake.field.split('/').filter(|part| !part.is_empty()) {
            place = &mut place[part];
        }
        let entry = json!({ "code": mistake.code, "message": mistake.sentence });
        match place["_errors"].as_array_mut() {
            Some(entries) => entries.push(entry),
            None => place["_errors"] = json!([entry]),
        }
    }
    errors
}

/// What is wrong in the choice that was meant, which is the one whose `type` is right.
fn deepest<'e, 'a>(error: &'e ValidationError<'a>) -> &'e ValidationError<'a> {
    let (ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context }) = error.kind() else {
        return error;
    };
    let level = error.instance_path().as_str();
    let is_meant = |errors: &&Vec<ValidationError<'a>>| {
        let is_of_kind = |error: &ValidationError<'_>| {
            let place = error.instance_path().as_str();
            place == format!("{level}/type")
                || (place == level && matches!(error.kind(), ValidationErrorKind::Type { .. }))
        };
        !errors.is_empty() && !errors.iter().any(is_of_kind)
    };
    match context.iter().filter(is_meant).min_by_key(|errors| errors.len()) {
        Some(errors) => deepest(&errors[0]),
        None => error,
    }
}

fn code(kind: &ValidationErrorKind) -> &'static str {
    match kind {
        ValidationErrorKind::MaxLength { .. }
        | ValidationErrorKind::MaxItems { .. }
        | ValidationErrorKind::MinLength { .. }
        | ValidationErrorKind::MinItems { .. } => "BASE_TYPE_BAD_LENGTH",
        ValidationErrorKind::Required { .. } => "BASE_TYPE_REQUIRED",
        ValidationErrorKind::Enum { .. } => "BASE_TYPE_CHOICES",
        ValidationErrorKind::AdditionalProperties { .. } => "FIELD_UNKNOWN",
        ValidationErrorKind::Type { .. } => "BASE_TYPE_COERCE",
        ValidationErrorKind::UniqueItems => "SET_TYPE_ALREADY_CONTAINS_VALUE",
        _ => "BASE_TYPE_BAD_VALUE",
    }
}
