//! `taipan chat`: the shipped program against a real endpoint (A8).

use std::{os::unix::process::CommandExt as _, process::Stdio, sync::Arc};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use tokio::task::spawn_blocking;

use super::endpoint::{KEY, ModelEndpoint, Scripted, delta, finish};
use crate::cli::{
    program::{Ended, Folder},
    terminal::Terminal,
};

/// Calls `taipan chat` and gives it what is typed.
async fn chat(folder: &Arc<Folder>, endpoint: &ModelEndpoint, arguments: &[&str], typed: &str) -> Ended {
    let arguments: Vec<_> = std::iter::once("chat").chain(arguments.iter().copied()).map(str::to_owned).collect();
    let (folder, root, typed) = (Arc::clone(folder), endpoint.root(), typed.to_owned());
    let calling = spawn_blocking(move || {
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        folder.write("typed.txt", typed);
        let typed = std::fs::File::open(folder.path().join("typed.txt")).unwrap();
        let mut command = folder.command(&arguments);
        command.env("OPENAI_BASE_URL", root).env("OPENAI_API_KEY", KEY).env("OPENAI_MODEL", "test-model");
        Ended::from(command.stdin(Stdio::from(typed)).output().unwrap())
    });
    calling.await.unwrap()
}

fn run(code: &str) -> Scripted {
    Scripted::call("execute_python_code", json!({ "code": code }))
}

/// What the last line says of tokens and money is looked at elsewhere.
fn without_spent(stderr: &str) -> String {
    stderr.split_inclusive('\n').filter(|line| !line.starts_with("⏱️ ")).collect()
}

/// A1, A2, A3, A8: the echo of the real result is what is answered, so no canned answer can pass.
#[tokio::test(flavor = "multi_thread")]
async fn a_question_about_a_file_is_answered_with_a_picture() {
    let code = "import matplotlib.pyplot as plt\ndata = load_file('sales.csv')\n\
                data.plot(x='month', y='sold')\nplt.savefig('trend.png')\nprint(data['sold'].sum() * 7919)";
    let endpoint = ModelEndpoint::start([
        run(code),
        Scripted::by(|request| {
            let result = request.tool_results().concat();
            let number = result.lines().find(|line| line.bytes().all(|byte| byte.is_ascii_digit())).unwrap();
            Scripted::text(&format!("The **sum** is {number}."))
        }),
    ])
    .await;
    let folder = Arc::new(Folder::new());
    folder.write("sales.csv", "month,sold\n1,10\n2,20\n3,40\n");
    let ended = chat(&folder, &endpoint, &["--attach", "sales.csv", "Plot the trend."], "").await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), "The **sum** is 554330."), "{}", ended.stderr);
    let said: Vec<_> = ended.stderr.lines().collect();
    assert!(said[0].starts_with("📎 sales.csv (26 B) is 0_"), "{}", ended.stderr);
    assert_eq!(said[1..6], code.lines().map(|line| format!("  │ {line}")).collect::<Vec<_>>());
    assert_eq!(said[6], "554330");
    assert!(said[7].starts_with("📎 taipan-out/trend.png (0_"), "{}", ended.stderr);
    assert!(said[8].starts_with("⏱️ 1 run, "), "{}", ended.stderr);
    assert_eq!(said.len(), 9, "{}", ended.stderr);
    assert_eq!(std::fs::read(folder.path().join("taipan-out/trend.png")).unwrap()[..4], *b"\x89PNG");
    let first = endpoint.requests()[0].body.to_string();
    assert!(first.contains("sales.csv") && first.contains("month"), "{first}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_line_is_a_message_and_the_conversation_goes_on() {
    let endpoint = ModelEndpoint::answering(|request| {
        let said = request.body["messages"].as_array().unwrap().iter().filter(|said| said["role"] == "user").count();
        Scripted::text(&format!("You have said {said}."))
    })
    .await;
    let folder = Arc::new(Folder::new());
    let ended = chat(&folder, &endpoint, &["--isolation", "thread"], "One.\n\nTwo.\n").await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), "You have said 1.You have said 2."), "{}", ended.stderr);
    // Another day it is still known, until it is forgotten.
    let ended = chat(&folder, &endpoint, &["--isolation", "thread"], "Three.\n/reset\nFour.\n").await;
    assert_eq!(ended.stdout, "You have said 3.You have said 1.");
    assert_eq!(without_spent(&ended.stderr), "Forgot 3 messages, and the session. Your files are still there.\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn variables_live_on_in_the_session_unless_it_is_off() {
    let endpoint = ModelEndpoint::answering(|request| {
        let last = request.body["messages"].as_array().unwrap().last().unwrap().clone();
        match last["role"].as_str().unwrap() {
            "tool" => Scripted::text("Done."),
            _ => run(last["content"].as_str().unwrap_or_default().lines().last().unwrap()),
        }
    })
    .await;
    let folder = Arc::new(Folder::new());
    let typed = "x = 41\nprint(x + 1)\n/session off\nprint(x + 2)\n";
    let ended = chat(&folder, &endpoint, &[], typed).await;
    let expected = "  │ x = 41\n  │ print(x + 1)\n42\nEach run begins anew.\n  │ print(x + 2)\n\
                    ❌ NameError: name 'x' is not defined\n";
    assert_eq!(without_spent(&ended.stderr), expected);
}

/// X13: where there are no sessions, code runs without one.
#[tokio::test(flavor = "multi_thread")]
async fn without_sessions_each_run_begins_anew() {
    let endpoint = ModelEndpoint::start([run("print(6 * 7)"), Scripted::text("Done.")]).await;
    let folder = Arc::new(Folder::new());
    let ended = chat(&folder, &endpoint, &["--isolation", "thread"], "Go.\n/session on\n").await;
    let expected = "  │ print(6 * 7)\n42\n\
                    error: Variables live on in isolation `process` alone. Start `taipan chat` in it.\n";
    assert_eq!((ended.code, without_spent(&ended.stderr).as_str()), (Some(2), expected));
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_look_after_files_models_and_usage() {
    let endpoint = ModelEndpoint::start([]).await;
    let folder = Arc::new(Folder::new());
    folder.write("notes.txt", "four");
    let typed = "/attach notes.txt\n/files\n/save notes.txt copies\n/model\n/model other\n/usage\n/code\n/nothing\n/attach\n\
                 /attach missing.txt\n/quit\nNever sent.\n";
    let ended = chat(&folder, &endpoint, &["--isolation", "thread"], typed).await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
    let mut lines: Vec<_> = ended.stderr.lines().map(str::to_owned).collect();
    let id = lines[0].strip_prefix("📎 notes.txt (4 B) is ").unwrap().trim_end_matches('.').to_owned();
    assert_eq!(lines.remove(1), format!("{id}  notes.txt  4 B"));
    assert_eq!(
        lines[1..],
        [
            "⬇️ copies/notes.txt",
            "● test-model",
            "error: There is no model `other` to choose. Choose one of: test-model.",
            "Today: 0 runs, 0 messages, 0 tokens, $0.0000",
            "This month: 0 runs, 0 messages, 0 tokens, $0.0000",
            "No code was run yet.",
            "There is no /nothing; /help shows what there is.",
            "Type /attach PATH: gives the assistant a file; it is stored among yours.",
            "error: The file missing.txt cannot be read: there is no such file. Check its path and rights.",
        ]
    );
    assert_eq!(folder.read("copies/notes.txt"), "four");
    assert_eq!(endpoint.requests().len(), 0);
}

/// A prompt injected into a file, or a name, does not steer the terminal of whoever reads the answer.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_the_program_steers_the_terminal() {
    let code = "print('\\x1b[2Jprinted')\nopen('a\\x1b[2J.txt', 'w').write('made')\n1 / len('\\x1b[2J'[:0])";
    let endpoint =
        ModelEndpoint::start([run(code), Scripted::text("\u{1b}]0;mine\u{7}\u{1b}[2J\u{202e}**answered**")]).await;
    let folder = Folder::new();
    let environment =
        [("OPENAI_BASE_URL", endpoint.root()), ("OPENAI_API_KEY", KEY.to_owned()), ("OPENAI_MODEL", "m".to_owned())];
    let calling = spawn_blocking(move || {
        let environment: Vec<_> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Terminal::open(&folder, &["chat", "--isolation", "thread", "Do it."], &environment).end()
    });
    let (code, parser) = calling.await.unwrap();
    let screen = parser.screen().contents();
    assert_eq!(code, Some(0), "{screen}");
    let shown: Vec<_> = screen.lines().filter(|line| line.contains("[2J") && !line.starts_with([' ', '📎'])).collect();
    assert_eq!(shown, ["\\u{1b}[2Jprinted", "\\u{1b}]0;mine\\u{7}\\u{1b}[2J\\u{202e}answered"]);
}

/// A6: an endpoint that does not say what its answers took is counted here, and that is shown.
#[tokio::test(flavor = "multi_thread")]
async fn usage_that_is_an_estimate_is_shown_as_one() {
    let silent = Scripted::stream([delta(json!({ "content": "Hello." })), finish("stop")]);
    let endpoint = ModelEndpoint::start([Scripted::text("Well."), silent]).await;
    let folder = Arc::new(Folder::new());
    let ended = chat(&folder, &endpoint, &["--isolation", "thread"], "One.\n/usage\nTwo.\n/usage\n").await;
    let said = without_spent(&ended.stderr);
    let lines: Vec<_> = said.lines().collect();
    let expected = [
        "Today: 0 runs, 1 messages, 15 tokens, cost unknown",
        "This month: 0 runs, 1 messages, 15 tokens, cost unknown",
        "  test-model: 1 messages, 15 tokens, cost unknown",
    ];
    assert_eq!(lines[..3], expected);
    assert!(lines[3].starts_with("Today: 0 runs, 2 messages, about "), "{said}");
    assert!(lines[5].starts_with("  test-model: 2 messages, about "), "{said}");
}

/// A7: an endpoint that fails is a sentence, and the next message is answered.
#[tokio::test(flavor = "multi_thread")]
async fn a_failing_endpoint_is_a_sentence() {
    let endpoint = ModelEndpoint::start([Scripted::refusal(401, "no such key"), Scripted::text("Here.")]).await;
    let folder = Arc::new(Folder::new());
    let ended = chat(&folder, &endpoint, &["--isolation", "thread"], "One.\nTwo.\n").await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(3), "Here."));
    let expected = "⚠️ The model's endpoint does not accept the key. Check OPENAI_API_KEY.\n";
    assert_eq!(without_spent(&ended.stderr), expected);
}

/// A8: Ctrl-C stops the answer, and what was said is kept.
#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_stops_an_answer_and_keeps_the_conversation() {
    let endpoint = ModelEndpoint::start([
        run("import time\nprint('begun')\ntime.sleep(60)"),
        Scripted::by(|request| Scripted::text(&request.body["messages"].to_string())),
    ])
    .await;
    let folder = Arc::new(Folder::new());
    let mut command = folder.command(&["chat", "Wait."]);
    command.env("OPENAI_BASE_URL", endpoint.root()).env("OPENAI_MODEL", "test-model").process_group(0);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stderr = std::io::BufReader::new(child.stderr.take().unwrap());
    let (mut child, said) = spawn_blocking(move || {
        use std::io::{BufRead as _, Read as _};
        let mut said = String::new();
        while !said.ends_with("begun\n") {
            assert_ne!(stderr.read_line(&mut said).unwrap(), 0, "{said}");
        }
        kill_process(Pid::from_child(&child), Signal::INT).unwrap();
        stderr.read_to_string(&mut said).unwrap();
        (child, said)
    })
    .await
    .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{said}");
    assert!(said.contains("⚠️ Stopped.\n"), "{said}");
    let ended = chat(&folder, &endpoint, &["--isolation", "thread", "And now?"], "").await;
    assert!(ended.stdout.contains("Wait.") && ended.stdout.contains("And now?"), "{}", ended.stdout);
}

#[test]
fn without_a_model_it_is_said_what_to_set() {
    let sentence = "error: The assistant needs a language model: set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of \
                    your own; .env.example explains both.\n";
    assert_eq!(Folder::new().taipan(&["chat"]), Ended::with(2, "", sentence));
}
