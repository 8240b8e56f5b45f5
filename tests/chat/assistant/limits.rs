//! Tokens, money and days: counted as the endpoint says, and bounded.

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::json;
use taipan::{
    catalog::{self, Counters, UsageEntry, total},
    chat::{
        AssistantSettings, Channel, DailyLimits, Refusal, TurnEnding, TurnEvent, UnknownChoice, UserMessage,
        tokens::{Cost, Prices, Usage},
    },
};

use super::given::{ANNA, BEN, Given, assert_done, given, given_answering, given_with, heard, run, until_printed};
use crate::chat::endpoint::{ModelEndpoint, Scripted, delta, finish, usage};

/// 10 tokens in and 5 out, as the script says, are 10 × 2,000 + 5 × 4,000 = 40,000 millionths of a dollar.
fn priced(settings: &mut AssistantSettings) {
    let list = "[[price]]\nmodel = \"test-model\"\nsince = \"2025-01-01\"\ninput = \"2000\"\noutput = \"4000\"\n";
    settings.prices = Arc::new(Prices::parse(list).unwrap());
}

async fn with_daily(daily: DailyLimits) -> Given {
    let endpoint = ModelEndpoint::answering(|_| Scripted::text("Fine.")).await;
    given_with(
        |settings| {
            priced(settings);
            settings.daily = daily;
            settings.time_zone = chrono_tz::Europe::Berlin;
        },
        endpoint,
    )
    .await
}

/// A6: each answer is booked, for both counters, under user, model and day.
#[tokio::test]
async fn what_answers_take_is_written_down() {
    let endpoint = ModelEndpoint::start([run("1"), Scripted::text("One.")]).await;
    let given = given_with(priced, endpoint).await;
    let outcome = given.ask("One?").await;
    assert_done(&outcome);
    let sum = Usage { input: 20, output: 10, ..Usage::default() };
    assert_eq!((outcome.spent.usage, outcome.spent.is_estimate), (sum, false));
    assert_eq!(outcome.spent.cost(), Cost::from_dollars("0.08"));
    let today = given.assistant.today();
    let shown = given.assistant.usage(ANNA, today..=today).await.unwrap();
    let booked = catalog::Usage {
        messages: 1,
        input_tokens: 20,
        output_tokens: 10,
        cost_micro_usd: 80_000,
        ..catalog::Usage::default()
    };
    // The run of its code counts beside it, and is no model's.
    let ran = catalog::Usage { runs: 1, run_time: shown[0].usage.run_time, ..catalog::Usage::default() };
    let entry = |model: &str, usage| UsageEntry { day: today, model: model.to_owned(), usage };
    assert_eq!(shown, [entry("", ran), entry("test-model", booked)]);
    let limits = given.catalog.usage(ANNA, Counters::Limits, today..=today).await.unwrap();
    assert_eq!(limits, shown);
    assert_eq!(given.assistant.usage(BEN, today..=today).await.unwrap(), []);
    // U9: what limits are held against stays.
    given.assistant.clear_usage(ANNA).await.unwrap();
    assert_eq!(given.assistant.usage(ANNA, today..=today).await.unwrap(), []);
    assert_eq!(given.catalog.usage(ANNA, Counters::Limits, today..=today).await.unwrap(), limits);
}

/// U13: the model is told why its code is not run, and what the program runs for itself costs nobody a run.
#[tokio::test]
async fn runs_are_limited_for_each_day() {
    let endpoint = ModelEndpoint::start([run("print(1)"), run("print(2)"), Scripted::text("No more.")]).await;
    let given = given_with(|_| (), endpoint).await.with_daily_runs(1);
    given.upload(ANNA, "table.csv", "a\n1\n").await;
    let (events, outcome) = heard(given.assistant.turn(ANNA, Channel::Terminal, UserMessage::new("Twice."))).await;
    assert_done(&outcome);
    // What is in the table was found out before, by a run of the program's own.
    assert!(given.last_told()[0].contains("first_rows"), "{:?}", given.last_told());
    let reason = "You have reached the limit of 1 run a day. It ends at 2026-01-02 00:00 UTC.";
    assert_eq!(given.last_results()[1], format!("Not run: {reason}"));
    assert!(given.last_results()[0].starts_with("status: completed\nstdout:\n1\n"));
    assert!(events.contains(&TurnEvent::RunFailed { reason: reason.to_owned() }));
}

/// A6: an endpoint that says nothing is counted here, which is marked where usage is kept.
#[tokio::test]
async fn what_was_counted_here_is_marked() {
    let silent = || Scripted::stream([delta(json!({ "content": "Hello." })), finish("stop")]);
    let given = given([silent(), Scripted::text("Hello.")]).await;
    let marked = async || {
        let today = given.assistant.today();
        let entries = given.assistant.usage(ANNA, today..=today).await.unwrap();
        (total(&entries).estimated, total(&entries).messages)
    };
    given.ask("Hello").await;
    assert_eq!(marked().await, (1, 1));
    given.ask("Hello").await;
    assert_eq!(marked().await, (1, 2));
}

/// A6: an unknown price is unknown, never 0.
#[tokio::test]
async fn an_unknown_price_is_unknown() {
    let given = given([Scripted::text("Hello.")]).await;
    let outcome = given.ask("Hello").await;
    assert_eq!((outcome.spent.cost(), outcome.spent.unpriced), (None, 1));
    let today = given.assistant.today();
    assert_eq!(total(&given.assistant.usage(ANNA, today..=today).await.unwrap()).cost(), None);
}

/// U13: a refusal says which limit and when it ends, and the model is not asked.
#[tokio::test]
async fn a_daily_limit_ends_at_midnight() {
    let limits = [
        (DailyLimits { messages: Some(2), ..DailyLimits::default() }, "2 messages"),
        (DailyLimits { tokens: Some(30), ..DailyLimits::default() }, "30 tokens"),
        (DailyLimits { micro_usd: Some(80_000), ..DailyLimits::default() }, "$0.0800"),
    ];
    for (daily, named) in limits {
        let given = with_daily(daily).await;
        for _ in 0..2 {
            assert_done(&given.ask("Hello").await);
        }
        let outcome = given.ask("Hello").await;
        assert!(matches!(outcome.ending, TurnEnding::Refused(Refusal::Daily { .. })), "{:?}", outcome.ending);
        let sentence = format!("You have reached the limit of {named} a day. It ends at 2026-01-02 01:00 CET.");
        assert_eq!(outcome.ending.sentence(), Some(sentence));
        assert_eq!(given.endpoint.requests().len(), 2);
        // A reset gives nothing back, another user has his own, and tomorrow is another day.
        given.assistant.clear_usage(ANNA).await.unwrap();
        assert!(matches!(given.ask("Hello").await.ending, TurnEnding::Refused(_)));
        assert_done(&given.assistant.turn(BEN, Channel::Terminal, UserMessage::new("Hello")).outcome().await);
        given.clock.advance(TimeDelta::hours(12));
        assert_done(&given.ask("Hello").await);
    }
}

/// A3: the cost limit of a turn, and what is left of the day, hold within a turn.
#[tokio::test]
async fn a_turn_that_costs_too_much_is_ended() {
    let dear = |settings: &mut AssistantSettings| {
        priced(settings);
        settings.max_turn_cost = Cost::from_dollars("0.1").unwrap();
    };
    let large = |settings: &mut AssistantSettings| settings.max_turn_tokens = 45;
    let of_day = |settings: &mut AssistantSettings| settings.daily.tokens = Some(45);
    let changes: [fn(&mut AssistantSettings); 3] = [dear, large, of_day];
    for change in changes {
        let given = given_with(change, ModelEndpoint::answering(|_| run("print(1)")).await).await;
        let outcome = given.ask("On and on.").await;
        assert!(matches!(outcome.ending, TurnEnding::CostLimit), "{:?}", outcome.ending);
        assert_eq!((outcome.rounds, given.endpoint.requests().len(), outcome.is_remembered), (2, 3, true));
        let sentence = "This message has used up as much as one message may. Ask for less at once.";
        assert_eq!(outcome.ending.sentence().as_deref(), Some(sentence));
    }
}

/// Issue 5: a message of 1 MB, and one of nothing.
#[tokio::test]
async fn a_message_has_a_length() {
    let given = given_answering(|_| Scripted::text("Fine.")).await;
    let outcome = given.ask(&"x".repeat(1_000_000)).await;
    let sentence = "Your message is longer than 100000 characters. Send the text as a file instead.";
    assert_eq!(outcome.ending.sentence().as_deref(), Some(sentence));
    let outcome = given.ask(" \n").await;
    assert_eq!(outcome.ending.sentence().as_deref(), Some("Your message is empty. Write what you want to know."));
    assert!(given.endpoint.requests().is_empty());
    assert_done(&given.ask(&"x".repeat(100_000)).await);
}

/// DESIGN 6.2
#[tokio::test]
async fn a_user_has_a_few_messages_answered_at_once() {
    let given = given([run("print(1, flush=True)\nwhile True: pass")]).await;
    let ask = |user, channel| given.assistant.turn(user, channel, UserMessage::new("Hello"));
    let mut going = ask(ANNA, Channel::Direct);
    until_printed(&mut going).await;
    let waiting: Vec<_> = (0..3).map(|_| ask(ANNA, Channel::Direct)).collect();
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    let outcome = ask(ANNA, Channel::Server(1)).outcome().await;
    let sentence = "4 of your messages are being answered already. Wait for an answer, or stop one.";
    assert_eq!(outcome.ending.sentence().as_deref(), Some(sentence));
    for turn in waiting {
        turn.cancel();
        assert!(matches!(turn.outcome().await.ending, TurnEnding::Cancelled));
    }
    going.cancel();
    assert!(matches!(going.outcome().await.ending, TurnEnding::Cancelled));
}

/// U11: a model of one's own, out of those that are offered.
#[tokio::test]
async fn a_user_chooses_a_model() {
    let endpoint = ModelEndpoint::answering(|_| Scripted::stream([usage(1, 1)]).then("")).await;
    let given = given_with(|settings| settings.other_models = vec!["large".to_owned()], endpoint).await;
    let assistant = &given.assistant;
    assert_eq!(assistant.models(), ["test-model", "large"]);
    assistant.choose_model(ANNA, Some("large")).await.unwrap();
    assert_eq!(assistant.model_of(ANNA).await.unwrap(), "large");
    assert_eq!(assistant.model_of(BEN).await.unwrap(), "test-model");
    given.ask("Hello").await;
    assert_eq!(given.endpoint.requests()[0].body["model"], "large");
    let error = assistant.choose_model(ANNA, Some("dearest")).await.unwrap_err();
    assert!(matches!(error, UnknownChoice::NotOffered { .. }));
    assert_eq!(error.to_string(), "There is no model `dearest` to choose. Choose one of: test-model, large.");
    assistant.choose_model(ANNA, None).await.unwrap();
    assert_eq!(assistant.model_of(ANNA).await.unwrap(), "test-model");
}
