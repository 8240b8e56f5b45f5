//! The workspaces of messages, and the ids of what their runs make.

use chrono::TimeDelta;
use taipan::{
    catalog::Selection,
    executions::{ExecutionError, FileLimits, RunRequest, Upload},
    identifiers::MessageId,
};

use super::given::{ANNA, BEN, Given, NOT_FOUND, apply, given, given_with, on_both, writing};
use crate::catalog::given::Engine;

const LIST: &str = "import os\nprint(sorted(os.listdir()))";

fn message(id: &str) -> MessageId {
    id.parse().unwrap()
}

async fn seen(given: &Given, id: &str) -> String {
    given.run(RunRequest::new(LIST).of_message(message(id), None)).await.outcome.stdout
}

/// H2: only the files attached to that message, and what its runs made; others never see those.
#[apply(on_both)]
#[tokio::test]
async fn a_message_s_runs_share_a_workspace_of_their_own(engine: Engine) {
    let given = given(engine).await;
    given.upload("elsewhere.txt", "x").await;
    let attached = Upload::named("attached.txt").attached_to(message("m1"), None);
    given.executions.save_upload(ANNA, attached, &b"a"[..]).await.unwrap();
    given.run(writing(&["made.txt"]).of_message(message("m1"), Some("c1".parse().unwrap()))).await;
    assert_eq!(seen(&given, "m1").await, "['attached.txt', 'made.txt']\n");
    assert_eq!(seen(&given, "m2").await, "[]\n");
    let ben = RunRequest::new(LIST).of_message(message("m1"), None);
    let ben = given.executions.run(BEN, ben).await.unwrap().answer().await.unwrap();
    assert_eq!(ben.outcome.stdout, "[]\n");
    // Without a message, all files are there.
    let all = given.run(RunRequest::new(LIST)).await.outcome.stdout;
    assert_eq!(all, "['attached.txt', 'elsewhere.txt', 'made.txt']\n");
    let of_chat = given.executions.list_files(ANNA, &Selection::Chat("c1".parse().unwrap())).await.unwrap();
    assert_eq!(of_chat.iter().map(|record| record.filename.as_str()).collect::<Vec<_>>(), ["made.txt"]);
}

/// H2: files may be attached by their ids, and stay so.
#[apply(on_both)]
#[tokio::test]
async fn a_file_attached_by_its_id_stays_attached(engine: Engine) {
    let given = given(engine).await;
    let file = given.upload("a.txt", "a").await;
    let first = RunRequest::new(LIST).of_message(message("m1"), None).attached([file.file_id.clone()]);
    assert_eq!(given.run(first).await.outcome.stdout, "['a.txt']\n");
    assert_eq!(seen(&given, "m1").await, "['a.txt']\n");
    let foreign = RunRequest::new(LIST).of_message(message("m1"), None).attached([file.file_id.clone()]);
    let error = given.executions.run(BEN, foreign).await.unwrap_err();
    assert!(matches!(error, ExecutionError::FileNotFound));
    assert_eq!(error.to_string(), NOT_FOUND);
    // What is deleted is gone from the workspace as well.
    given.executions.delete_file(ANNA, file.file_id.as_str()).await.unwrap();
    assert_eq!(seen(&given, "m1").await, "[]\n");
}

/// H7: `code_gen_{message_id}_{first 16 hex of S4's hash}`; the same name and content made twice by one message is one.
#[apply(on_both)]
#[tokio::test]
async fn what_a_message_s_runs_make_is_called_after_it(engine: Engine) {
    let given = given(engine).await;
    let code = "open('sales.csv', 'w').write('a,b\\n1,2\\n')";
    let run = || RunRequest::new(code).of_message(message("m-1"), None);
    let (one, two) = (given.run(run()).await, given.run(run()).await);
    // The hash of `sales.csv`, NUL and the content.
    assert_eq!(one.generated_file_ids[0].as_str(), "code_gen_m-1_83b1a6c0040afa10");
    assert_eq!(two.generated_file_ids, one.generated_file_ids);
    assert_eq!(given.names(ANNA).await, ["sales.csv"]);
    let ben = given.executions.run(BEN, run()).await.unwrap().answer().await.unwrap();
    assert_eq!(ben.generated_file_ids, one.generated_file_ids);
}

/// H2
#[tokio::test]
async fn a_workspace_that_nobody_used_for_7_days_is_forgotten() {
    let given = given_with(Engine::Sqlite, FileLimits { expiration: None, ..FileLimits::default() }).await;
    given.run(writing(&["made.txt"]).of_message(message("m1"), None)).await;
    for _ in 0..2 {
        // A run of these tests comes a second later.
        given.clock.advance(TimeDelta::days(7) - TimeDelta::seconds(1));
        assert_eq!(given.executions.clean().await.idle_workspaces, 0);
        assert_eq!(seen(&given, "m1").await, "['made.txt']\n");
    }
    given.clock.advance(TimeDelta::days(7) + TimeDelta::seconds(1));
    assert_eq!(given.executions.clean().await.idle_workspaces, 1);
    assert_eq!(seen(&given, "m1").await, "[]\n");
    // The file itself is the user's for ever.
    assert_eq!(given.names(ANNA).await, ["made.txt"]);
}
