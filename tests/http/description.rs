//! What the server says of itself is so (H6): each route in the document is asked, and answers as it is documented.

use serde_json::{Value, json};

use super::{
    client::{Ask, Reply},
    given::Served,
};

const METHODS: [(&str, &str); 3] = [("get", "GET"), ("post", "POST"), ("delete", "DELETE")];

/// Each operation of the document: path, method, and what is said of it.
fn operations(api: &Value) -> Vec<(String, &'static str, Value)> {
    let paths = api["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, methods)| {
        methods.as_object().unwrap().iter().map(move |(method, operation)| {
            let (_, method) = METHODS.iter().find(|(name, _)| name == method).unwrap();
            (path.clone(), *method, operation.clone())
        })
    });
    operations.collect()
}

/// H6
#[test]
fn every_route_is_documented() {
    let served = Served::new();
    let api = served.ask(Ask::get("/openapi.json")).done(200);
    let routes: Vec<_> = operations(&api).into_iter().map(|(path, method, _)| format!("{method} {path}")).collect();
    let expected = [
        "GET /api/v1/downloads/code-execution/chat/{chat_id}/files",
        "GET /api/v1/downloads/code-execution/file/{file_id}",
        "GET /api/v1/downloads/code-execution/{message_id}/files",
        "POST /api/v1/executions",
        "DELETE /api/v1/executions/{execution_id}",
        "GET /api/v1/executions/{execution_id}/events",
        "GET /api/v1/files",
        "POST /api/v1/files",
        "DELETE /api/v1/files/{file_id}",
        "GET /api/v1/files/{file_id}",
        "GET /api/v1/files/{file_id}/content",
        "DELETE /api/v1/session",
        "GET /api/v1/status",
        "GET /healthz",
        "GET /metrics",
        "GET /readyz",
    ];
    assert_eq!(routes, expected);
    for (path, method, operation) in operations(&api) {
        for text in ["summary", "operationId"] {
            assert!(operation[text].as_str().is_some_and(|text| !text.is_empty()), "{method} {path} has no {text}");
        }
    }
}

/// H6
#[test]
fn every_route_answers_as_it_is_documented() {
    let served = Served::new();
    let api = served.ask(Ask::get("/openapi.json")).done(200);
    let uploaded = served.ask(Ask::upload(&[("message_id", None, b"m"), ("file", Some("a.txt"), b"x")])).done(201);
    let code = json!({ "code": "open('b.txt', 'w').write('y')\ndisplay(1)\n1 / 0", "message_id": "m", "chat_id": "c" });
    let made = served.ask(Ask::run(&code)).done(200);
    let ids = [uploaded["files"][0]["id"].clone(), made["generated_file_ids"][0].clone()];
    // Deletions come last.
    let mut operations = operations(&api);
    operations.sort_by_key(|(_, method, _)| *method == "DELETE");
    for (path, method, operation) in operations {
        for id in [ids[0].as_str().unwrap(), ids[1].as_str().unwrap(), "unknown", "%20", "m", "c"] {
            let filled =
                path.split('/').map(|part| if part.starts_with('{') { id } else { part }).collect::<Vec<_>>().join("/");
            for ask in asks(method, &filled) {
                let reply = served.ask(ask);
                check(&api, &operation, &reply, &format!("{method} {filled}"));
            }
        }
    }
    let key = served.key(1);
    let reply = served.ask(Ask::get("/api/v1/files"));
    check(&api, &api["paths"]["/api/v1/files"]["get"], &reply, "without a key");
    assert_eq!(served.ask(Ask::get("/api/v1/files").key(&key)).status, 200);
}

/// Requests to a route: with and without what it wants.
fn asks(method: &'static str, path: &str) -> Vec<Ask> {
    let plain = Ask::new(method, path);
    match (method, path) {
        ("POST", "/api/v1/executions") => {
            let documents = [json!({ "code": "1" }), json!({}), json!([]), json!({ "code": "1", "timeout": -1 })];
            documents.iter().map(Ask::run).chain([plain]).collect()
        }
        ("POST", _) => vec![Ask::upload(&[("file", Some("c.txt"), b"z")]), Ask::upload(&[]), plain],
        _ => vec![plain],
    }
}

fn check(api: &Value, operation: &Value, reply: &Reply, asked: &str) {
    let responses = operation["responses"].as_object().unwrap();
    let (status, class) = (reply.status.to_string(), format!("{}XX", reply.status / 100));
    let response = responses.get(&status).or_else(|| responses.get(&class));
    let response = response.unwrap_or_else(|| panic!("{asked}: {status} is not documented"));
    let Some(contents) = response["content"].as_object() else {
        assert_eq!(reply.body, b"", "{asked}");
        return;
    };
    let media_type = reply.header("content-type").unwrap().split(';').next().unwrap();
    // A file is of whatever type it is.
    if let Some(content) = contents.get(media_type) {
        if media_type == "application/json" {
            let wrong = mismatches(api, &content["schema"], &reply.json(), "answer");
            assert_eq!(wrong, Vec::<String>::new(), "{asked}: {}", reply.text());
        }
    } else {
        assert!(contents.contains_key("*/*"), "{asked}: {media_type} is not documented");
    }
}

/// Where a document is not as its schema says, as far as our schemas go.
fn mismatches(api: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    if let Some(name) = schema["$ref"].as_str() {
        return mismatches(api, api.pointer(&name[1..]).unwrap(), value, at);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let fits = choices.iter().any(|choice| mismatches(api, choice, value, at).is_empty());
        return if fits { Vec::new() } else { vec![format!("{at} is none of its choices")] };
    }
    let types: Vec<_> = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().into_iter().collect(),
    };
    if !types.is_empty() && !types.iter().any(|name| is_of(name, value)) {
        return vec![format!("{at} is {value}, not {types:?}")];
    }
    let mut wrong = Vec::new();
    if let Some(fields) = value.as_object() {
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        wrong.extend(required.filter(|name| !fields.contains_key(*name)).map(|name| format!("{at} has no {name}")));
        for (name, field) in fields {
            let of_field = schema["properties"].get(name).or_else(|| schema.get("additionalProperties"));
            match of_field {
                Some(of_field) => wrong.extend(mismatches(api, of_field, field, &format!("{at}.{name}"))),
                None => wrong.push(format!("{at}.{name} is not documented")),
            }
        }
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        wrong.extend(mismatches(api, &schema["items"], item, &format!("{at}[{index}]")));
    }
    wrong
}

fn is_of(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}
