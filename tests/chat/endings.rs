//! How answers end, whole or not (A7).

use std::time::Duration;

use futures_util::StreamExt;
use serde_json::{Value, json};
use taipan::chat::{
    model::{ChatModel, Delta, Endpoint, FinishReason, Finished, ModelError, Timeouts},
    tokens::Usage,
};

use super::{
    endpoint::{ModelEndpoint, Said, Scripted, delta, finish, usage},
    question, said,
};

fn stopped(usage: Option<Usage>) -> Finished {
    Finished { reason: FinishReason::Stop, usage, model: Some("test-model-1".to_owned()) }
}

fn words(text: &str) -> Value {
    delta(json!({ "content": text }))
}

#[tokio::test]
async fn an_answer_by_the_book_is_heard_piece_by_piece() {
    let endpoint = ModelEndpoint::start([Scripted::text("All is well.")]).await;
    let deltas: Vec<_> = endpoint.model().answer(question()).map(Result::unwrap).collect().await;
    let usage = Usage { input: 10, cached_input: 0, output: 5, reasoning: 0 };
    let text = |text: &str| Delta::Text(text.to_owned());
    let expected = [text("All "), text("is "), text("well."), Delta::Finished(stopped(Some(usage)))];
    assert_eq!(deltas, expected);
}

#[tokio::test]
async fn content_may_be_null_absent_empty_or_in_parts() {
    let pieces = [
        delta(json!({ "role": "assistant", "content": null })),
        delta(json!({ "role": "assistant" })),
        words(""),
        delta(json!({ "content": [{ "type": "thinking", "thinking": [] }, { "type": "text", "text": "Well" }] })),
        json!({ "model": "test-model-1", "choices": [{ "index": 0, "finish_reason": "stop" }] }),
    ];
    let said = said(Scripted::stream(pieces)).await;
    assert_eq!((said.text.as_str(), said.end), ("Well", Ok(stopped(None))));
}

#[tokio::test]
async fn fields_nobody_knows_are_passed_over() {
    let mut piece = words("Well");
    piece["x_groq"] = json!({ "id": 1 });
    piece["choices"][0]["logprobs"] = json!([]);
    piece["choices"][0]["delta"]["reasoning_content"] = json!("Let me think");
    let said = said(Scripted::stream([json!({ "prompt_filter_results": [] }), piece, finish("stop")])).await;
    assert_eq!((said.text.as_str(), said.end), ("Well", Ok(stopped(None))));
}

#[tokio::test]
async fn usage_may_be_empty_null_or_in_a_last_piece_without_choices() {
    let usage_of = |usage: Value| {
        let last = json!({ "model": "test-model-1", "choices": [], "usage": usage });
        async { said(Scripted::stream([words("Well"), finish("stop"), last])).await.finished().usage }
    };
    assert_eq!(usage_of(json!({})).await, None);
    assert_eq!(usage_of(Value::Null).await, None);
    let whole = json!({ "prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150,
        "prompt_tokens_details": { "cached_tokens": 60 }, "completion_tokens_details": { "reasoning_tokens": 20 } });
    assert_eq!(usage_of(whole).await, Some(Usage { input: 100, cached_input: 60, output: 50, reasoning: 20 }));
}

#[tokio::test]
async fn numbers_may_be_floats_or_texts() {
    let told = json!({ "prompt_tokens": 100.0, "completion_tokens": "50", "prompt_tokens_details": { "cached_tokens": 60.0 } });
    let last = json!({ "model": "test-model-1", "choices": [], "usage": told });
    let usage = said(Scripted::stream([words("Well"), finish("stop"), last])).await.finished().usage;
    assert_eq!(usage, Some(Usage { input: 100, cached_input: 60, output: 50, reasoning: 0 }));
}

/// A6
#[tokio::test]
async fn reasoning_counted_beside_the_output_belongs_to_it() {
    let told = json!({ "prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 140,
        "completion_tokens_details": { "reasoning_tokens": 30 } });
    let last = json!({ "choices": [], "usage": told });
    let usage = said(Scripted::stream([words("Well"), finish("stop"), last])).await.finished().usage;
    assert_eq!(usage, Some(Usage { input: 100, cached_input: 0, output: 40, reasoning: 30 }));
}

#[tokio::test]
async fn the_end_may_be_said_in_one_way_or_another() {
    let pieces = || [words("Well"), finish("stop")];
    for answer in [
        Scripted::pieces(pieces()),
        Scripted::pieces(pieces()).then("data: [DONE]"),
        Scripted::pieces(pieces()).cut(),
        Scripted::stream([words("Well"), finish("")]),
        Scripted::pieces(pieces()).then("data: {\"error\": {\"message\": \"too late\"}}\n\n"),
        Scripted::raw(": a comment\r\n\r\nevent: message\r\ndata:")
            .then(&format!("{}\r\n\r\ndata: ping\r\n\r\ndata: [DONE]\r\n\r\n", words("Well"))),
    ] {
        let said = said(answer).await;
        assert_eq!((said.text.as_str(), said.end), ("Well", Ok(stopped(None))));
    }
}

/// What is said after the end is not waited for long.
#[tokio::test]
async fn a_connection_that_stays_open_after_the_end_is_left() {
    let endpoint = ModelEndpoint::start([Scripted::pieces([words("Well"), finish("stop")]).held_open()]).await;
    let mut answer = endpoint.model().answer(question());
    assert_eq!(answer.next().await.unwrap().unwrap(), Delta::Text("Well".to_owned()));
    tokio::time::pause();
    assert_eq!(answer.next().await.unwrap().unwrap(), Delta::Finished(stopped(None)));
    assert_eq!(answer.next().await, None);
}

#[tokio::test]
async fn an_answer_that_is_cut_off_is_none() {
    for answer in [
        Scripted::pieces([words("Well")]).cut(),
        Scripted::pieces([words("Well")]),
        Scripted::pieces([words("Well")]).then("data: {\"choices\": [{\"del").cut(),
        Scripted::pieces([words("Well")]).then("data: {\"choices\": [{\"del"),
    ] {
        let said = said(answer).await;
        assert_eq!((said.text.as_str(), said.repeats.len()), ("Well", 0));
        assert_eq!(said.complaint(), "The connection ended in the middle of the answer. Ask again.");
    }
}

/// Nothing was said yet, so nothing can be said twice.
#[tokio::test]
async fn an_answer_that_is_cut_off_before_its_first_word_is_asked_for_again() {
    let call = delta(
        json!({ "tool_calls": [{ "index": 0, "id": "a", "function": { "name": "execute", "arguments": "{" } }] }),
    );
    let endpoint = ModelEndpoint::start([Scripted::pieces([call]).cut(), Scripted::text("Well.")]).await;
    let said = Said::by(endpoint.model().answer(question())).await;
    assert_eq!((said.text.as_str(), said.calls.len(), said.repeats), ("Well.", 0, vec![ModelError::CutOff]));
    assert_eq!(endpoint.requests().len(), 2);
}

#[tokio::test]
async fn an_error_within_an_answer_ends_it() {
    for (error, sentence) in [
        (
            json!({ "message": "Overloaded", "code": 529 }),
            "The model's endpoint has a problem of its own (status 529). Try again in a minute.",
        ),
        (json!("out of memory"), "The model's endpoint has a problem of its own (status 500). Try again in a minute."),
        (
            json!({ "message": "Rate limit reached", "code": "rate_limit_exceeded" }),
            "The endpoint gets more questions than it takes. Try again in a minute.",
        ),
        (
            json!({ "message": "Filtered", "code": "content_filter" }),
            "The model's provider refuses to answer this because of its content. Ask in another way.",
        ),
    ] {
        let said = said(Scripted::pieces([words("Well"), json!({ "error": error })])).await;
        assert_eq!((said.text.as_str(), said.complaint()), ("Well", sentence.to_owned()));
    }
}

#[tokio::test]
async fn an_error_may_stand_for_itself_or_in_a_list() {
    let error =
        json!({ "object": "error", "message": "This model's maximum context length is 8192 tokens.", "code": 400 });
    assert_eq!(said(Scripted::pieces([error])).await.end, Err(ModelError::TooLong));
    let listed = json!([{ "error": { "code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT" } }]);
    let complaint = said(Scripted::error(400, listed)).await.complaint();
    assert_eq!(complaint, "The endpoint refused the request (status 400): API key not valid.");
}

#[tokio::test]
async fn a_refusal_of_the_provider_and_a_full_answer_are_told_apart() {
    let refused = said(Scripted::stream([words("We"), finish("content_filter")])).await;
    assert_eq!(refused.end, Err(ModelError::RefusedContent));
    let full = said(Scripted::stream([words("We"), finish("length")])).await;
    assert_eq!(full.finished().reason, FinishReason::Length);
}

#[tokio::test]
async fn an_answer_may_come_as_one_document() {
    let function = json!({ "name": "execute", "arguments": "{}" });
    let message =
        json!({ "role": "assistant", "content": "Well", "tool_calls": [{ "id": "a", "function": function }] });
    let document = json!({ "object": "chat.completion", "model": "test-model-1",
        "choices": [{ "message": message, "finish_reason": null }], "usage": { "prompt_tokens": 3, "completion_tokens": 2 } });
    let said = said(Scripted::json(&document).header("content-type", "text/event-stream")).await;
    assert_eq!((said.text.as_str(), said.called()), ("Well", vec!["a execute {}".to_owned()]));
    assert_eq!(said.finished().reason, FinishReason::ToolCalls);
    assert_eq!(said.finished().usage.unwrap().total(), 5);
}

#[tokio::test]
async fn a_web_page_is_no_answer() {
    let endpoint = ModelEndpoint::start([Scripted::html("\n<!doctype html><title>Welcome</title>")]).await;
    let said = Said::by(endpoint.model().answer(question())).await;
    let expected = format!(
        "What answers at {}/v1 is not a model's endpoint. Check OPENAI_BASE_URL, which often ends with /v1.",
        endpoint.root()
    );
    assert_eq!(said.complaint(), expected);
}

#[tokio::test]
async fn nonsense_is_no_answer() {
    for answer in [
        Scripted::raw("{]"),
        Scripted::raw("[]"),
        Scripted::json(&json!({ "detail": "Welcome" })),
        Scripted::raw("data: {]\n\n"),
        Scripted::raw("data: {\"a\": \"\u{0}\"}\n\n"),
    ] {
        assert_eq!(said(answer).await.end, Err(ModelError::Unreadable));
    }
}

#[tokio::test]
async fn a_line_and_an_answer_are_bounded() {
    let line = Scripted::raw(&format!("data: {{\"x\": \"{}", "x".repeat(3 << 20)));
    assert_eq!(said(line).await.end, Err(ModelError::TooLarge { megabytes: 2 }));
    let pieces = (0..20).map(|_| json!({ "x": "x".repeat(1 << 20) }));
    let complaint = said(Scripted::pieces(pieces)).await.complaint();
    assert_eq!(complaint, "The endpoint's answer is larger than 16 MB and was not read further.");
}

/// A7
#[tokio::test]
async fn an_endpoint_that_never_answers_is_not_waited_for_forever() {
    let endpoint = ModelEndpoint::start([Scripted::Silent]).await;
    let model = endpoint.model();
    let stop_the_clock = async {
        endpoint.was_asked(1).await;
        // From here on time passes when nothing else happens.
        tokio::time::pause();
    };
    let (said, ()) = tokio::join!(Said::by(model.answer(question())), stop_the_clock);
    assert_eq!(said.complaint(), "The model took longer than 300 seconds. Try again, or ask for less at once.");
    assert_eq!(said.repeats, []);
}

#[tokio::test]
async fn silence_in_the_middle_of_an_answer_ends_it() {
    let endpoint = ModelEndpoint::start([Scripted::pieces([words("Well")]).held_open()]).await;
    let timeouts = Timeouts { idle: Duration::from_secs(7), ..Timeouts::default() };
    let model = endpoint.model_with(Endpoint { timeouts, ..Endpoint::new(endpoint.address(), None) });
    let mut answer = model.answer(question());
    assert_eq!(answer.next().await.unwrap().unwrap(), Delta::Text("Well".to_owned()));
    tokio::time::pause();
    assert_eq!(answer.next().await, Some(Err(ModelError::TimedOut { limit: Duration::from_secs(7) })));
    assert_eq!(answer.next().await, None);
}

#[tokio::test]
async fn signs_of_life_are_not_listened_to_forever() {
    let endpoint = ModelEndpoint::start([Scripted::pieces([words("Well")]).then(": alive\n\n").held_open()]).await;
    let timeouts = Timeouts { idle: Duration::MAX, whole: Duration::from_secs(20), ..Timeouts::default() };
    let model = endpoint.model_with(Endpoint { timeouts, ..Endpoint::new(endpoint.address(), None) });
    let mut answer = model.answer(question());
    assert_eq!(answer.next().await.unwrap().unwrap(), Delta::Text("Well".to_owned()));
    tokio::time::pause();
    assert_eq!(answer.next().await, Some(Err(ModelError::TimedOut { limit: Duration::from_secs(20) })));
}

/// Whatever stands in the fields, the reader goes on or says that it cannot.
#[tokio::test]
async fn fields_of_the_wrong_kind_do_no_harm() {
    let odd = [
        json!(null),
        json!(7),
        json!(-1.5),
        json!("x"),
        json!([]),
        json!({}),
        json!([[{ "index": -1 }]]),
        json!(u64::MAX),
    ];
    let pieces = odd.into_iter().flat_map(|odd| {
        let mut piece = delta(json!({ "content": odd, "tool_calls": odd, "refusal": odd }));
        piece["usage"] = json!({ "prompt_tokens": odd, "completion_tokens": odd, "total_tokens": odd,
            "completion_tokens_details": { "reasoning_tokens": odd } });
        let call = json!({ "tool_calls": [{ "index": odd, "id": odd, "function": odd }, odd] });
        [piece, delta(odd.clone()), delta(call), json!({ "choices": odd }), json!({ "choices": [odd] })]
    });
    let said = said(Scripted::stream(pieces.collect::<Vec<_>>())).await;
    assert_eq!((said.text.as_str(), said.end.is_ok()), ("x", true));
}

/// A dropped answer takes its connection along: that is how a turn is cancelled.
#[tokio::test]
async fn nobody_is_asked_before_the_answer_is_wanted_and_dropping_it_ends_the_request() {
    let endpoint = ModelEndpoint::start([Scripted::pieces([words("Well")]).held_open()]).await;
    let mut answer = endpoint.model().answer(question());
    assert_eq!(endpoint.requests().len(), 0);
    answer.next().await.unwrap().unwrap();
    assert_eq!(endpoint.open_answers(), 1);
    drop(answer);
    endpoint.is_left_alone().await;
}

#[tokio::test]
async fn usage_that_grows_with_every_piece_counts_once() {
    let growing = |output: u64| {
        let mut piece = words("x");
        piece["usage"] = usage(10, output)["usage"].clone();
        piece
    };
    let said = said(Scripted::stream([growing(1), growing(2), growing(3), finish("stop")])).await;
    assert_eq!(said.finished().usage, Some(Usage { input: 10, cached_input: 0, output: 3, reasoning: 0 }));
}
