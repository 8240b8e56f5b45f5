//! What models thought goes back to them with the results, within a turn.

use serde_json::{Value, json};
use taipan::chat::TOOL_NAME;

use super::given::{Given, assert_done, given};
use crate::chat::{
    endpoint::{Received, Scripted},
    responses::{WANTS_RESPONSES, completed, events},
};

fn thought(id: &str) -> Value {
    json!({ "type": "reasoning", "id": id, "summary": [], "encrypted_content": format!("secret of {id}") })
}

fn call(id: &str, code: &str) -> Value {
    let arguments = json!({ "code": code }).to_string();
    json!({ "type": "function_call", "id": format!("fc_{id}"), "call_id": id, "name": TOOL_NAME, "arguments": arguments })
}

fn message(text: &str) -> Value {
    let part = json!({ "type": "output_text", "text": text, "annotations": [] });
    json!({ "type": "message", "id": "msg_1", "role": "assistant", "content": [part] })
}

/// Each item comes when it is done, with its status, and all of them again in the end.
fn answer(items: &[Value]) -> Scripted {
    let done = items.iter().map(|item| {
        let mut item = item.clone();
        item["status"] = json!("completed");
        json!({ "type": "response.output_item.done", "item": item })
    });
    events(done.chain([completed(json!(items))]))
}

/// What a model was sent after the user's message, without the results of its calls.
fn sent_back(request: &Received) -> Vec<Value> {
    let input = request.body["input"].as_array().unwrap();
    let asked = input.iter().rposition(|item| item["role"] == "user").unwrap();
    input[asked + 1..].iter().filter(|item| item["type"] != "function_call_output").cloned().collect()
}

async fn reasoning(answers: impl IntoIterator<Item = Scripted>) -> Given {
    given(std::iter::once(Scripted::refusal(400, WANTS_RESPONSES)).chain(answers)).await
}

/// A3: newer models lose what they thought, or refuse the question, when their calls come back without it.
#[tokio::test]
async fn an_answer_with_calls_goes_back_with_what_was_thought() {
    let first =
        [thought("rs_1"), message("I look."), thought("rs_2"), call("a", "print(6 * 7)"), call("b", "print(1)")];
    let second = [thought("rs_3"), call("c", "print(2)")];
    let last = answer(&[thought("rs_4"), message("It is 42.")]);
    let given = reasoning([answer(&first), answer(&second), last, answer(&[message("Yes.")])]).await;
    let outcome = given.ask("How much?").await;
    assert_done(&outcome);
    assert_eq!((outcome.text.as_str(), outcome.rounds), ("I look.\n\nIt is 42.", 2));
    let requests = given.endpoint.requests();
    assert_eq!(requests[1].body["include"], json!(["reasoning.encrypted_content"]));
    assert_eq!(requests[1].body["store"], json!(false));
    assert_eq!(sent_back(&requests[2]), first);
    assert_eq!(sent_back(&requests[3]), [first.as_slice(), &second].concat());
    let results: Vec<_> =
        requests[3].tool_results().iter().map(|told| told.lines().nth(2).unwrap().to_owned()).collect();
    assert_eq!(results, ["42", "1", "2"]);
    // Another turn knows what was said and done, and nothing of what was thought.
    assert_done(&given.ask("Sure?").await);
    let body = given.endpoint.requests()[4].body.to_string();
    assert!(body.contains("It is 42.") && body.contains("\"call_id\":\"a\""), "{body}");
    assert!(!body.contains("secret of") && !body.contains("rs_"), "{body}");
}

/// What the assistant changed of an answer does not come back as it was: then the calls alone do.
#[tokio::test]
async fn an_answer_that_was_changed_goes_back_without_what_was_thought() {
    let long = "x".repeat(300_000);
    let items = [thought("rs_1"), call("a", &long)];
    let given = reasoning([answer(&items), answer(&[message("Sorry.")])]).await;
    assert_done(&given.ask("How much?").await);
    let back = sent_back(&given.endpoint.requests()[2]);
    assert_eq!(back.len(), 1);
    assert_eq!((&back[0]["type"], &back[0]["call_id"]), (&json!("function_call"), &json!("a")));
    assert!(back[0].to_string().len() < 1000);
}
