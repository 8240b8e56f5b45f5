//! The cleaner: what it removes, what it leaves, what it says.

use std::{
    fs::{self, File},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use chrono::TimeDelta;
use taipan::{
    executions::{Cleanup, Clock as _, Upload},
    identifiers::UserId,
};

use super::given::{ANNA, BEN, Given, Logged, apply, given, on_both};
use crate::catalog::given::Engine;

/// S7
#[apply(on_both)]
#[tokio::test]
async fn a_cleanup_removes_what_expired_and_says_so(engine: Engine) {
    let given = given(engine).await;
    for name in ["1.txt", "2.txt"] {
        given.upload(name, name).await;
    }
    given.executions.save_upload(BEN, Upload::named("b.txt"), &b"b"[..]).await.unwrap();
    given.clock.advance(TimeDelta::hours(47));
    let live = given.upload("3.txt", "3").await;
    given.clock.advance(TimeDelta::hours(2));
    fs::create_dir(given.data_dir.path().join("user_files/9")).unwrap();
    let logged = Logged::start();
    let cleanup = given.executions.clean().await;
    assert_eq!((cleanup.expired_files, cleanup.empty_folders), (3, 2));
    let said = [
        "[Cleanup] Starting cleanup at 2100-01-03 01:00",
        "[Cleanup] Removed 3 expired files",
        "[Cleanup] Cleaned 2 empty directories",
        "[Cleanup] Cleanup completed in 0.00s",
    ];
    assert_eq!(logged.beginning("[Cleanup]"), said);
    assert_eq!(given.names(ANNA).await, ["3.txt"]);
    assert_eq!(given.content(&live).await, "3");
    assert_eq!(given.on_disk(ANNA).len(), 1);
    assert_eq!(given.folders(), ["7"]);
    assert_eq!(given.catalog.last_cleanup().await.unwrap(), Some(given.clock.now()));
    assert_eq!(given.executions.clean().await, Cleanup::default());
}

/// S7, S11: no record without bytes outlives a cleanup.
#[apply(on_both)]
#[tokio::test]
async fn a_record_without_bytes_goes(engine: Engine) {
    let given = given(engine).await;
    let (broken, whole) = (given.upload("broken.txt", "x").await, given.upload("whole.txt", "y").await);
    fs::remove_file(given.bytes_of(&broken)).unwrap();
    // Until then it is not read by anybody, and stops nobody.
    let error = given.executions.open_file(ANNA, broken.file_id.as_str()).await.unwrap_err();
    assert_eq!(error.to_string(), "File not found or expired");
    let cleanup = given.executions.clean().await;
    assert_eq!((cleanup.records_without_bytes, cleanup.expired_files), (1, 0));
    assert_eq!(given.names(ANNA).await, ["whole.txt"]);
    assert_eq!(given.content(&whole).await, "y");
}

/// S7: bytes without a record go when they are older than an hour.
#[apply(on_both)]
#[tokio::test]
async fn bytes_without_a_record_go_after_an_hour(engine: Engine) {
    let given = given(engine).await;
    let kept = given.upload("kept.txt", "x").await;
    let folder = given.data_dir.path().join("user_files/7");
    let orphans = ["7_1_00000000.txt", ".17f-0.part", "code_gen_m1_0011223344556677.csv"];
    for name in orphans {
        lying_for(&given, &folder.join(name), 3600);
    }
    lying_for(&given, &given.bytes_of(&kept), 7200);
    assert_eq!(given.executions.clean().await, Cleanup::default());
    assert_eq!(given.on_disk(ANNA).len(), 4);
    given.clock.advance(TimeDelta::seconds(1));
    assert_eq!(given.executions.clean().await.bytes_without_record, 3);
    assert_eq!(given.on_disk(ANNA), [format!("{}.txt", kept.file_id)]);
    assert_eq!(given.content(&kept).await, "x");
}

/// Has a file there that was written so many seconds ago, by the test's clock.
fn lying_for(given: &Given, path: &std::path::Path, seconds: u64) {
    let now: SystemTime = given.clock.now().into();
    assert!(now > UNIX_EPOCH);
    let file = File::options().create(true).append(true).open(path).unwrap();
    file.set_modified(now - Duration::from_secs(seconds)).unwrap();
}

/// S7: at start and then every hour, until it is not awaited any more.
#[tokio::test]
async fn it_cleans_at_once_and_then_every_hour() {
    let given = given(Engine::Sqlite).await;
    let (executions, catalog) = (given.executions.clone(), given.catalog.clone());
    let cleaning = tokio::spawn(async move { executions.clean_hourly().await });
    for _ in 0..3 {
        let now = given.clock.now();
        while catalog.last_cleanup().await.unwrap() != Some(now) {
            tokio::task::yield_now().await;
        }
        given.clock.until_somebody_sleeps().await;
        given.clock.advance(TimeDelta::minutes(59));
        assert_eq!(catalog.last_cleanup().await.unwrap(), Some(now));
        given.clock.advance(TimeDelta::minutes(1));
    }
    cleaning.abort();
    assert!(cleaning.await.unwrap_err().is_cancelled());
}

/// S7: more than one batch of them, of several users.
#[apply(on_both)]
#[tokio::test]
async fn more_than_a_batch_expire_together(engine: Engine) {
    let given = given(engine).await;
    for user in 1..=60 {
        for file in 0..10 {
            let name = format!("{file}.txt");
            given.executions.save_upload(UserId(user), Upload::named(name), &b"x"[..]).await.unwrap();
        }
    }
    given.clock.advance(TimeDelta::hours(49));
    let cleanup = given.executions.clean().await;
    assert_eq!((cleanup.expired_files, cleanup.empty_folders), (600, 60));
    assert_eq!(given.folders(), Vec::<String>::new());
}
