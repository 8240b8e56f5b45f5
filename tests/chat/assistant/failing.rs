//! Endpoints that fail: nothing is lost or doubled, and a person reads what to do (A7).

use serde_json::{Value, json};
use taipan::chat::{Channel, TOOL_NAME, TurnEnding, TurnEvent, UserMessage, model::ModelError};

use super::given::{ANNA, Given, NO_FILES, REMINDER, assert_done, given, given_answering, heard, run, told};
use crate::chat::endpoint::{Scripted, delta, finish, usage};

fn piece(text: &str) -> Value {
    delta(json!({ "content": text }))
}

async fn heard_of(given: &Given, text: &str) -> (Vec<String>, taipan::chat::TurnOutcome) {
    let (events, outcome) = heard(given.assistant.turn(ANNA, Channel::Terminal, UserMessage::new(text))).await;
    let notes = events.into_iter().filter_map(|event| match event {
        TurnEvent::Note(note) => Some(note),
        TurnEvent::Waiting { reason, .. } => Some(format!("waiting: {reason}")),
        _ => None,
    });
    (notes.collect(), outcome)
}

/// A7: what was done before is kept whole, and the next turn knows of it.
#[tokio::test]
async fn an_endpoint_that_fails_after_a_run_costs_no_history() {
    let given = given([run("print(6)"), Scripted::refusal(401, "Bad key"), Scripted::text("Six, I think.")]).await;
    let outcome = given.ask("A number?").await;
    assert!(matches!(&outcome.ending, TurnEnding::Failed(ModelError::WrongKey)), "{:?}", outcome.ending);
    let sentence = "The model's endpoint does not accept the key. Check OPENAI_API_KEY.";
    assert_eq!(outcome.ending.sentence().as_deref(), Some(sentence));
    assert!(outcome.is_remembered);
    given.ask("Which?").await;
    let expected = [
        "user: A number?".to_owned(),
        r#"assistant:  calls execute_python_code({"code":"print(6)"})"#.to_owned(),
        format!("tool: status: completed\nstdout:\n6\n{REMINDER}"),
        "assistant: [The answer ends here: the connection to the model failed.]".to_owned(),
        format!("user: {NO_FILES}\n\nWhich?"),
    ];
    assert_eq!(given.last_told(), expected);
}

/// A7: a question that nobody answered is asked again by the person, not found twice.
#[tokio::test]
async fn a_turn_in_which_nothing_was_said_is_not_remembered() {
    let given = given([Scripted::refusal(404, "The model `test-model` does not exist"), Scripted::text("Yes.")]).await;
    let outcome = given.ask("Are you there?").await;
    assert_eq!(
        outcome.ending.sentence().unwrap(),
        "The endpoint does not know the model `test-model`. Check OPENAI_MODEL."
    );
    assert!(!outcome.is_remembered);
    assert_eq!(outcome.spent.usage.total(), 0);
    assert_done(&given.ask("Are you there?").await);
    assert_eq!(given.last_told(), [format!("user: {NO_FILES}\n\nAre you there?")]);
}

/// A7: what the model client repeats is told, and said once.
#[tokio::test]
async fn a_rate_limit_is_waited_for_and_told() {
    let limited = Scripted::refusal(429, "Slow down").header("retry-after", "2");
    let given = given([limited, Scripted::text("Here.")]).await;
    let (notes, outcome) = heard_of(&given, "Hello").await;
    assert_done(&outcome);
    assert_eq!(outcome.text, "Here.");
    assert_eq!(notes.len(), 1);
    assert!(notes[0].starts_with("waiting: The endpoint gets more questions than it takes."), "{notes:?}");
    assert_eq!(given.endpoint.clock.pauses(), [2.0]);
}

/// A7: an answer that is cut off goes on where it ended; nothing is said twice, and it is remembered as one.
#[tokio::test]
async fn an_answer_that_is_cut_off_goes_on_once() {
    let cut = Scripted::pieces([piece("The sum "), piece("is ")]).cut();
    let given = given([cut, Scripted::text("forty-two."), Scripted::text("Yes.")]).await;
    let (notes, outcome) = heard_of(&given, "The sum?").await;
    assert_done(&outcome);
    assert_eq!(outcome.text, "The sum is forty-two.");
    assert_eq!(notes, ["The connection to the model broke in the middle of its answer; it goes on from there."]);
    let go_on =
        "user: [The connection broke in the middle of your answer. Go on exactly where it ends, and repeat nothing.]";
    let expected = [&format!("user: {NO_FILES}\n\nThe sum?"), "assistant: The sum is ", go_on];
    assert_eq!(given.last_told(), expected);
    // The first part has no usage of the endpoint.
    assert!(outcome.spent.is_estimate && outcome.spent.usage.output > 5);
    given.ask("Sure?").await;
    assert_eq!(given.last_told()[..2], ["user: The sum?", "assistant: The sum is forty-two."]);
}

/// A7: nothing is tried for ever; what was said stays.
#[tokio::test]
async fn an_answer_that_is_cut_off_twice_ends() {
    let cut = |text: &str| Scripted::pieces([piece(text)]).cut();
    let given = given([cut("One, "), cut("two"), Scripted::text("Three.")]).await;
    let outcome = given.ask("Count.").await;
    assert!(matches!(&outcome.ending, TurnEnding::Failed(ModelError::CutOff)), "{:?}", outcome.ending);
    assert_eq!((outcome.text.as_str(), outcome.is_remembered), ("One, two", true));
    given.ask("And?").await;
    let kept = "assistant: One, two\n\n[The answer ends here: the connection to the model failed.]";
    assert_eq!(given.last_told()[1], kept);
}

/// Issue 5: a context that is too long is trimmed harder once, and that is said.
#[tokio::test]
async fn a_conversation_that_is_too_long_is_shortened_once() {
    let too_long = || {
        let error = json!({ "message": "This model's maximum context length is 8192 tokens.", "type": "invalid_request_error",
            "code": "context_length_exceeded" });
        Scripted::error(400, json!({ "error": error }))
    };
    let answers = [Scripted::text("One."), too_long(), Scripted::text("Two."), too_long(), too_long()];
    let given = given(answers).await;
    given.ask("First").await;
    let (notes, outcome) = heard_of(&given, "Second").await;
    assert_done(&outcome);
    assert_eq!(
        notes,
        ["The conversation is longer than the model can read, so it goes on without what was said before."]
    );
    let requests = given.endpoint.requests();
    assert_eq!((told(&requests[1]).len(), told(&requests[2]).len()), (3, 1));
    let outcome = given.ask("Third").await;
    let sentence = "The conversation is longer than the model can read. Start a new one, or send less.";
    assert_eq!(outcome.ending.sentence().as_deref(), Some(sentence));
    assert_eq!(given.endpoint.answers_left(), 0);
}

/// Issue 5: results of this turn are shortened too, but for the last.
#[tokio::test]
async fn long_results_are_shortened_when_the_conversation_is_too_long() {
    let too_long =
        Scripted::error(400, json!({ "error": { "message": "Too long.", "code": "context_length_exceeded" } }));
    let code = "print('a' * 5000)";
    let given = given([run(code), run(code), too_long, Scripted::text("Done.")]).await;
    assert_done(&given.ask("Twice.").await);
    let results = given.last_results();
    assert!(results[0].len() < 1_100 && results[0].ends_with("since the conversation is too long.]"), "{}", results[0]);
    assert!(results[1].len() > 5_000 && results[1].ends_with(REMINDER));
}

/// A6: a model that takes no tools and tells no usage answers all the same, and is counted as an estimate.
#[tokio::test]
async fn a_model_without_tools_and_usage_answers_from_what_it_knows() {
    let refusal = Scripted::refusal(400, "registry/llama2:7b does not support tools");
    let given = given([refusal, Scripted::stream([piece("I cannot run code."), finish("stop")])]).await;
    let (notes, outcome) = heard_of(&given, "Compute.").await;
    assert_done(&outcome);
    assert_eq!(outcome.text, "I cannot run code.");
    assert_eq!(notes, ["This model cannot run code, so it answers from what it knows."]);
    let requests = given.endpoint.requests();
    assert!(requests[0].body["tools"].is_array() && requests[1].body.get("tools").is_none());
    assert!(outcome.spent.is_estimate);
    assert_eq!(outcome.spent.usage.output, 5);
    assert!(outcome.spent.usage.input > 300, "{:?}", outcome.spent.usage);
}

/// A3: an answer without words is said to be one.
#[tokio::test]
async fn an_empty_answer_is_told() {
    let given = given([Scripted::stream([finish("stop"), usage(10, 0)])]).await;
    let (notes, outcome) = heard_of(&given, "Hello?").await;
    assert!(matches!(outcome.ending, TurnEnding::Done));
    assert_eq!((outcome.text.as_str(), outcome.is_remembered), ("", false));
    assert_eq!(notes, ["The model gave an empty answer. Ask again."]);
}

/// A3: an answer without end is not listened to for ever.
#[tokio::test]
async fn an_answer_that_does_not_end_is_cut() {
    let given = given([Scripted::pieces((0..80).map(|_| piece(&"word ".repeat(200)))).held_open()]).await;
    let (notes, outcome) = heard_of(&given, "Talk.").await;
    assert_done(&outcome);
    assert_eq!(outcome.text.len(), 66_000);
    assert_eq!(notes, ["The answer became too long and ends here."]);
    given.endpoint.is_left_alone().await;
}

/// A3: an answer that reached its greatest length may hold half a call.
#[tokio::test]
async fn a_call_that_was_cut_by_length_is_told_so() {
    let call = json!({ "index": 0, "id": "call_a", "type": "function",
        "function": { "name": TOOL_NAME, "arguments": "{\"code\": \"print(" } });
    let half = Scripted::stream([delta(json!({ "tool_calls": [call] })), finish("length"), usage(10, 5)]);
    let given = given([half, Scripted::text("Too long.")]).await;
    let (notes, outcome) = heard_of(&given, "Write much.").await;
    assert_done(&outcome);
    assert_eq!(notes, ["The answer is as long as the model may make it, and ends here."]);
    assert!(given.last_results()[0].starts_with("Not run: the arguments are not JSON (EOF while parsing a string"));
}

/// X15: a full queue is an answer to the model, which may try again.
#[tokio::test]
async fn code_that_cannot_be_run_is_told_to_the_model() {
    let given =
        given_answering(
            |request| {
                if request.tool_results().is_empty() { run("1") } else { Scripted::text("Later, then.") }
            },
        )
        .await;
    given.executions.close(std::time::Duration::from_secs(1)).await;
    let outcome = given.ask("Run.").await;
    assert_done(&outcome);
    assert_eq!(outcome.text, "Later, then.");
    assert_eq!(given.last_results(), ["Not run: The interpreter is shutting down and takes no more runs."]);
}
