//! A user's run: his files go in, what it makes is his.

use std::{fs, time::Duration};

use taipan::{
    Ending, Event, Isolation,
    catalog::{RunRecord, Source},
    executions::{ExecutionError, FileLimits, RunRequest, Upload},
};

use super::given::{ANNA, BEN, Given, apply, given, given_in, on_both, writing};
use crate::{
    catalog::given::Engine,
    interpreters::{self, in_both},
};

/// S1, X1, X4: in both isolations, by id, by name and as a file in the folder.
#[apply(in_both)]
#[tokio::test]
async fn a_run_finds_all_of_its_user_s_files_and_leaves_its_own(#[case] isolation: Isolation) {
    let given = given_in(interpreters::plain(isolation), Engine::Sqlite, FileLimits::default()).await;
    let numbers = given.upload("numbers.csv", "a,b\n1,2\n").await;
    given.upload("notes.txt", "first").await;
    given.upload("notes.txt", "newest").await;
    given.executions.save_upload(BEN, Upload::named("bens.txt"), &b"b"[..]).await.unwrap();
    let code = format!(
        "import os\nos.makedirs('out')\nassert load_file({:?}).b[0] == 2\n\
         open('out/copy.txt', 'w').write(open('notes.txt').read())\n\
         print(sorted(set(name['name'] for name in list_files())))\n1 + 1",
        numbers.file_id.as_str()
    );
    let answer = given.run(RunRequest::new(code)).await;
    assert_eq!(answer.error, None, "{}", answer.outcome.output);
    assert_eq!(answer.outcome.stdout, "['notes.txt', 'numbers.csv']\n");
    assert_eq!(answer.outcome.result.as_ref().unwrap().text, "2");
    let made = answer.generated_files[0].record().unwrap();
    assert_eq!(answer.generated_file_ids, std::slice::from_ref(&made.file_id));
    let described = (made.filename.as_str(), made.source, made.original_workspace_path.as_deref(), made.file_size);
    assert_eq!(described, ("copy.txt", Source::Generated, Some("out/copy.txt"), 6));
    assert_eq!(made.file_type, "text");
    assert_eq!(given.content(made).await, "newest");
    // The next run finds it like any other.
    let answer = given.run(RunRequest::new("print(open('copy.txt').read())")).await;
    assert_eq!(answer.outcome.stdout, "newest\n");
}

/// X5: the stored originals never change.
#[apply(in_both)]
#[tokio::test]
async fn a_file_that_a_run_changes_becomes_another(#[case] isolation: Isolation) {
    let given = given_in(interpreters::plain(isolation), Engine::Sqlite, FileLimits::default()).await;
    let original = given.upload("notes.txt", "as sent").await;
    let answer = given.run(RunRequest::new("open('notes.txt', 'a').write(', and more')")).await;
    let changed = answer.generated_files[0].record().unwrap();
    assert_eq!(given.content(changed).await, "as sent, and more");
    assert_eq!(given.content(&original).await, "as sent");
    assert_eq!(given.names(ANNA).await, ["notes.txt", "notes.txt"]);
    // Of equal names the newest.
    let answer = given.run(RunRequest::new("print(open('notes.txt').read())")).await;
    assert_eq!(answer.outcome.stdout, "as sent, and more\n");
}

/// S4: whoever runs the same code again is given the same files again, and they are the same.
#[apply(in_both)]
#[tokio::test]
async fn the_same_code_run_twice_makes_the_same_files(#[case] isolation: Isolation) {
    let given = given_in(interpreters::plain(isolation), Engine::Sqlite, FileLimits::default()).await;
    given.upload("sent.txt", "as sent").await;
    let code = "open('plot.txt', 'w').write('plot')\nopen('sent.txt', 'a').close()\nopen('sent.txt').read()";
    let (one, two) = (given.run(RunRequest::new(code)).await, given.run(RunRequest::new(code)).await);
    assert_eq!(two.generated_files, one.generated_files);
    assert_eq!(two.generated_files[0].file.read().unwrap(), b"plot");
    let read_only = given.run(RunRequest::new("open('plot.txt').read()")).await;
    assert_eq!(read_only.generated_files, []);
    assert_eq!(given.names(ANNA).await, ["sent.txt", "plot.txt"]);
}

/// X4: the bytes are not copied.
#[tokio::test]
async fn files_are_given_where_they_lie() {
    let given = given(Engine::Sqlite).await;
    let file = given.upload("a.txt", "a").await;
    let answer = given.run(RunRequest::new("import os\nprint(os.stat('a.txt').st_ino)")).await;
    let inode = std::os::unix::fs::MetadataExt::ino(&fs::metadata(given.bytes_of(&file)).unwrap());
    assert_eq!(answer.outcome.stdout, format!("{inode}\n"));
}

/// DESIGN 4: the journal is written before the answer is given.
#[apply(on_both)]
#[tokio::test]
async fn every_run_is_in_the_journal_when_it_is_answered(engine: Engine) {
    let given = given(engine).await;
    let answer = given.run(writing(&["a.txt"])).await;
    let raised = given.run(RunRequest::new("1 / 0")).await;
    let runs = given.catalog.latest_runs(Some(ANNA), 10).await.unwrap();
    let shown: Vec<_> = runs.iter().map(|run| (run.run_id.as_str(), run.ending.as_str(), &run.files)).collect();
    let expected = [
        (raised.run_id.as_str(), "raised", &Vec::new()),
        (answer.run_id.as_str(), "completed", &answer.generated_file_ids),
    ];
    assert_eq!(shown, expected);
    assert_eq!(runs[0].code_sha256, "95baf036f1aa2733423c14f202dbee17b0d6c29230f6484fd711c678cd64635a");
    assert_eq!(runs[1].started_at, answer.generated_files[0].record().unwrap().uploaded_at);
    assert_eq!(given.catalog.latest_runs(Some(BEN), 10).await.unwrap(), Vec::<RunRecord>::new());
}

/// X1
#[tokio::test]
async fn an_error_has_kind_type_message_and_traceback() {
    let given = given(Engine::Sqlite).await;
    let error = given.run(RunRequest::new("open('before.txt', 'w').write('x')\n{}['b']")).await.error.unwrap();
    assert_eq!((error.kind, error.type_name.as_str(), error.message.as_str()), ("exception", "KeyError", "'b'"));
    assert!(error.traceback.contains("File \"main.py\", line 2"), "{}", error.traceback);
    // X9: what was made before is kept.
    assert_eq!(given.names(ANNA).await, ["before.txt"]);
    let error = given.run(RunRequest::new("import sys\nsys.exit(3)")).await.error.unwrap();
    assert_eq!((error.kind, error.message.as_str()), ("exit", "The code ended with exit code 3."));
    let endless = RunRequest::new("while True: pass").timeout(Duration::from_millis(100));
    let error = given.run(endless).await.error.unwrap();
    assert_eq!((error.kind, error.message.as_str()), ("timeout", "The code was stopped at its time limit."));
}

/// X12
#[tokio::test]
async fn code_is_given_input_arguments_and_a_name() {
    let given = given(Engine::Sqlite).await;
    let code = "import sys\nprint(input(), sys.argv[1:], __file__)";
    let answer = given.run(RunRequest::new(code).stdin("typed\n").args(["--fast"]).called("cell 7")).await;
    assert_eq!(answer.outcome.stdout, "typed ['--fast'] cell 7\n");
}

/// X9: a cancelled run keeps what it has made.
#[tokio::test]
async fn a_cancelled_run_keeps_its_files() {
    let given = given(Engine::Sqlite).await;
    let code = "open('a.txt', 'w').write('a')\nprint('made', flush=True)\nwhile True: pass";
    let mut run = given.executions.run(ANNA, RunRequest::new(code)).await.unwrap();
    until_printed(&mut run).await;
    run.cancel();
    let answer = run.answer().await.unwrap();
    assert_eq!(answer.outcome.ending, Ending::Cancelled);
    assert_eq!(answer.error.unwrap().kind, "cancelled");
    assert_eq!(given.names(ANNA).await, ["a.txt"]);
}

async fn until_printed(run: &mut taipan::executions::UserRun) {
    while let Some(event) = run.next().await {
        if matches!(event, Event::Stdout { .. }) {
            return;
        }
    }
    panic!("it prints");
}

/// DESIGN 4: whoever stops waiting does not take the run out of the journal, nor what it made.
#[apply(on_both)]
#[tokio::test]
async fn a_run_that_nobody_waits_for_is_stopped_and_written_down(engine: Engine) {
    let given = given(engine).await;
    let code = "open('a.txt', 'w').write('a')\nprint('made', flush=True)\nwhile True: pass";
    let mut run = given.executions.run(ANNA, RunRequest::new(code)).await.unwrap();
    until_printed(&mut run).await;
    drop(run);
    stop(&given).await;
    assert_eq!(given.catalog.latest_runs(Some(ANNA), 10).await.unwrap()[0].ending, "cancelled");
    assert_eq!(given.names(ANNA).await, ["a.txt"]);
}

async fn stop(given: &Given) {
    given.executions.close(Duration::from_secs(10)).await;
}

/// X15: a full queue answers at once.
#[tokio::test]
async fn a_full_queue_is_said_to_be_busy() {
    let interpreter = interpreters::settings(Isolation::Thread).queue_capacity(1).build().unwrap();
    let given = given_in(interpreter, Engine::Sqlite, FileLimits::default()).await;
    let mut going =
        given.executions.run(ANNA, RunRequest::new("print(1, flush=True)\nwhile True: pass")).await.unwrap();
    until_printed(&mut going).await;
    let waiting = given.executions.run(ANNA, RunRequest::new("2")).await.unwrap();
    let error = given.executions.run(BEN, RunRequest::new("3")).await.unwrap_err();
    assert!(matches!(error, ExecutionError::Interpreter(taipan::InterpreterError::Busy { waiting: 1 })), "{error}");
    going.cancel();
    assert_eq!(waiting.answer().await.unwrap().outcome.result.unwrap().text, "2");
}

/// S13: a file that is deleted while a run waits for its turn is not there when it comes.
#[tokio::test]
async fn a_waiting_run_does_without_a_file_that_is_deleted() {
    let given = given(Engine::Sqlite).await;
    let file = given.upload("a.txt", "a").await;
    given.upload("b.txt", "b").await;
    let mut going =
        given.executions.run(ANNA, RunRequest::new("print(1, flush=True)\nwhile True: pass")).await.unwrap();
    until_printed(&mut going).await;
    let names = "print([file['name'] for file in list_files()])";
    let waiting = given.executions.run(ANNA, RunRequest::new(names)).await.unwrap();
    given.executions.delete_file(ANNA, file.file_id.as_str()).await.unwrap();
    going.cancel();
    assert_eq!(waiting.answer().await.unwrap().outcome.stdout, "['b.txt']\n");
}

/// X16
#[apply(on_both)]
#[tokio::test]
async fn the_status_counts_files_and_says_what_holds(engine: Engine) {
    let given = given(engine).await;
    given.upload("a.txt", "abc").await;
    given.executions.save_upload(BEN, Upload::named("b.txt"), &b"12345"[..]).await.unwrap();
    let status = given.executions.status().await.unwrap();
    assert_eq!((status.total_user_files, status.total_file_bytes), (2, 8));
    assert!((status.file_expiration_hours() - 48.0).abs() < f64::EPSILON);
    assert_eq!(status.last_cleanup, None);
    assert_eq!(status.interpreter.isolation, Isolation::Thread);
    given.executions.clean().await;
    assert!(given.executions.status().await.unwrap().last_cleanup.is_some());
}
