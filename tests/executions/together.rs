//! Many things at once with one user's files.

use taipan::{catalog::Selection, executions::Upload};
use tokio::task::JoinSet;

use super::given::{ANNA, apply, at_most, given_with, on_both, writing};
use crate::catalog::given::Engine;

/// S9, S11: saves, runs and deletions at once leave as many files as there may be, each with its bytes.
#[apply(on_both)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn saves_runs_and_deletions_at_once_leave_whole_files(engine: Engine) {
    let given = given_with(engine, at_most(5)).await;
    let mut work = JoinSet::new();
    for number in 0..40 {
        let executions = given.executions.clone();
        work.spawn(async move {
            let name = format!("{number}.txt");
            match number % 8 {
                3 => drop(executions.run(ANNA, writing(&[&name])).await.unwrap().answer().await.unwrap()),
                7 => drop(executions.delete_all_files(ANNA).await.unwrap()),
                _ => {
                    let saved = executions.save_upload(ANNA, Upload::named(&name), name.as_bytes()).await.unwrap();
                    if number % 8 == 5 {
                        // Somebody else may have been faster.
                        drop(executions.delete_file(ANNA, saved.file_id.as_str()).await);
                    }
                }
            }
        });
    }
    while let Some(done) = work.join_next().await {
        done.unwrap();
    }
    let records = given.executions.list_files(ANNA, &Selection::All).await.unwrap();
    assert!(records.len() <= 5, "{records:?}");
    for record in &records {
        assert_eq!(given.content(record).await, record.filename);
    }
    let mut stored: Vec<_> = records.iter().map(|record| record.file_path.replace("user_files/7/", "")).collect();
    stored.sort();
    assert_eq!(given.on_disk(ANNA), stored);
}

/// S4: the same file saved by many at once is one.
#[apply(on_both)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_file_saved_many_times_at_once_is_one(engine: Engine) {
    let given = given_with(engine, at_most(5)).await;
    let mut work = JoinSet::new();
    for _ in 0..20 {
        let executions = given.executions.clone();
        work.spawn(
            async move { executions.save_upload(ANNA, Upload::named("a.txt"), &b"same"[..]).await.unwrap().file_id },
        );
    }
    let mut ids = work.join_all().await;
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert_eq!(given.on_disk(ANNA), [format!("{}.txt", ids[0])]);
}
