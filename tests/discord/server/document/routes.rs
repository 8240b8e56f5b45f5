use serde_json::Value;

use super::DOCUMENT;

/// An operation of the document that a request means.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Route {
    /// In lower case, as the document has it.
    pub(crate) method: String,
    /// With its parameters' names in braces.
    pub(crate) template: String,
}

impl Route {
    /// The operation of a path below `/api/v10`; of several, the one with the fewest parameters.
    pub(crate) fn of(method: &str, path: &str) -> Option<Self> {
        let method = method.to_lowercase();
        let routes = DOCUMENT.whole["paths"].as_object().unwrap();
        let fitting = routes.iter().filter(|(template, operations)| {
            operations.get(&method).is_some_and(Value::is_object) && fits(template, path)
        });
        let best = fitting.min_by_key(|(template, _)| template.matches('{').count());
        best.map(|(template, _)| Self { method, template: template.clone() })
    }

    /// Every operation of the document.
    pub(crate) fn all() -> Vec<Self> {
        let routes = DOCUMENT.whole["paths"].as_object().unwrap();
        let operations = routes.iter().flat_map(|(template, operations)| {
            let methods = operations.as_object().unwrap().keys();
            methods.map(|method| Self { method: method.clone(), template: template.clone() })
        });
        operations.collect()
    }

    /// `POST /channels/{channel_id}/messages`
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.template)
    }

    /// Where the document tells of it.
    pub(super) fn pointer(&self) -> String {
        format!("/paths/{}/{}", self.template.replace('~', "~0").replace('/', "~1"), self.method)
    }
}

fn fits(template: &str, path: &str) -> bool {
    let same = |(part, given): (&str, &str)| part == given || (part.starts_with('{') && !given.is_empty());
    template.matches('/').count() == path.matches('/').count() && template.split('/').zip(path.split('/')).all(same)
}
