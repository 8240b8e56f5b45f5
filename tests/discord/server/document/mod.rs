//! Discord's own description of its HTTP API, against which every request of the bot and every answer of this server
//! is held. `openapi.json` is an excerpt that `prune.py` makes; what Discord does otherwise stands in `deviations`.

mod deviations;
mod mistakes;
mod routes;

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

use jsonschema::{Registry, Validator};
use serde_json::{Value, json};

pub(crate) use self::mistakes::{Mistake, nested};
pub(crate) use self::routes::Route;

/// Where the document would lie, so that its parts can name each other.
const PLACE: &str = "https://discord.com/openapi";

/// The document as it is here.
pub(crate) static DOCUMENT: LazyLock<Document> = LazyLock::new(Document::read);

pub(crate) struct Document {
    whole: Value,
    registry: Registry<'static>,
    /// By the place of their schema; made when first wanted.
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

impl Document {
    fn read() -> Self {
        let mut whole: Value = serde_json::from_str(include_str!("openapi.json")).unwrap();
        deviations::apply(&mut whole);
        deviations::refuse_unknown_fields(&mut whole);
        let registry = Registry::new().add(PLACE, whole.clone()).unwrap().prepare().unwrap();
        Self { whole, registry, validators: Mutex::default() }
    }

    /// What is wrong with a body that was sent to a route, multipart's `payload_json` included.
    pub(crate) fn mistakes_of_request(&self, route: &Route, body: Option<&Value>) -> Vec<Mistake> {
        let place = format!("{}/requestBody/content/application~1json/schema", route.pointer());
        match (self.whole.pointer(&place), body) {
            (None, None) => Vec::new(),
            (None, Some(_)) => vec![Mistake::new("", "BODY_NOT_ALLOWED", "This route takes no body.")],
            (Some(_), None) => vec![Mistake::new("", "BODY_MISSING", "This route needs a body.")],
            (Some(schema), Some(body)) => self.mistakes(&self.narrowed(place, schema, body), body),
        }
    }

    /// What is wrong with a query, which consists of texts.
    pub(crate) fn mistakes_of_query(&self, route: &Route, query: &[(String, String)]) -> Vec<Mistake> {
        let operation = self.whole.pointer(&route.pointer()).unwrap();
        let known = operation["parameters"].as_array().cloned().unwrap_or_default();
        let known: Vec<_> =
            known.iter().filter(|it| it["in"] == "query").filter_map(|it| it["name"].as_str()).collect();
        let unknown = query.iter().filter(|(name, _)| !known.contains(&name.as_str()));
        unknown.map(|(name, _)| Mistake::new(name, "QUERY_UNKNOWN", "The document has no such parameter.")).collect()
    }

    /// What is wrong with an answer to a route.
    pub(crate) fn mistakes_of_answer(&self, route: &Route, status: u16, body: Option<&Value>) -> Vec<Mistake> {
        let answers = format!("{}/responses", route.pointer());
        let class = format!("{}XX", status / 100);
        let known = [status.to_string(), class].into_iter().map(|status| format!("{answers}/{status}"));
        let Some(place) = known.into_iter().find(|place| self.whole.pointer(place).is_some()) else {
            return match status {
                // Nothing says how these look.
                500.. => Vec::new(),
                _ => vec![Mistake::new("", "STATUS_UNKNOWN", &format!("The document has no {status} here."))],
            };
        };
        let named = self.whole.pointer(&format!("{place}/$ref")).and_then(Value::as_str);
        let place = named.map_or(place, |named| named.trim_start_matches('#').to_owned());
        let schema = format!("{place}/content/application~1json/schema");
        match (self.whole.pointer(&schema).is_some(), body) {
            (true, Some(body)) => self.mistakes(&schema, body),
            (false, None) => Vec::new(),
            (true, None) => vec![Mistake::new("", "BODY_MISSING", "The document has a body here.")],
            (false, Some(_)) => vec![Mistake::new("", "BODY_NOT_ALLOWED", "The document has no body here.")],
        }
    }

    /// The one of several schemas that a body's `type` means: what is said of its mistakes is then about them.
    fn narrowed(&self, place: String, schema: &Value, body: &Value) -> String {
        let choices = schema["anyOf"].as_array().into_iter().flatten().filter_map(|choice| choice["$ref"].as_str());
        let fits = |place: &&str| {
            let kinds = self.whole.pointer(&format!("{}/properties/type/enum", place.trim_start_matches('#')));
            kinds.and_then(Value::as_array).is_some_and(|kinds| kinds.contains(&body["type"]))
        };
        choices.into_iter().find(fits).map_or(place, |place| place.trim_start_matches('#').to_owned())
    }

    fn mistakes(&self, place: &str, body: &Value) -> Vec<Mistake> {
        let validator = self.validator(place);
        validator.iter_errors(body).map(|error| Mistake::of(&error)).collect()
    }

    fn validator(&self, place: &str) -> Arc<Validator> {
        let mut validators = self.validators.lock().unwrap();
        let made = validators.entry(place.to_owned()).or_insert_with(|| {
            let schema = json!({ "$ref": format!("{PLACE}#{}", place.replace('{', "%7B").replace('}', "%7D")) });
            let options = jsonschema::options().with_registry(&self.registry).should_validate_formats(true);
            Arc::new(options.build(&schema).unwrap_or_else(|error| panic!("{place}: {error}")))
        });
        Arc::clone(made)
    }
}
