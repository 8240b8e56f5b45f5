//! What is repeated, what is learned, and what a person reads (A7).

use rstest::rstest;
use serde_json::{Value, json};
use taipan::chat::model::{Address, ChatModel, Endpoint, ModelError, Secret};

use super::{
    endpoint::{KEY, ModelEndpoint, Said, Scripted},
    question, question_with_tools,
};

fn busy() -> Scripted {
    Scripted::refusal(429, "Slow down.")
}

/// What is heard, and the pauses in seconds.
async fn heard(answers: impl IntoIterator<Item = Scripted>) -> (Said, Vec<f64>) {
    let endpoint = ModelEndpoint::start(answers).await;
    let said = Said::by(endpoint.model().answer(question())).await;
    assert_eq!(endpoint.answers_left(), 0);
    (said, endpoint.clock.pauses())
}

#[tokio::test]
async fn a_busy_endpoint_is_asked_again_after_growing_pauses() {
    let (said, pauses) = heard([busy(), Scripted::refusal(503, "Overloaded"), busy(), Scripted::text("Well.")]).await;
    let failing = ModelError::Failing { status: 503, until: None };
    let limited = || ModelError::RateLimited { until: None };
    assert_eq!((said.text.as_str(), said.repeats), ("Well.", vec![limited(), failing, limited()]));
    assert_eq!(pauses, [1.0, 2.0, 4.0]);
}

#[rstest]
#[case("retry-after", "7", 7.0)]
#[case("retry-after", "0.5", 0.5)]
#[case("retry-after", "0", 0.0)]
#[case("retry-after", "Sat, 21 Nov 2026 12:00:09 GMT", 9.0)]
#[case("retry-after", "Sat, 21 Nov 2026 11:00:00 GMT", 0.0)]
#[case("retry-after", "soon", 1.0)]
#[case("retry-after", "-5", 1.0)]
#[case("retry-after-ms", "250", 0.25)]
#[tokio::test]
async fn an_endpoint_says_when_to_ask_again(#[case] header: &str, #[case] value: &str, #[case] pause: f64) {
    for status in [429, 503] {
        let refusal = Scripted::refusal(status, "Slow down.").header(header, value);
        let (said, pauses) = heard([refusal, Scripted::text("Well.")]).await;
        assert_eq!((said.text.as_str(), pauses), ("Well.", vec![pause]));
    }
}

#[tokio::test]
async fn an_endpoint_that_wants_a_long_pause_is_left_alone() {
    let (said, pauses) = heard([busy().header("retry-after", "3600")]).await;
    let expected = "The endpoint gets more questions than it takes. Try again after 2026-11-21 13:00:00 UTC.";
    assert_eq!((said.complaint().as_str(), pauses), (expected, vec![]));
}

#[tokio::test]
async fn an_endpoint_is_asked_four_times_at_most() {
    let failing = || Scripted::error(502, json!("<html>Bad gateway</html>"));
    let (said, pauses) = heard([failing(), failing(), failing(), failing()]).await;
    let expected = "The model's endpoint has a problem of its own (status 502). Try again in a minute.";
    assert_eq!((said.complaint().as_str(), pauses), (expected, vec![1.0, 2.0, 4.0]));
}

#[tokio::test]
async fn an_endpoint_that_is_away_is_named_by_its_fault() {
    let gone = ModelEndpoint::start([]).await;
    let endpoint = ModelEndpoint::start([]).await;
    let address = gone.address();
    gone.stop().await;
    let said = Said::by(endpoint.model_with(Endpoint::new(address, None)).answer(question())).await;
    let expected = "The model's endpoint cannot be reached (Connection refused (os error 111)). \
        Check OPENAI_BASE_URL, or try again later.";
    assert_eq!((said.complaint().as_str(), endpoint.clock.pauses()), (expected, vec![1.0, 2.0, 4.0]));
}

#[tokio::test]
async fn a_plain_endpoint_asked_in_secret_is_named_by_its_fault() {
    let endpoint = ModelEndpoint::start([]).await;
    let address: Address = endpoint.root().replace("http:", "https:").parse().unwrap();
    let said = Said::by(endpoint.model_with(Endpoint::new(address, None)).answer(question())).await;
    let expected = "The model's endpoint cannot be reached (received corrupt message of type InvalidContentType). \
        Check OPENAI_BASE_URL, or try again later.";
    assert_eq!(said.complaint(), expected);
}

/// What is refused is not asked for again, and each reason has a sentence.
#[rstest]
#[case::wrong_key(401, json!({ "error": { "message": format!("Incorrect API key provided: {KEY}") } }),
    "The model's endpoint does not accept the key. Check OPENAI_API_KEY.")]
#[case::no_json(401, json!("no"), "The model's endpoint does not accept the key. Check OPENAI_API_KEY.")]
#[case::not_allowed(403, json!({ "error": { "message": "Country not supported" } }),
    "The key may not be used for the model `test-model`. Choose another model, or ask whoever owns the key.")]
#[case::no_credit(429, json!({ "error": { "message": "You exceeded your quota", "code": "insufficient_quota" } }),
    "The account behind the key has no credit left. It has to be topped up before the model answers again.")]
#[case::paid(402, json!({ "error": { "message": "Payment required" } }),
    "The account behind the key has no credit left. It has to be topped up before the model answers again.")]
#[case::unknown_model(404, json!({ "error": { "message": "The model `x` does not exist", "code": "model_not_found" } }),
    "The endpoint does not know the model `test-model`. Check OPENAI_MODEL.")]
#[case::unknown_model_in_other_words(400, json!({ "error": { "message": "x is not a valid model ID", "code": 400 } }),
    "The endpoint does not know the model `test-model`. Check OPENAI_MODEL.")]
#[case::unknown_model_of_a_local_server(404, json!({ "error": "model \"x\" not found, try pulling it first" }),
    "The endpoint does not know the model `test-model`. Check OPENAI_MODEL.")]
#[case::too_long(400, json!({ "error": { "message": "Too long", "code": "context_length_exceeded" } }),
    "The conversation is longer than the model can read. Start a new one, or send less.")]
#[case::too_long_in_other_words(400, json!({ "object": "error", "message": "This model's maximum context length is 8192 tokens." }),
    "The conversation is longer than the model can read. Start a new one, or send less.")]
#[case::too_large(413, json!({}), "The conversation is longer than the model can read. Start a new one, or send less.")]
#[case::content(400, json!({ "error": { "message": "Filtered", "code": "content_filter" } }),
    "The model's provider refuses to answer this because of its content. Ask in another way.")]
#[case::other(400, json!({ "error": { "message": format!("Odd\n  request {KEY}") } }),
    "The endpoint refused the request (status 400): Odd request …")]
#[case::list(422, json!({ "detail": [{ "loc": ["body"], "msg": "field required" }] }),
    "The endpoint refused the request (status 422): field required")]
#[case::silent(400, json!({}), "The endpoint refused the request (status 400): it gave no reason.")]
#[tokio::test]
async fn each_refusal_has_a_sentence(#[case] status: u16, #[case] document: Value, #[case] sentence: &str) {
    let (said, pauses) = heard([Scripted::error(status, document)]).await;
    assert_eq!((said.complaint().as_str(), pauses), (sentence, vec![]));
}

#[tokio::test]
async fn a_path_that_is_not_there_is_a_wrong_address() {
    let endpoint = ModelEndpoint::start([Scripted::error(404, json!({ "detail": "Not Found" }))]).await;
    let address: Address = format!("{}/api?key=hidden", endpoint.root()).parse().unwrap();
    let said = Said::by(endpoint.model_with(Endpoint::new(address, None)).answer(question())).await;
    let expected = format!(
        "What answers at {}/api is not a model's endpoint. Check OPENAI_BASE_URL, which often ends with /v1.",
        endpoint.root()
    );
    assert_eq!(said.complaint(), expected);
}

#[tokio::test]
async fn a_long_refusal_is_cut() {
    let (said, _) = heard([Scripted::refusal(400, &"ä ".repeat(100_000))]).await;
    assert_eq!(said.complaint().chars().count(), "The endpoint refused the request (status 400): ".len() + 301);
}

#[tokio::test]
async fn refused_stream_options_are_left_out_from_then_on() {
    let detail = json!([{ "type": "extra_forbidden", "loc": ["body", "stream_options"], "msg": "Extra inputs are not permitted" }]);
    for refusal in [
        Scripted::refusal(400, "Unrecognized request argument supplied: stream_options"),
        Scripted::error(422, json!({ "object": "error", "message": { "detail": detail } })),
    ] {
        let endpoint = ModelEndpoint::start([refusal, Scripted::text("Well."), Scripted::text("Well.")]).await;
        let model = endpoint.model();
        for _ in 0..2 {
            let said = Said::by(model.answer(question())).await;
            assert_eq!((said.text.as_str(), said.repeats), ("Well.", vec![]));
        }
        let with_options: Vec<_> =
            endpoint.requests().iter().map(|request| request.body.get("stream_options").is_some()).collect();
        assert_eq!(with_options, [true, false, false]);
        assert_eq!(endpoint.clock.pauses(), [0.0; 0]);
    }
}

#[tokio::test]
async fn a_limit_of_the_answer_is_named_as_the_model_wants_it() {
    let message =
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    let endpoint = ModelEndpoint::start([Scripted::refusal(400, message), Scripted::text("Well.")]).await;
    let mut question = question_with_tools();
    question.max_output_tokens = Some(500);
    assert_eq!(Said::by(endpoint.model().answer(question)).await.text, "Well.");
    let limits: Vec<_> = endpoint
        .requests()
        .iter()
        .map(|asked| (asked.body["max_tokens"].clone(), asked.body["max_completion_tokens"].clone()))
        .collect();
    assert_eq!(limits, [(json!(500), Value::Null), (Value::Null, json!(500))]);
}

#[tokio::test]
async fn a_key_that_cannot_be_sent_is_a_wrong_one() {
    let endpoint = ModelEndpoint::start([]).await;
    let broken = Endpoint::new(endpoint.address(), Some(Secret::new("two\nlines")));
    let error = taipan::chat::model::EndpointModel::new(broken, endpoint.clock.clone()).unwrap_err();
    assert_eq!(error, ModelError::WrongKey);
}
