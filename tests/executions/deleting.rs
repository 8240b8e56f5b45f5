//! Deleting and resetting.

use std::fs;

use chrono::TimeDelta;
use taipan::{
    Isolation,
    executions::{FileLimits, RunRequest},
};

use super::given::{ANNA, BEN, Logged, NOT_FOUND, apply, given, given_in, on_both, writing};
use crate::{catalog::given::Engine, interpreters};

/// S13
#[apply(on_both)]
#[tokio::test]
async fn a_deleted_file_is_gone_with_its_bytes(engine: Engine) {
    let given = given(engine).await;
    let (gone, stays) = (given.upload("a.txt", "a").await, given.upload("b.txt", "b").await);
    let logged = Logged::start();
    assert_eq!(given.executions.delete_file(ANNA, gone.file_id.as_str()).await.unwrap(), gone);
    let line = format!("deleted a file user=7 path=\"{}\" count=1", gone.file_path);
    assert_eq!(logged.beginning("deleted"), [line]);
    let again = given.executions.delete_file(ANNA, gone.file_id.as_str()).await.unwrap_err();
    assert_eq!(again.to_string(), NOT_FOUND);
    assert_eq!(given.names(ANNA).await, ["b.txt"]);
    given.executions.delete_file(ANNA, stays.file_id.as_str()).await.unwrap();
    assert!(!fs::exists(given.data_dir.path().join("user_files/7")).unwrap());
}

/// S13
#[apply(on_both)]
#[tokio::test]
async fn all_files_are_deleted_with_what_is_remembered_of_messages(engine: Engine) {
    let given = given(engine).await;
    given.upload("expired.txt", "x").await;
    given.clock.advance(TimeDelta::hours(48));
    for number in 0..18 {
        given.upload(&format!("{number}.txt"), "x").await;
    }
    given.run(writing(&["made.txt"]).of_message("m1".parse().unwrap(), None)).await;
    let bens = given.executions.run(BEN, writing(&["bens.txt"])).await.unwrap().answer().await.unwrap();
    let deletion = given.executions.delete_all_files(ANNA).await.unwrap();
    assert_eq!((deletion.deleted.len(), deletion.failed.len()), (19, 0));
    assert_eq!(given.names(ANNA).await, Vec::<String>::new());
    assert!(!fs::exists(given.data_dir.path().join("user_files/7")).unwrap());
    assert!(!fs::exists(given.data_dir.path().join("message_workspaces/7")).unwrap());
    assert_eq!(given.content(bens.generated_files[0].record().unwrap()).await, "bens.txt");
    let none = given.executions.delete_all_files(ANNA).await.unwrap();
    assert_eq!((none.deleted.len(), none.failed.len()), (0, 0));
}

/// S13: where something could not be removed, the reason is said, and the file is still there.
#[apply(on_both)]
#[tokio::test]
async fn what_cannot_be_removed_is_named_and_stays(engine: Engine) {
    let given = given(engine).await;
    let (stuck, other) = (given.upload("stuck.txt", "x").await, given.upload("other.txt", "x").await);
    // A folder in the place of a file is removed by nobody.
    fs::remove_file(given.bytes_of(&stuck)).unwrap();
    fs::create_dir(given.bytes_of(&stuck)).unwrap();
    let deletion = given.executions.delete_all_files(ANNA).await.unwrap();
    assert_eq!(deletion.deleted, [other]);
    let failed: Vec<_> = deletion.failed.iter().map(|failed| (&failed.record, failed.reason.as_str())).collect();
    let reason = "The folder of stored files cannot be used (Is a directory (os error 21)). Check its disk.";
    assert_eq!(failed, [(&stuck, reason)]);
    assert_eq!(given.names(ANNA).await, ["stuck.txt"]);
}

/// S13, X13: reset ends the user's session.
#[tokio::test]
async fn a_reset_takes_files_and_session() {
    let interpreter = interpreters::plain(Isolation::Process);
    let given = given_in(interpreter, Engine::Sqlite, FileLimits::default()).await;
    given.run(RunRequest::new("x = 1\nopen('a.txt', 'w').write('a')").in_session()).await;
    let kept = given.run(RunRequest::new("import os\nprint(x, os.listdir())").in_session()).await;
    assert_eq!(kept.outcome.stdout, "1 ['a.txt']\n");
    let reset = given.executions.reset(ANNA).await.unwrap();
    assert_eq!((reset.files.deleted.len(), reset.ended_session), (1, true));
    let anew = given.run(RunRequest::new("import os\nprint('x' in globals(), os.listdir())").in_session()).await;
    assert_eq!(anew.outcome.stdout, "False []\n");
}
