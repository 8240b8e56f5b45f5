//! Tool calls, in every form in which servers send them (issue "The assistant", part 1).

use serde_json::{Value, json};
use taipan::chat::model::ChatModel;
use taipan::chat::model::{FinishReason, Message, ToolCall};

use super::{
    endpoint::{ModelEndpoint, Said, Scripted, delta, finish, usage},
    question_with_tools, said, user,
};

/// A stream of fragments of calls, each an element of `tool_calls`, ended by the book.
async fn called(fragments: impl IntoIterator<Item = Value>) -> Vec<String> {
    let deltas = fragments.into_iter().map(|fragment| delta(json!({ "tool_calls": [fragment] })));
    let said = said(Scripted::stream(deltas.collect::<Vec<_>>().into_iter().chain([finish("tool_calls")]))).await;
    assert_eq!(said.finished().reason, FinishReason::ToolCalls);
    said.called()
}

fn first(index: Option<u64>, id: &str, arguments: &str) -> Value {
    let mut fragment =
        json!({ "id": id, "type": "function", "function": { "name": "execute", "arguments": arguments } });
    if let Some(index) = index {
        fragment["index"] = json!(index);
    }
    fragment
}

fn more(index: Option<u64>, arguments: &str) -> Value {
    let mut fragment = json!({ "function": { "arguments": arguments } });
    if let Some(index) = index {
        fragment["index"] = json!(index);
    }
    fragment
}

/// A1
#[tokio::test]
async fn arguments_come_in_fragments_by_index() {
    let fragments = [
        first(Some(0), "a", ""),
        first(Some(1), "b", "{\"co"),
        more(Some(0), "{\"code\":"),
        more(Some(1), "de\":\"2\"}"),
        more(Some(0), "\"1\"}"),
    ];
    assert_eq!(called(fragments).await, ["a execute {\"code\":\"1\"}", "b execute {\"code\":\"2\"}"]);
}

#[tokio::test]
async fn the_index_is_missing() {
    let fragments =
        [first(None, "a", "{\"code\":"), more(None, "\"1\"}"), first(None, "b", ""), more(None, "{\"code\":\"2\"}")];
    assert_eq!(called(fragments).await, ["a execute {\"code\":\"1\"}", "b execute {\"code\":\"2\"}"]);
}

#[tokio::test]
async fn index_and_id_are_missing_and_each_call_is_whole() {
    let fragments = [first(None, "", "{\"code\":\"1\"}"), first(None, "", "{\"code\":\"2\"}")];
    assert_eq!(called(fragments).await, ["call_1 execute {\"code\":\"1\"}", "call_2 execute {\"code\":\"2\"}"]);
}

#[tokio::test]
async fn the_index_is_a_float_and_the_type_is_missing() {
    let fragments = [
        json!({ "index": 0.0, "id": "a", "function": { "name": "execute", "arguments": "{" } }),
        json!({ "index": 0.0, "function": { "arguments": "}" } }),
    ];
    assert_eq!(called(fragments).await, ["a execute {}"]);
}

#[tokio::test]
async fn id_and_name_are_repeated_in_every_fragment() {
    for index in [Some(0), None] {
        let fragments = [first(index, "a", "{\"code\":"), first(index, "a", "\"1\""), first(index, "a", "}")];
        assert_eq!(called(fragments).await, ["a execute {\"code\":\"1\"}"], "{index:?}");
    }
}

#[tokio::test]
async fn every_fragment_has_an_id_of_its_own() {
    let fragments = [first(Some(0), "x1", "{\"code\":"), first(Some(0), "x2", "\"1\"}")];
    assert_eq!(called(fragments).await, ["x1 execute {\"code\":\"1\"}"]);
}

#[tokio::test]
async fn every_call_has_the_index_0() {
    let fragments = [first(Some(0), "a", "{\"code\":\"1\"}"), first(Some(0), "b", "{\"code\":\"2\"}")];
    assert_eq!(called(fragments).await, ["a execute {\"code\":\"1\"}", "b execute {\"code\":\"2\"}"]);
}

#[tokio::test]
async fn empty_ids_and_names_follow_the_first_fragment() {
    let empty = json!({ "index": 0, "id": "", "type": "", "function": { "name": "", "arguments": "}" } });
    assert_eq!(called([first(Some(0), "a", "{"), empty]).await, ["a execute {}"]);
}

#[tokio::test]
async fn arguments_are_json_instead_of_a_text_or_null() {
    let fragment =
        |id: &str, arguments: Value| json!({ "id": id, "function": { "name": "execute", "arguments": arguments } });
    let fragments = [fragment("a", json!({ "code": "1" })), fragment("b", Value::Null)];
    assert_eq!(called(fragments).await, ["a execute {\"code\":\"1\"}", "b execute "]);
}

#[tokio::test]
async fn arguments_that_are_not_json_are_handed_on_as_they_are() {
    let fragments = [first(Some(0), "a", "print('hello')\n")];
    assert_eq!(called(fragments).await, ["a execute print('hello')\n"]);
}

#[tokio::test]
async fn several_calls_come_in_one_turn_after_some_words() {
    let pieces = [
        delta(json!({ "role": "assistant", "content": "I look " })),
        delta(json!({ "content": "at both." })),
        delta(json!({ "tool_calls": [first(Some(0), "a", "{}"), first(Some(1), "b", "{}")] })),
        finish("tool_calls"),
    ];
    let said = said(Scripted::stream(pieces)).await;
    assert_eq!(
        (said.text.as_str(), said.called()),
        ("I look at both.", vec!["a execute {}".into(), "b execute {}".into()])
    );
}

#[tokio::test]
async fn a_model_that_called_something_waits_whatever_its_server_says() {
    for reason in ["stop", "", "function_call", "eos"] {
        let pieces = [delta(json!({ "tool_calls": [first(Some(0), "a", "{}")] })), finish(reason)];
        let said = said(Scripted::stream(pieces)).await;
        assert_eq!(
            (said.finished().reason, said.called()),
            (FinishReason::ToolCalls, vec!["a execute {}".into()]),
            "{reason}"
        );
    }
}

#[tokio::test]
async fn an_id_that_was_used_before_is_not_used_again() {
    let endpoint = ModelEndpoint::start([Scripted::calls([("execute", json!({})), ("execute", json!({}))])]).await;
    let mut question = question_with_tools();
    let earlier = |id: &str| ToolCall { id: id.into(), name: "execute".into(), arguments: "{}".into() };
    let tool_calls = vec![earlier("call_a"), earlier("call_1")];
    question.messages.extend([Message::Assistant { text: String::new(), tool_calls }, user("Again.")]);
    let said = Said::by(endpoint.model().answer(question)).await;
    assert_eq!(said.called(), ["call_2 execute {}", "call_b execute {}"]);
}

#[tokio::test]
async fn a_flood_of_calls_is_bounded() {
    let fragments = (0..200).map(|index| first(Some(index), &format!("c{index}"), "{}"));
    let said = said(Scripted::stream([
        delta(json!({ "tool_calls": fragments.collect::<Vec<_>>() })),
        finish("stop"),
        usage(1, 1),
    ]))
    .await;
    assert_eq!(said.calls.len(), 64);
}
