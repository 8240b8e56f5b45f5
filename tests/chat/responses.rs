//! The dialect Responses, and how a model comes to be asked in it (issue "The assistant", part 1).

use serde_json::{Value, json};
use taipan::chat::{
    model::{ChatModel, FinishReason, Finished, ModelError},
    tokens::Usage,
};

use super::{
    asking::conversation,
    endpoint::{ModelEndpoint, Said, Scripted},
    question, question_with_tools,
};

pub(super) const WANTS_RESPONSES: &str = "Function tools with reasoning_effort are not supported for test-model in \
    /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.";

fn refused() -> Scripted {
    Scripted::refusal(400, WANTS_RESPONSES)
}

/// An answer in events, each with its name.
pub(super) fn events(events: impl IntoIterator<Item = Value>) -> Scripted {
    let named =
        events.into_iter().map(|event| format!("event: {}\ndata: {event}\n\n", event["type"].as_str().unwrap()));
    Scripted::raw(&named.collect::<String>())
}

pub(super) fn completed(output: Value) -> Value {
    let usage = json!({ "input_tokens": 100, "input_tokens_details": { "cached_tokens": 60 },
        "output_tokens": 50, "output_tokens_details": { "reasoning_tokens": 20 }, "total_tokens": 150 });
    let mut response = json!({ "object": "response", "model": "test-model-1", "status": "completed", "error": null,
        "incomplete_details": null, "usage": usage });
    response["output"] = output;
    json!({ "type": "response.completed", "sequence_number": 9, "response": response })
}

fn call(id: &str, arguments: &str) -> Value {
    json!({ "type": "function_call", "id": format!("fc_{id}"), "call_id": id, "name": "execute", "arguments": arguments })
}

fn well() -> Scripted {
    events([json!({ "type": "response.output_text.delta", "delta": "Well." }), completed(json!([]))])
}

/// What is heard of an answer in this dialect.
async fn said(answer: Scripted) -> Said {
    let endpoint = ModelEndpoint::start([refused(), answer]).await;
    Said::by(endpoint.model().answer(question_with_tools())).await
}

#[tokio::test]
async fn a_model_that_wants_responses_is_asked_so_and_this_is_remembered() {
    let endpoint = ModelEndpoint::start([refused(), well(), well(), Scripted::text("Other.")]).await;
    let model = endpoint.model();
    for _ in 0..2 {
        let said = Said::by(model.answer(question_with_tools())).await;
        assert_eq!((said.text.as_str(), said.repeats), ("Well.", vec![]));
    }
    let mut other = question_with_tools();
    "other-model".clone_into(&mut other.model);
    assert_eq!(Said::by(model.answer(other)).await.text, "Other.");
    let paths: Vec<_> = endpoint.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, ["/v1/chat/completions", "/v1/responses", "/v1/responses", "/v1/chat/completions"]);
}

#[tokio::test]
async fn where_there_are_no_responses_the_model_is_asked_not_to_reason() {
    let no_such_path = || Scripted::error(404, json!({ "detail": "Not Found" }));
    let endpoint =
        ModelEndpoint::start([refused(), no_such_path(), Scripted::text("Well."), Scripted::text("Well.")]).await;
    let model = endpoint.model();
    for _ in 0..2 {
        assert_eq!(Said::by(model.answer(question_with_tools())).await.text, "Well.");
    }
    let requests = endpoint.requests();
    let asked: Vec<_> = requests.iter().map(|asked| (asked.path.as_str(), &asked.body["reasoning_effort"])).collect();
    let (completions, none) = ("/v1/chat/completions", json!("none"));
    let expected =
        [(completions, &Value::Null), ("/v1/responses", &Value::Null), (completions, &none), (completions, &none)];
    assert_eq!(asked, expected);
}

#[tokio::test]
async fn a_model_that_only_wants_no_reasoning_is_asked_so_once() {
    let message = "Function tools need reasoning_effort to be 'none' for this model.";
    let endpoint = ModelEndpoint::start([Scripted::refusal(400, message), Scripted::refusal(400, message)]).await;
    let said = Said::by(endpoint.model().answer(question_with_tools())).await;
    assert_eq!(said.complaint(), format!("The endpoint refused the request (status 400): {message}"));
    assert_eq!(endpoint.requests()[1].body["reasoning_effort"], "none");
    assert_eq!(endpoint.requests().len(), 2);
}

#[tokio::test]
async fn a_question_without_tools_is_not_repeated_for_them() {
    let endpoint = ModelEndpoint::start([refused(), well()]).await;
    Said::by(endpoint.model().answer(question())).await.end.unwrap_err();
    assert_eq!(endpoint.answers_left(), 1);
}

#[tokio::test]
async fn a_conversation_is_written_as_responses() {
    let endpoint = ModelEndpoint::start([refused(), well()]).await;
    Said::by(endpoint.model().answer(conversation())).await.end.unwrap();
    let parameters = json!({ "type": "object", "properties": { "code": { "type": "string" } }, "required": ["code"] });
    let expected = json!({
        "model": "test-model",
        "input": [
            { "role": "system", "content": "Be brief." },
            { "role": "user", "content": [{ "type": "input_text", "text": "Hello" }] },
            { "role": "assistant", "content": "Hi!" },
            { "role": "user", "content": [
                { "type": "input_text", "text": "What is this?" },
                { "type": "input_image", "image_url": "https://example.org/plot.png", "detail": "low" },
            ] },
            { "type": "function_call", "call_id": "call_7", "name": "execute", "arguments": "{\"code\":\"1\"}" },
            { "type": "function_call", "call_id": "call_8", "name": "execute", "arguments": "print(1)" },
            { "type": "function_call_output", "call_id": "call_7", "output": "1" },
            { "type": "function_call_output", "call_id": "call_8", "output": "The arguments are not JSON." },
        ],
        "tools": [{ "type": "function", "name": "execute", "description": "Runs Python.", "parameters": parameters,
            "strict": false }],
        "include": ["reasoning.encrypted_content"],
        "max_output_tokens": 500,
        "stream": true,
        "store": false,
    });
    assert_eq!(endpoint.requests()[1].body, expected);
    assert_eq!(endpoint.requests()[1].tool_results(), ["1", "The arguments are not JSON."]);
}

#[tokio::test]
async fn text_calls_and_usage_are_read_from_events() {
    let delta = |text: &str| json!({ "type": "response.output_text.delta", "item_id": "m", "delta": text });
    let done = |item: Value| json!({ "type": "response.output_item.done", "item": item });
    let said = said(events([
        json!({ "type": "response.created", "response": { "object": "response", "error": null, "output": [] } }),
        done(json!({ "type": "reasoning", "id": "rs_1", "summary": [] })),
        delta("I look "),
        delta("at both."),
        done(json!({ "type": "message", "content": [{ "type": "output_text", "text": "I look at both." }] })),
        done(call("a", "{}")),
        done(call("b", "not json")),
        completed(json!([call("a", "{}"), call("b", "not json")])),
    ]))
    .await;
    let usage = Usage { input: 100, cached_input: 60, output: 50, reasoning: 20 };
    let finished =
        Finished { reason: FinishReason::ToolCalls, usage: Some(usage), model: Some("test-model-1".to_owned()) };
    let called = vec!["a execute {}".to_owned(), "b execute not json".to_owned()];
    assert_eq!((said.text.as_str(), said.called(), said.end), ("I look at both.", called, Ok(finished)));
}

#[tokio::test]
async fn an_answer_may_come_as_one_document() {
    let message = json!({ "type": "message", "content": [{ "type": "output_text", "text": "Well." }] });
    let document = completed(json!([message, call("a", "{}")]))["response"].clone();
    let said = said(Scripted::json(&document)).await;
    assert_eq!((said.text.as_str(), said.called()), ("Well.", vec!["a execute {}".to_owned()]));
    assert_eq!(said.finished().reason, FinishReason::ToolCalls);
}

#[tokio::test]
async fn an_incomplete_answer_says_why() {
    let incomplete = |reason: &str| {
        let response = json!({ "object": "response", "incomplete_details": { "reason": reason }, "output": [] });
        events([json!({ "type": "response.incomplete", "response": response })])
    };
    assert_eq!(said(incomplete("max_output_tokens")).await.finished().reason, FinishReason::Length);
    assert_eq!(said(incomplete("content_filter")).await.end, Err(ModelError::RefusedContent));
}

#[tokio::test]
async fn an_error_within_an_answer_ends_it() {
    let delta = json!({ "type": "response.output_text.delta", "delta": "We" });
    let failed = json!({ "type": "response.failed",
        "response": { "error": { "code": "server_error", "message": "Something went wrong." } } });
    let error = json!({ "type": "error", "code": "context_length_exceeded", "message": "Too many tokens." });
    for (event, expected) in [(failed, ModelError::Failing { status: 500, until: None }), (error, ModelError::TooLong)]
    {
        assert_eq!(said(events([delta.clone(), event])).await.end, Err(expected));
    }
    assert_eq!(said(events([delta])).await.end, Err(ModelError::CutOff));
}

/// A model that does not give its reasoning out is asked without it, once and for all.
#[tokio::test]
async fn a_model_that_keeps_its_reasoning_is_not_asked_for_it_again() {
    let message = "Encrypted content is not supported with this model.";
    let endpoint = ModelEndpoint::start([refused(), Scripted::refusal(400, message), well(), well()]).await;
    let model = endpoint.model();
    for _ in 0..2 {
        assert_eq!(Said::by(model.answer(question_with_tools())).await.text, "Well.");
    }
    let asked_for: Vec<_> = endpoint.requests()[1..].iter().map(|request| request.body["include"].clone()).collect();
    assert_eq!(asked_for, [json!(["reasoning.encrypted_content"]), Value::Null, Value::Null]);
}

/// What cannot be taken up again does not come back, and the calls are written as without it.
#[tokio::test]
async fn reasoning_that_nobody_can_read_does_not_come_back() {
    let empty = json!({ "type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": null });
    let said = said(events([completed(json!([empty, call("a", "{}")]))])).await;
    assert_eq!((said.called(), said.reasoned), (vec!["a execute {}".to_owned()], None));
}

/// DESIGN 6.2: nor does what is too long to be sent again and again.
#[tokio::test]
async fn reasoning_without_end_does_not_come_back() {
    let thought = |bytes| json!({ "type": "reasoning", "id": "rs_1", "encrypted_content": "x".repeat(bytes) });
    for (bytes, comes_back) in [(500_000, true), (1_100_000, false)] {
        let said = said(events([completed(json!([thought(bytes), call("a", "{}")]))])).await;
        assert_eq!((said.called(), said.reasoned.is_some()), (vec!["a execute {}".to_owned()], comes_back));
    }
}
