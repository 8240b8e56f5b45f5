//! Calls as models write them, wrong ones too: each has its result, in its order.

use rstest::rstest;
use serde_json::{Value, json};
use taipan::chat::{TOOL_NAME, TurnEnding};

use super::given::{REMINDER, assert_done, given, given_with, run, told};
use crate::chat::endpoint::{ModelEndpoint, Scripted, delta, finish};

const FORM: &str = r#"Call execute_python_code with {"code": "…"}, and optionally "timeout" in seconds."#;

/// A call with arguments as they are.
fn raw_call(name: &str, arguments: &str) -> Scripted {
    let function = json!({ "name": name, "arguments": arguments });
    let call = json!({ "index": 0, "id": "call_a", "type": "function", "function": function });
    Scripted::stream([delta(json!({ "tool_calls": [call] })), finish("tool_calls")])
}

/// A1
#[tokio::test]
async fn several_calls_of_an_answer_run_in_their_order() {
    let code = |text: &str| json!({ "code": text });
    let calls = [
        (TOOL_NAME, code("open('step.txt', 'w').write('7' * 3)\nprint('written')")),
        (TOOL_NAME, code("print(int(open('step.txt').read()) + 1)")),
    ];
    let given = given([Scripted::calls(calls), Scripted::text("778.")]).await;
    let outcome = given.ask("In two steps, please.").await;
    assert_done(&outcome);
    assert_eq!(outcome.rounds, 1);
    let results = given.last_results();
    assert!(
        results[0].starts_with("status: completed\nstdout:\nwritten\nfiles:\n- \"step.txt\" (text, 3 bytes), id 7_")
    );
    assert_eq!(results[1], format!("status: completed\nstdout:\n778\n{REMINDER}"));
    let ids: Vec<_> = given.endpoint.requests()[1].body["messages"].as_array().unwrap()[3..]
        .iter()
        .map(|message| message["tool_call_id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids, ["call_a", "call_b"]);
}

/// A1: a model that is told what is wrong can say it right.
#[rstest]
#[case::not_json(
    TOOL_NAME,
    "print(1)",
    "the arguments are not JSON (expected value at line 1 column 1): \"print(1)\"."
)]
#[case::a_list(TOOL_NAME, "[1]", "the arguments are not a JSON object.")]
#[case::nothing(TOOL_NAME, "{}", "\"code\" is missing.")]
#[case::blank(TOOL_NAME, r#"{"code": " \n"}"#, "\"code\" is empty.")]
#[case::no_text(TOOL_NAME, r#"{"code": ["print(1)"]}"#, "\"code\" must be a text.")]
#[case::unknown_field(TOOL_NAME, r#"{"code": "1", "language": "r"}"#, "\"language\" is not an argument of this tool.")]
#[case::no_number(TOOL_NAME, r#"{"code": "1", "timeout": "soon"}"#, "\"timeout\" must be a number of seconds above 0.")]
#[case::negative(TOOL_NAME, r#"{"code": "1", "timeout": -5}"#, "\"timeout\" must be a number of seconds above 0.")]
#[case::unknown_tool("rm\n-rf", "{}", "there is no tool \"rm\\n-rf\".")]
#[tokio::test]
async fn a_wrong_call_is_told_how_to_be_right(#[case] name: &str, #[case] arguments: &str, #[case] complaint: &str) {
    let given = given([raw_call(name, arguments), run("print('right')"), Scripted::text("Right.")]).await;
    let outcome = given.ask("Do it.").await;
    assert_done(&outcome);
    let right = format!("status: completed\nstdout:\nright\n{REMINDER}");
    assert_eq!(given.last_results(), [format!("Not run: {complaint} {FORM}"), right]);
}

/// X10: a time that is too long is shortened, and said so; texts and nulls are understood.
#[rstest]
#[case::too_long(json!(10_000), "\nnotes:\n- The timeout was 300 seconds, which is the longest there is.")]
#[case::endless(json!(1e300), "\nnotes:\n- The timeout was 300 seconds, which is the longest there is.")]
#[case::as_text(json!("20"), "")]
#[case::null(Value::Null, "")]
#[tokio::test]
async fn a_timeout_is_understood_and_bounded(#[case] timeout: Value, #[case] note: &str) {
    let call = Scripted::call(TOOL_NAME, json!({ "code": "print(5)", "timeout": timeout }));
    let given = given([call, Scripted::text("Five.")]).await;
    given.ask("Five?").await;
    assert_eq!(given.last_results(), [format!("status: completed\nstdout:\n5{note}\n{REMINDER}")]);
}

/// X10, X9: the time the model gives holds, and it is told where the code was.
#[tokio::test]
async fn code_that_runs_too_long_is_told_so() {
    let call = Scripted::call(TOOL_NAME, json!({ "code": "print('begun')\nwhile True:\n    pass", "timeout": 0.3 }));
    let given = given([call, Scripted::text("Too slow.")]).await;
    assert_done(&given.ask("Count.").await);
    let result = given.last_results().concat();
    assert!(result.starts_with(
        "status: timed out\nstdout:\nbegun\nerror:\nTimedOut: The code was stopped at its time limit.\ntraceback:\n"
    ));
    assert!(result.contains("line "), "{result}");
}

/// A3: nothing is endless, not even one answer.
#[tokio::test]
async fn of_very_many_calls_only_the_first_are_run() {
    let calls = (0..20).map(|number| (TOOL_NAME, json!({ "code": format!("print({number})") })));
    let given = given([Scripted::calls(calls), Scripted::text("Enough.")]).await;
    assert_done(&given.ask("All of them.").await);
    let results = given.last_results();
    assert_eq!(results.len(), 20);
    assert_eq!(results[7], format!("status: completed\nstdout:\n7\n{REMINDER}"));
    assert_eq!(results[8], "Not run: call the tool at most 8 times at once.");
    assert_eq!(results[19], results[8]);
}

/// A3: what the model sends is bounded before it is sent back.
#[tokio::test]
async fn arguments_that_are_very_long_are_not_repeated() {
    let code = format!("print(1)  # {}", "x".repeat(100_000));
    let given = given([run(&code), Scripted::text("Shorter then.")]).await;
    assert_done(&given.ask("Long.").await);
    let length = json!({ "code": code }).to_string().len();
    let told = given.last_told();
    assert_eq!(told[1], format!("assistant:  calls {TOOL_NAME}({{\"too_long\":{length}}})"));
    let complaint =
        format!("tool: Not run: the arguments are {length} bytes long, and 32768 are allowed. Do it in steps.");
    assert_eq!(told[2], complaint);
}

/// A3: a model that calls forever is told that it is over, then ended; its history stays whole.
#[tokio::test]
async fn a_model_that_calls_forever_is_ended() {
    let endpoint = ModelEndpoint::answering(|_| run("print('again')")).await;
    let given = given_with(|settings| settings.max_tool_rounds = 2, endpoint).await;
    let outcome = given.ask("Go on for ever.").await;
    assert!(matches!(outcome.ending, TurnEnding::RoundsExhausted), "{:?}", outcome.ending);
    assert_eq!((outcome.rounds, outcome.text.as_str(), outcome.is_remembered), (2, "", true));
    let sentence = "The assistant has run code as often as it may for one message. Ask it to go on.";
    assert_eq!(outcome.ending.sentence().as_deref(), Some(sentence));
    let requests = given.endpoint.requests();
    assert_eq!(requests.len(), 3);
    let again = format!("status: completed\nstdout:\nagain\n{REMINDER}");
    let last =
        format!("{again}\nreminder: no further run is possible for this message. Answer now with what you have.");
    assert_eq!(requests[2].tool_results(), [again, last]);
    given.ask("And now?").await;
    let calls = format!("assistant:  calls {TOOL_NAME}({})", json!({ "code": "print('again')" }));
    let earlier = &told(&given.endpoint.requests()[3])[5..8];
    let expected = [
        &calls,
        "tool: Not run: code was run as often as it may for this message.",
        "assistant: [The answer ends here: no further run was possible.]",
    ];
    assert_eq!(earlier, expected);
}
