use axum::{
    body,
    http::{HeaderMap, Request},
};
use serde_json::Value;

/// Larger than any question.
const LARGEST: usize = 64 * 1024 * 1024;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// The path, with what stands after `?`.
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Received {
    pub(super) async fn read(request: Request<body::Body>) -> Self {
        let (head, content) = request.into_parts();
        let content = body::to_bytes(content, LARGEST).await.unwrap();
        let path = head.uri.path_and_query().unwrap().to_string();
        Self { path, headers: head.headers, body: serde_json::from_slice(&content).unwrap_or_default() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// What the model is told of its calls, oldest first, in either dialect.
    pub(crate) fn tool_results(&self) -> Vec<String> {
        let items = ["messages", "input"].iter().filter_map(|list| self.body[list].as_array()).flatten();
        let results = items.filter_map(|item| {
            let is_result = item["role"] == "tool" || item["type"] == "function_call_output";
            is_result.then(|| item["content"].as_str().or(item["output"].as_str()).unwrap().to_owned())
        });
        results.collect()
    }
}
