//! The journal of runs, and when the last cleanup was (X16).

use std::time::Duration;

use taipan::{catalog::RunRecord, identifiers::UserId};

use super::given::{ANNA, BEN, Engine, after_noon, apply, id, noon, on_both};

fn run(name: &str, user: UserId, seconds: i64) -> RunRecord {
    RunRecord {
        run_id: name.to_owned(),
        user_id: user,
        started_at: after_noon(seconds),
        code_sha256: "c0de".to_owned(),
        ending: "timed_out".to_owned(),
        run_time: Duration::from_millis(60_001),
        files: vec![id("b"), id("a")],
    }
}

#[apply(on_both)]
#[tokio::test]
async fn the_latest_runs_come_first_of_one_user_or_of_all(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    let without_files = RunRecord { files: vec![], ..run("c", ANNA, 3) };
    for run in [&run("a", ANNA, 1), &without_files, &run("b", BEN, 2)] {
        catalog.add_run(run).await.unwrap();
    }
    let all = [without_files.clone(), run("b", BEN, 2), run("a", ANNA, 1)];
    assert_eq!(catalog.latest_runs(None, 9).await.unwrap(), all);
    assert_eq!(catalog.latest_runs(None, 2).await.unwrap(), all[..2]);
    assert_eq!(catalog.latest_runs(Some(ANNA), 9).await.unwrap(), [without_files, run("a", ANNA, 1)]);
    assert_eq!(catalog.latest_runs(Some(UserId(0)), 9).await.unwrap(), []);
}

#[apply(on_both)]
#[tokio::test]
async fn a_run_that_is_written_down_twice_stands_there_once(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    catalog.add_run(&run("a", ANNA, 1)).await.unwrap();
    catalog.add_run(&RunRecord { ending: "completed".to_owned(), ..run("a", ANNA, 1) }).await.unwrap();
    assert_eq!(catalog.latest_runs(None, 9).await.unwrap(), [run("a", ANNA, 1)]);
}

#[apply(on_both)]
#[tokio::test]
async fn old_runs_are_forgotten_by_their_beginning(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    for (name, seconds) in [("a", 1), ("b", 2), ("c", 3)] {
        catalog.add_run(&run(name, ANNA, seconds)).await.unwrap();
    }
    assert_eq!(catalog.delete_runs_before(after_noon(3)).await.unwrap(), 2);
    assert_eq!(catalog.latest_runs(None, 9).await.unwrap(), [run("c", ANNA, 3)]);
}

/// X16
#[apply(on_both)]
#[tokio::test]
async fn the_time_of_the_last_cleanup_is_remembered(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    assert_eq!(catalog.last_cleanup().await.unwrap(), None);
    catalog.set_last_cleanup(noon()).await.unwrap();
    catalog.set_last_cleanup(after_noon(3600)).await.unwrap();
    catalog.close().await;
    assert_eq!(store.open().await.last_cleanup().await.unwrap(), Some(after_noon(3600)));
}

/// S7: the first store stays the one.
#[apply(on_both)]
#[tokio::test]
async fn the_first_store_that_is_named_is_remembered(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    assert_eq!(catalog.store_number().await.unwrap(), None);
    assert_eq!(catalog.claim_store(i64::MAX).await.unwrap(), i64::MAX);
    assert_eq!(catalog.claim_store(2).await.unwrap(), i64::MAX);
    catalog.close().await;
    assert_eq!(store.open().await.store_number().await.unwrap(), Some(i64::MAX));
}
