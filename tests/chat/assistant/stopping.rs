//! Stopped at any moment, and the conversation stays whole.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::json;
use taipan::{
    catalog::Selection,
    chat::{Channel, TOOL_NAME, TurnEnding, TurnEvent, UserMessage},
};

use super::given::{ANNA, NO_FILES, REMINDER, given, given_with, run, until_printed};
use crate::chat::endpoint::{ModelEndpoint, Scripted, delta};

const ENDLESS: &str = "open('made.txt', 'w').write('made')\nprint('begun', flush=True)\nwhile True:\n    pass";

fn ask(given: &super::given::Given, text: &str) -> taipan::chat::Turn {
    given.assistant.turn(ANNA, Channel::Terminal, UserMessage::new(text))
}

/// X9, X11: what the run has made by then is kept, and no call stays without its result.
#[tokio::test]
async fn a_turn_is_stopped_while_code_runs() {
    let code = |text: &str| json!({ "code": text });
    let calls = Scripted::calls([(TOOL_NAME, code(ENDLESS)), (TOOL_NAME, code("print(2)"))]);
    let given = given([calls, Scripted::text("Stopped, I see.")]).await;
    let mut turn = ask(&given, "Wait for it.");
    until_printed(&mut turn).await;
    turn.cancel();
    let outcome = turn.outcome().await;
    assert!(matches!(outcome.ending, TurnEnding::Cancelled), "{:?}", outcome.ending);
    assert_eq!(outcome.ending.sentence().as_deref(), Some("Stopped."));
    assert!(outcome.is_remembered);
    assert_eq!(outcome.files[0].record().unwrap().filename, "made.txt");
    given.ask("What happened?").await;
    let told = given.last_told();
    assert!(told[2].starts_with("tool: status: cancelled\nstdout:\nbegun\nerror:\nCancelled: The run was cancelled."));
    assert!(told[2].ends_with(REMINDER), "{}", told[2]);
    assert_eq!(
        told[3..5],
        ["tool: Not run: the user stopped the answer.", "assistant: [The user stopped the answer here.]"]
    );
}

/// A7: what was said by then is kept, and the endpoint is let go.
#[tokio::test]
async fn a_turn_is_stopped_while_the_model_speaks() {
    let speaking = Scripted::pieces([delta(json!({ "content": "Once upon a time" }))]).held_open();
    let given = given([speaking, Scripted::text("As you wish.")]).await;
    let mut turn = ask(&given, "Tell me a story.");
    assert_eq!(turn.next().await, Some(TurnEvent::Text("Once upon a time".to_owned())));
    turn.handle().cancel();
    let outcome = turn.outcome().await;
    assert!(matches!(outcome.ending, TurnEnding::Cancelled));
    assert_eq!(outcome.text, "Once upon a time");
    given.endpoint.is_left_alone().await;
    given.ask("Another one.").await;
    let expected = [
        "user: Tell me a story.",
        "assistant: Once upon a time\n\n[The user stopped the answer here.]",
        &format!("user: {NO_FILES}\n\nAnother one."),
    ];
    assert_eq!(given.last_told(), expected);
}

/// A7: also before it speaks; then nothing is remembered.
#[tokio::test]
async fn a_turn_is_stopped_before_the_model_speaks() {
    let given = given([Scripted::Silent]).await;
    let turn = ask(&given, "Hello?");
    given.endpoint.was_asked(1).await;
    turn.cancel();
    let outcome = turn.outcome().await;
    assert!(matches!(outcome.ending, TurnEnding::Cancelled));
    assert_eq!((outcome.is_remembered, outcome.spent.usage.total()), (false, 0));
}

/// A7: somebody who goes away stops it, and what was done is remembered.
#[tokio::test]
async fn a_turn_that_is_dropped_is_stopped_and_remembered() {
    let given = given([run(ENDLESS), Scripted::text("Hello again.")]).await;
    let mut turn = ask(&given, "Wait for it.");
    until_printed(&mut turn).await;
    drop(turn);
    // Closing waits until it is written down.
    given.assistant.close(Duration::from_secs(3600)).await;
    assert_eq!(given.catalog.last_turns(ANNA, "terminal", 9).await.unwrap().len(), 1);
    let files = given.executions.list_files(ANNA, &Selection::All).await.unwrap();
    assert_eq!(files.into_iter().map(|file| file.filename).collect::<Vec<_>>(), ["made.txt"]);
    let outcome = given.ask("Still there?").await;
    assert!(matches!(outcome.ending, TurnEnding::ShuttingDown));
}

/// DESIGN 6.2: a turn has an end, whatever code and model do.
#[tokio::test]
async fn a_turn_that_takes_too_long_is_ended() {
    let endpoint = ModelEndpoint::start([run(ENDLESS)]).await;
    let given = given_with(|settings| settings.max_turn_time = Duration::from_secs(600), endpoint).await;
    let mut turn = ask(&given, "Wait for it.");
    until_printed(&mut turn).await;
    given.clock.advance(TimeDelta::seconds(599));
    given.clock.advance(TimeDelta::seconds(1));
    let outcome = turn.outcome().await;
    assert!(matches!(outcome.ending, TurnEnding::TimeLimit), "{:?}", outcome.ending);
    assert_eq!(outcome.ending.sentence().unwrap(), "This message took longer than it may. Ask for less at once.");
    assert!(outcome.is_remembered);
}

/// U9: what goes on while everything is forgotten is stopped, and not remembered.
#[tokio::test]
async fn a_turn_that_goes_on_is_forgotten_by_a_reset() {
    let given = given([run(ENDLESS)]).await;
    let mut turn = ask(&given, "Wait for it.");
    until_printed(&mut turn).await;
    assert_eq!(given.assistant.reset(ANNA, None).await.unwrap(), 0);
    let outcome = turn.outcome().await;
    assert!(matches!(outcome.ending, TurnEnding::Cancelled));
    assert!(!outcome.is_remembered);
    assert_eq!(given.catalog.last_turns(ANNA, "terminal", 9).await.unwrap(), []);
}

/// DESIGN 6.2: an edge that does not listen stops nothing but its own turn, and can stop that.
#[tokio::test]
async fn somebody_who_does_not_listen_can_stop_it_all_the_same() {
    let code = "import sys\nfor number in range(100000):\n    print(number, flush=True)\nwhile True: pass";
    let given = given([run(code)]).await;
    let turn = ask(&given, "Print.");
    given.endpoint.was_asked(1).await;
    let handle = turn.handle();
    tokio::task::yield_now().await;
    handle.cancel();
    let outcome = turn.outcome().await;
    assert!(matches!(outcome.ending, TurnEnding::Cancelled), "{:?}", outcome.ending);
}

/// DESIGN 6.6: those who do not end in time are stopped.
#[tokio::test]
async fn closing_stops_what_does_not_end() {
    let given = given([run(ENDLESS)]).await;
    let mut turn = ask(&given, "Wait for it.");
    until_printed(&mut turn).await;
    let (outcome, ()) = tokio::join!(turn.outcome(), async {
        let mut closing = std::pin::pin!(given.assistant.close(Duration::from_secs(10)));
        assert!(futures_util::poll!(&mut closing).is_pending());
        given.clock.advance(TimeDelta::seconds(10));
        closing.await;
    });
    assert!(matches!(outcome.ending, TurnEnding::Cancelled));
}
