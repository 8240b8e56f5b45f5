//! What an endpoint is sent, and where (A1, A5).

use std::sync::Arc;

use futures_util::future::join_all;
use rstest::rstest;
use serde_json::json;
use taipan::chat::model::{Address, ChatModel, Detail, Endpoint, Image, Message, Part, PixelSize, Question, ToolCall};

use super::{
    endpoint::{KEY, ModelEndpoint, Said, Scripted},
    question, question_with_tools, user,
};

/// A picture of one black pixel.
const PIXEL: &[u8] = b"GIF87a\x01\x00\x01\x00\x80\x01\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

/// A conversation with everything in it.
pub(super) fn conversation() -> Question {
    let picture = Image { detail: Detail::Low, ..Image::at("https://example.org/plot.png") };
    let call = ToolCall { id: "call_7".into(), name: "execute".into(), arguments: "{\"code\":\"1\"}".into() };
    let broken = ToolCall { id: "call_8".into(), name: "execute".into(), arguments: "print(1)".into() };
    let result = |id: &str, text: &str| Message::ToolResult { call_id: id.into(), text: text.into() };
    let messages = vec![
        Message::System("Be brief.".into()),
        user("Hello"),
        Message::Assistant { text: "Hi!".into(), tool_calls: vec![] },
        Message::User(vec![Part::Text("What is this?".into()), Part::Image(picture)]),
        Message::Assistant { text: String::new(), tool_calls: vec![call, broken] },
        result("call_7", "1"),
        result("call_8", "The arguments are not JSON."),
    ];
    Question { messages, max_output_tokens: Some(500), ..question_with_tools() }
}

/// The body that a question becomes.
async fn sent(question: Question) -> serde_json::Value {
    let endpoint = ModelEndpoint::start([Scripted::text("Well.")]).await;
    Said::by(endpoint.model().answer(question)).await.end.unwrap();
    endpoint.requests().remove(0).body
}

#[tokio::test]
async fn a_conversation_is_written_as_chat_completions() {
    let function = |arguments: &str| json!({ "name": "execute", "arguments": arguments });
    let calls = json!([
        { "id": "call_7", "type": "function", "function": function("{\"code\":\"1\"}") },
        // Servers refuse a conversation whose arguments are not JSON.
        { "id": "call_8", "type": "function", "function": function("{\"not_json\":\"print(1)\"}") },
    ]);
    let parameters = json!({ "type": "object", "properties": { "code": { "type": "string" } }, "required": ["code"] });
    let tool = json!({ "name": "execute", "description": "Runs Python.", "parameters": parameters });
    let expected = json!({
        "model": "test-model",
        "messages": [
            { "role": "system", "content": "Be brief." },
            { "role": "user", "content": "Hello" },
            { "role": "assistant", "content": "Hi!" },
            { "role": "user", "content": [
                { "type": "text", "text": "What is this?" },
                { "type": "image_url", "image_url": { "url": "https://example.org/plot.png", "detail": "low" } },
            ] },
            { "role": "assistant", "content": null, "tool_calls": calls },
            { "role": "tool", "tool_call_id": "call_7", "content": "1" },
            { "role": "tool", "tool_call_id": "call_8", "content": "The arguments are not JSON." },
        ],
        "tools": [{ "type": "function", "function": tool }],
        "max_tokens": 500,
        "stream": true,
        "stream_options": { "include_usage": true },
    });
    assert_eq!(sent(conversation()).await, expected);
}

#[tokio::test]
async fn nothing_is_sent_that_was_not_asked_for() {
    let expected = json!({
        "model": "test-model",
        "messages": [{ "role": "user", "content": "How are you?" }],
        "stream": true,
        "stream_options": { "include_usage": true },
    });
    assert_eq!(sent(question()).await, expected);
}

/// An endpoint that answers with what it was told shows that the real result reached it.
#[tokio::test]
async fn the_result_of_a_call_reaches_the_model() {
    let endpoint = ModelEndpoint::start([
        Scripted::call("execute", json!({ "code": "6 * 7" })),
        Scripted::by(|request| Scripted::text(&format!("It is {}.", request.tool_results().concat()))),
    ])
    .await;
    let model = endpoint.model();
    let mut question = question_with_tools();
    let asked = Said::by(model.answer(question.clone())).await;
    let call_id = asked.calls[0].id.clone();
    question.messages.push(Message::Assistant { text: asked.text, tool_calls: asked.calls });
    question.messages.push(Message::ToolResult { call_id, text: "42".into() });
    assert_eq!(Said::by(model.answer(question)).await.text, "It is 42.");
}

#[tokio::test]
async fn many_questions_at_once_get_an_answer_each() {
    let endpoint = ModelEndpoint::answering(|request| {
        let asked = request.body["messages"][0]["content"].as_str().unwrap();
        Scripted::text(&format!("You said {asked}"))
    })
    .await;
    let model: Arc<dyn ChatModel> = Arc::new(endpoint.model());
    let answers = (0..50).map(|number| Said::by(model.answer(Question::of_text("test-model", &number.to_string()))));
    let texts: Vec<_> = join_all(answers).await.into_iter().map(|said| said.text).collect();
    assert_eq!(texts, (0..50).map(|number| format!("You said {number}")).collect::<Vec<_>>());
}

/// A5
#[tokio::test]
async fn a_picture_goes_along_with_its_bytes_and_knows_its_size() {
    let picture = Image::of_bytes("image/gif", PIXEL);
    assert_eq!(picture.size, Some(PixelSize { width: 1, height: 1 }));
    let mut question = question();
    question.messages = vec![Message::User(vec![Part::Image(picture)])];
    let url = "data:image/gif;base64,R0lGODdhAQABAIABAAAAAP///ywAAAAAAQABAAACAkQBADs=";
    let expected = json!([{ "type": "image_url", "image_url": { "url": url, "detail": "auto" } }]);
    assert_eq!(sent(question).await["messages"][0]["content"], expected);
    assert_eq!(Image::of_bytes("image/png", b"no picture").size, None);
}

#[tokio::test]
async fn the_key_stands_in_a_header_and_may_be_missing() {
    let endpoint = ModelEndpoint::start([Scripted::text("Well."), Scripted::text("Well.")]).await;
    Said::by(endpoint.model().answer(question())).await.end.unwrap();
    let without_key = endpoint.model_with(Endpoint::new(endpoint.address(), None));
    Said::by(without_key.answer(question())).await.end.unwrap();
    let requests = endpoint.requests();
    assert_eq!(requests[0].header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    assert_eq!(requests[1].header("authorization"), None);
    assert_eq!(requests[0].header("content-type"), Some("application/json"));
}

#[rstest]
#[case("", "/v1/chat/completions")]
#[case("/", "/v1/chat/completions")]
#[case("/v1", "/v1/chat/completions")]
#[case("/v1/", "/v1/chat/completions")]
#[case("/v1//", "/v1/chat/completions")]
#[case("/api/openai", "/api/openai/chat/completions")]
#[case("/v1/chat/completions", "/v1/chat/completions")]
#[case("/v1/responses/", "/v1/chat/completions")]
#[case("/openai/deployments/x?api-version=1", "/openai/deployments/x/chat/completions?api-version=1")]
#[tokio::test]
async fn an_address_may_be_written_in_many_ways(#[case] written: &str, #[case] path: &str) {
    let endpoint = ModelEndpoint::start([Scripted::text("Well.")]).await;
    let address: Address = format!(" {}{written}\n", endpoint.root()).parse().unwrap();
    Said::by(endpoint.model_with(Endpoint::new(address, None)).answer(question())).await.end.unwrap();
    assert_eq!(endpoint.requests()[0].path, path);
}

#[rstest]
#[case("", "The address of an endpoint starts with https:// or http://, such as https://api.openai.com/v1.")]
#[case(
    "api.openai.com",
    "The address of an endpoint starts with https:// or http://, such as https://api.openai.com/v1."
)]
#[case(
    "ftp://api.openai.com",
    "The address of an endpoint starts with https:// or http://, such as https://api.openai.com/v1."
)]
#[case("https://", "The address of an endpoint starts with https:// or http://, such as https://api.openai.com/v1.")]
#[case(
    "https://me:secret@host/v1",
    "The address of an endpoint holds no name and no password; the key has a setting of its own."
)]
fn what_is_no_address_is_said_so(#[case] written: &str, #[case] sentence: &str) {
    assert_eq!(written.parse::<Address>().unwrap_err().to_string(), sentence);
}
