//! What it knows of earlier turns.

use taipan::{
    catalog::Turn,
    chat::{Channel, Quoted, UserMessage},
};

use super::given::{ANNA, BEN, NO_FILES, REMINDER, assert_done, given, given_answering, given_with, run, told};
use crate::chat::endpoint::{ModelEndpoint, Scripted};

/// A4: calls and answers are kept together; what the model was told of the world is not remembered.
#[tokio::test]
async fn a_turn_is_remembered_with_its_calls_and_their_results() {
    let given = given([run("print(6)"), Scripted::text("Six."), Scripted::text("I said six.")]).await;
    assert_done(&given.ask("A number?").await);
    assert_done(&given.ask("What did you say?").await);
    let expected = [
        "user: A number?".to_owned(),
        r#"assistant:  calls execute_python_code({"code":"print(6)"})"#.to_owned(),
        format!("tool: status: completed\nstdout:\n6\n{REMINDER}"),
        "assistant: Six.".to_owned(),
        format!("user: {NO_FILES}\n\nWhat did you say?"),
    ];
    assert_eq!(given.last_told(), expected);
}

/// A4: what is said directly is not known on a server, nor in another chat, nor to another user.
#[tokio::test]
async fn channels_and_users_know_nothing_of_each_other() {
    let given = given_answering(|_| Scripted::text("Understood.")).await;
    let chat = |name: &str| Channel::Chat(name.parse().unwrap());
    // Names that could be taken for each other.
    let channels =
        [Channel::Direct, Channel::Server(7), Channel::Server(8), Channel::Terminal, chat("7"), chat("direct")];
    for (number, channel) in channels.iter().enumerate() {
        let text = UserMessage::new(format!("The secret is {number}."));
        given.assistant.turn(ANNA, channel.clone(), text).outcome().await;
        assert_eq!(given.last_told(), [format!("user: {NO_FILES}\n\nThe secret is {number}.")]);
    }
    given.assistant.turn(BEN, Channel::Direct, UserMessage::new("What is the secret?")).outcome().await;
    assert_eq!(given.last_told().len(), 1);
    given.assistant.turn(ANNA, Channel::Direct, UserMessage::new("What is the secret?")).outcome().await;
    assert_eq!(given.last_told()[0], "user: The secret is 0.");
}

/// A4: of a long conversation the oldest turns go, each with its calls and results.
#[tokio::test]
async fn the_oldest_turns_are_left_out_whole() {
    let endpoint = ModelEndpoint::answering(|request| {
        if request.body["messages"].as_array().unwrap().last().unwrap()["role"] == "tool" {
            Scripted::text("Done.")
        } else {
            run("print('word ' * 150)")
        }
    })
    .await;
    let given = given_with(|settings| settings.history_tokens = 500, endpoint).await;
    for number in 0..5 {
        assert_done(&given.ask(&format!("Turn {number}")).await);
    }
    given.ask("The end").await;
    let requests = given.endpoint.requests();
    let asked = told(&requests[10]);
    let roles: Vec<_> = asked.iter().map(|message| message.split(':').next().unwrap()).collect();
    assert_eq!(roles, ["user", "assistant", "tool", "assistant", "user", "assistant", "tool", "assistant", "user"]);
    assert_eq!((asked[0].as_str(), asked[4].as_str()), ("user: Turn 3", "user: Turn 4"));
    // None of it is lost.
    assert_eq!(given.catalog.last_turns(ANNA, "terminal", 100).await.unwrap().len(), 6);
}

/// A4: replies follow the chain.
#[tokio::test]
async fn what_a_message_answers_to_is_told_before_it() {
    let given = given_answering(|_| Scripted::text("Yes.")).await;
    let quoted = |author: &str, text: &str| Quoted { author: author.to_owned(), text: text.to_owned() };
    let chain = [quoted("Ben", "Is it 5?\nOr 6?"), quoted("Taipan", "It is 6.")];
    given.say(UserMessage::new("Really?").in_reply_to(chain)).await;
    let expected =
        format!("user: {NO_FILES}\n\nIn reply to:\n> Ben: Is it 5?\n> Or 6?\n>\n> Taipan: It is 6.\n\nReally?");
    assert_eq!(given.last_told(), [expected]);
    // Of a very long chain the newest is told.
    let long = (0..50).map(|number| quoted("Ben", &format!("{number} {}", "x".repeat(1000))));
    given.say(UserMessage::new("Well?").in_reply_to(long)).await;
    let told = given.last_told().pop().unwrap();
    assert!(told.len() < 9_000 && told.contains("> Ben: 49 xxx") && !told.contains("> Ben: 41 "), "{told}");
}

/// U9, A4
#[tokio::test]
async fn a_reset_forgets_one_channel_or_all() {
    let given = given_answering(|_| Scripted::text("Understood.")).await;
    for channel in [Channel::Direct, Channel::Server(1), Channel::Server(2)] {
        given.assistant.turn(ANNA, channel, UserMessage::new("Remember.")).outcome().await;
    }
    given.assistant.turn(BEN, Channel::Direct, UserMessage::new("Remember.")).outcome().await;
    assert_eq!(given.assistant.reset(ANNA, Some(&Channel::Direct)).await.unwrap(), 1);
    given.assistant.turn(ANNA, Channel::Direct, UserMessage::new("What?")).outcome().await;
    assert_eq!(given.last_told(), [format!("user: {NO_FILES}\n\nWhat?")]);
    assert_eq!(given.assistant.reset(ANNA, None).await.unwrap(), 3);
    assert_eq!(given.catalog.last_turns(BEN, "direct", 9).await.unwrap().len(), 1);
}

/// A7: a record that cannot be read costs nobody the conversation.
#[tokio::test]
async fn a_turn_that_cannot_be_read_is_left_out() {
    let given = given_answering(|_| Scripted::text("Understood.")).await;
    let turn = Turn { said_at: "2026-01-01T11:00:00Z".parse().unwrap(), content: "{".to_owned() };
    given.catalog.append_turn(ANNA, "terminal", &turn).await.unwrap();
    assert_done(&given.ask("Hello").await);
    assert_eq!(given.last_told(), [format!("user: {NO_FILES}\n\nHello")]);
}

/// A4: messages in one channel are answered one after another, and each knows the one before.
#[tokio::test]
async fn a_second_message_waits_for_the_answer_to_the_first() {
    let given = given([Scripted::text("One."), Scripted::text("Two.")]).await;
    let first = given.assistant.turn(ANNA, Channel::Direct, UserMessage::new("First"));
    tokio::task::yield_now().await;
    let second = given.assistant.turn(ANNA, Channel::Direct, UserMessage::new("Second"));
    let (first, second) = tokio::join!(first.outcome(), second.outcome());
    assert_eq!((first.text.as_str(), second.text.as_str()), ("One.", "Two."));
    let expected = ["user: First", "assistant: One.", &format!("user: {NO_FILES}\n\nSecond")];
    assert_eq!(given.last_told(), expected);
}
