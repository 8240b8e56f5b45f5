//! How long files stay.

use std::time::Duration;

use chrono::TimeDelta;
use taipan::executions::{FileLimits, RunRequest};

use super::given::{ANNA, NOT_FOUND, apply, given, given_with, on_both, writing};
use crate::catalog::given::Engine;

/// S8: gone for every reader at the second it expires, though no cleaner has run.
#[apply(on_both)]
#[tokio::test]
async fn an_expired_file_is_gone_for_everybody_at_once(engine: Engine) {
    let given = given(engine).await;
    let file = given.upload("a.txt", "a").await;
    let id = file.file_id.as_str();
    given.clock.advance(TimeDelta::hours(48) - TimeDelta::milliseconds(1));
    assert_eq!(given.names(ANNA).await, ["a.txt"]);
    given.clock.advance(TimeDelta::milliseconds(1));
    assert_eq!(given.names(ANNA).await, Vec::<String>::new());
    assert_eq!(given.executions.file_metadata(ANNA, id).await.unwrap_err().to_string(), NOT_FOUND);
    assert_eq!(given.executions.open_file(ANNA, id).await.unwrap_err().to_string(), NOT_FOUND);
    assert_eq!(given.executions.delete_file(ANNA, id).await.unwrap_err().to_string(), NOT_FOUND);
    let answer = given.run(RunRequest::new("list_files()")).await;
    assert_eq!(answer.outcome.result.unwrap().text, "[]");
    assert_eq!(given.on_disk(ANNA).len(), 1);
}

/// S2: uploads and generated files have the same life; fractions of an hour count, and without an end there is none.
#[tokio::test]
async fn uploads_and_generated_files_live_equally_long() {
    for (expiration, left) in [
        (Some(Duration::from_secs(360)), Some(TimeDelta::minutes(6))),
        (Some(Duration::from_millis(360)), Some(TimeDelta::milliseconds(360))),
        (None, None),
    ] {
        let given = given_with(Engine::Sqlite, FileLimits { expiration, ..FileLimits::default() }).await;
        let upload = given.upload("a.txt", "a").await;
        assert_eq!(upload.expires_at, left.map(|left| upload.uploaded_at + left));
        let answer = given.run(writing(&["b.txt"])).await;
        let made = answer.generated_files[0].record().unwrap();
        assert_eq!(made.expires_at, left.map(|left| made.uploaded_at + left));
    }
}

/// S2: what is to live longer than calendars go lives for ever.
#[tokio::test]
async fn a_file_may_live_longer_than_any_calendar() {
    let limits = FileLimits { expiration: Some(Duration::MAX), ..FileLimits::default() };
    let given = given_with(Engine::Sqlite, limits).await;
    assert_eq!(given.upload("a.txt", "a").await.expires_at, None);
}
