//! Code is run as the user who asks, looked at, and mended.

use serde_json::json;
use taipan::{
    Event, Isolation,
    catalog::Source,
    chat::{Channel, TOOL_NAME, TurnEvent, UserMessage},
};

use super::given::{ANNA, NO_FILES, REMINDER, assert_done, given, given_in, heard, run};
use crate::chat::endpoint::{ModelEndpoint, Scripted};

/// A digest that no script could know: the model has to be told what the code printed.
const CODE: &str = "import hashlib\nprint(hashlib.sha256(b'taipan').hexdigest()[:16])\n17 ** 5";

/// A1, A3
#[tokio::test]
async fn the_model_is_told_what_its_code_really_printed() {
    let given = given([run(CODE), Scripted::by(|request| Scripted::text(&request.tool_results().concat()))]).await;
    let outcome = given.ask("What is the digest?").await;
    let told =
        format!("status: completed\nstdout:\n7914fca25280371b\nvalue of the last expression:\n1419857\n{REMINDER}");
    assert_done(&outcome);
    assert_eq!(outcome.text, told);
    assert_eq!(outcome.rounds, 1);
    let call = format!("assistant:  calls {TOOL_NAME}({})", json!({ "code": CODE }));
    let expected = [format!("user: {NO_FILES}\n\nWhat is the digest?"), call, format!("tool: {told}")];
    assert_eq!(given.last_told(), expected);
}

/// A1: one tool, and the task says how to use it.
#[tokio::test]
async fn one_tool_is_offered_with_code_and_timeout() {
    let given = given([Scripted::text("Hello.")]).await;
    assert_eq!(given.ask("Hello").await.text, "Hello.");
    let body = &given.endpoint.requests()[0].body;
    let tools = body["tools"].as_array().unwrap();
    assert_eq!(tools.len(), 1);
    assert_eq!(tools[0]["function"]["name"], "execute_python_code");
    let parameters = &tools[0]["function"]["parameters"];
    assert_eq!(parameters["required"], json!(["code"]));
    let names: Vec<_> = parameters["properties"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["code", "timeout"]);
    let task = body["messages"][0]["content"].as_str().unwrap();
    for word in
        ["load_file(\"id\")", "/mnt/data", "sent to the user by themselves", "never an instruction", "no network"]
    {
        assert!(task.contains(word), "{word}: {task}");
    }
}

/// A3: it may try again.
#[tokio::test]
async fn an_error_is_told_with_the_user_s_line_and_mended() {
    let wrong = "prices = {'tea': 3}\nprices['coffee']";
    let given = given([run(wrong), run("print(3 * 7)"), Scripted::text("It is 21.")]).await;
    let outcome = given.ask("What do seven teas cost?").await;
    assert_done(&outcome);
    assert_eq!((outcome.text.as_str(), outcome.rounds), ("It is 21.", 2));
    let traceback = "Traceback (most recent call last):\n  File \"main.py\", line 2, in <module>\n    prices['coffee']\n    \
                     ~~~~~~^^^^^^^^^^\nKeyError: 'coffee'";
    let expected = [
        format!("status: raised\nerror:\nKeyError: 'coffee'\ntraceback:\n{traceback}\n{REMINDER}"),
        format!("status: completed\nstdout:\n21\n{REMINDER}"),
    ];
    assert_eq!(given.last_results(), expected);
}

/// A3, S1: files are the user's, and told by their ids.
#[tokio::test]
async fn files_that_code_makes_are_told_by_their_ids_and_handed_on() {
    let given = given([run("open('sum.csv', 'w').write('a\\n6\\n')"), Scripted::text("Here it is.")]).await;
    let outcome = given.ask("Make a table.").await;
    assert_done(&outcome);
    let [file] = outcome.files.as_slice() else { panic!("{:?}", outcome.files) };
    let record = file.record().unwrap();
    assert_eq!((record.user_id, record.source, record.filename.as_str()), (ANNA, Source::Generated, "sum.csv"));
    assert_eq!(file.file.read().unwrap(), b"a\n6\n");
    let expected = format!(
        "status: completed\nvalue of the last expression:\n4\nfiles:\n- \"sum.csv\" (csv, 4 bytes), id {}\n\
         reminder: the user gets these files by themselves; later code loads them by these ids.\n{REMINDER}",
        record.file_id
    );
    assert_eq!(given.last_results(), [expected]);
}

/// A8, U3: what an edge shows while it happens.
#[tokio::test]
async fn everything_is_heard_in_its_order_and_the_texts_add_up() {
    let said = Scripted::stream([
        crate::chat::endpoint::delta(json!({ "content": "I will " })),
        crate::chat::endpoint::delta(json!({ "content": "look." })),
        crate::chat::endpoint::delta(json!({ "tool_calls": [{ "index": 0, "id": "call_a", "type": "function",
            "function": { "name": TOOL_NAME, "arguments": json!({ "code": "print('seen')" }).to_string() } }] })),
        crate::chat::endpoint::finish("tool_calls"),
    ]);
    let given = given([said, Scripted::text("It is seen.")]).await;
    let (events, outcome) = heard(given.assistant.turn(ANNA, Channel::Terminal, UserMessage::new("Look"))).await;
    assert_eq!(outcome.text, "I will look.\n\nIt is seen.");
    let texts: String = events
        .iter()
        .filter_map(|event| match event {
            TurnEvent::Text(text) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(texts, outcome.text);
    let (mut kinds, mut printed) = (Vec::new(), String::new());
    for event in events {
        match event {
            TurnEvent::RunStarted { code } => kinds.push(format!("run {code}")),
            // What is written at once may arrive in pieces.
            TurnEvent::Run(Event::Stdout { text }) => printed.push_str(&text),
            TurnEvent::RunEnded(answer) => kinds.push(format!("printed {printed}{}", answer.outcome.ending.name())),
            _ => {}
        }
    }
    assert_eq!(kinds, ["run print('seen')", "printed seen\ncompleted"]);
}

/// X13: in a sandbox the runs of a session know each other, and the model is told so; tables are looked into there.
#[tokio::test]
async fn in_a_session_the_next_run_knows_what_the_last_one_did() {
    let load = "sales = load_file('sales.csv')\nprint(len(sales))";
    let answers = [run(load), run("print(sales.units.sum() * 7)"), Scripted::text("203.")];
    let endpoint = ModelEndpoint::start(answers).await;
    let given = given_in(Isolation::Process, |_| (), endpoint).await;
    given.upload(ANNA, "sales.csv", "city,units\nBonn,3\nKiel,26\n").await;
    assert_done(&given.say(UserMessage::new("Seven times the units?").in_session()).await);
    let state = "reminder: variables, imports and files are there in the next run.";
    let expected =
        [format!("status: completed\nstdout:\n2\n{state}"), format!("status: completed\nstdout:\n203\n{state}")];
    assert_eq!(given.last_results(), expected);
    let told = given.last_told();
    assert!(told[0].contains(r#""rows":2,"columns":[["city","str"],["units","int64"]]"#), "{}", told[0]);
}

/// X14: no variable of a run is there in the next.
#[tokio::test]
async fn each_run_starts_anew() {
    let given = given([run("secret = 5"), run("secret"), Scripted::text("Gone.")]).await;
    given.ask("Remember five.").await;
    let results = given.last_results();
    assert!(results[1].contains("NameError: name 'secret' is not defined"), "{}", results[1]);
}
