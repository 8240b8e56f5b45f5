//! What a person sends is his, whole, and found again.

use chrono::{DateTime, TimeDelta};
use taipan::{
    catalog::{FileRecord, Source},
    executions::{FileLimits, Upload},
};

use super::given::{ANNA, BEN, apply, given, given_with, on_both};
use crate::catalog::given::Engine;

/// S4, S6
#[apply(on_both)]
#[tokio::test]
async fn an_upload_has_a_record_of_what_it_is(engine: Engine) {
    let given = given(engine).await;
    let upload = Upload::named("../Sales.csv").attached_to("m-1".parse().unwrap(), Some("c-1".parse().unwrap()));
    let saved = given.executions.save_upload(ANNA, upload, &b"a,b\n1,2\n"[..]).await.unwrap();
    let now = DateTime::from_timestamp(4_102_444_800, 0).unwrap();
    let id = saved.file_id.clone();
    let expected = FileRecord {
        file_id: id.clone(),
        user_id: ANNA,
        filename: "Sales.csv".to_owned(),
        file_path: format!("user_files/7/{id}.csv"),
        file_size: 8,
        file_type: "csv".to_owned(),
        kind: "data".to_owned(),
        sha256: "492d5ea496056f1a6a6592241032fab764c321596317930b4fa0e1e8bc3b7470".to_owned(),
        source: Source::Upload,
        message_id: Some("m-1".parse().unwrap()),
        chat_id: Some("c-1".parse().unwrap()),
        original_workspace_path: None,
        uploaded_at: now,
        expires_at: Some(now + TimeDelta::hours(48)),
        preview: None,
    };
    assert!(id.as_str().starts_with("7_4102444800_"));
    assert_eq!(saved, expected);
    assert_eq!(given.executions.file_metadata(ANNA, id.as_str()).await.unwrap(), expected);
    assert_eq!(given.content(&saved).await, "a,b\n1,2\n");
}

/// S4: the same bytes under the same name saved twice in one second are one file; of two users two.
#[apply(on_both)]
#[tokio::test]
async fn the_same_file_twice_in_one_second_is_one(engine: Engine) {
    let given = given(engine).await;
    let save = |user| given.executions.save_upload(user, Upload::named("a.txt"), &b"a"[..]);
    let (one, other) = (save(ANNA).await.unwrap(), save(ANNA).await.unwrap());
    assert_eq!(one, other);
    assert_eq!(given.names(ANNA).await, ["a.txt"]);
    assert_ne!(save(BEN).await.unwrap().file_id, one.file_id);
    given.clock.advance(TimeDelta::seconds(1));
    assert_ne!(save(ANNA).await.unwrap().file_id, one.file_id);
    assert_eq!(given.names(ANNA).await, ["a.txt", "a.txt"]);
}

/// S4: on a clash the next 8 digits.
#[apply(on_both)]
#[tokio::test]
async fn a_clash_of_ids_gives_the_next_digits(engine: Engine) {
    let given = given(engine).await;
    let first = given.executions.save_upload(ANNA, Upload::named("a.txt"), &b"a"[..]).await.unwrap();
    // Another file is made to have the id that this one would have.
    given.executions.delete_file(ANNA, first.file_id.as_str()).await.unwrap();
    let other = FileRecord { filename: "other.csv".to_owned(), sha256: "0".repeat(64), ..first.clone() };
    given.catalog.insert_file(&other).await.unwrap();
    let again = given.executions.save_upload(ANNA, Upload::named("a.txt"), &b"a"[..]).await.unwrap();
    assert_ne!(again.file_id, first.file_id);
    assert_eq!(again.file_id.as_str().rsplit_once('_').unwrap().0, "7_4102444800");
    assert_eq!(given.content(&again).await, "a");
    assert_eq!(given.on_disk(ANNA), [format!("{}.txt", again.file_id)]);
}

/// S10
#[tokio::test]
async fn one_byte_too_many_is_refused_with_name_and_size() {
    let given = given_with(Engine::Sqlite, FileLimits { max_file_bytes: 1024 * 1024, ..FileLimits::default() }).await;
    let large = vec![b'x'; 1024 * 1024 + 1];
    let error = given.executions.save_upload(ANNA, Upload::named("large.txt"), &*large).await.unwrap_err();
    let said = "The file 'large.txt' has more than 1.0 MB; a file may have at most 1.0 MB.";
    assert_eq!(error.to_string(), said);
    assert_eq!(given.names(ANNA).await, Vec::<String>::new());
    assert_eq!(given.on_disk(ANNA), Vec::<String>::new());
    given.executions.save_upload(ANNA, Upload::named("fits.txt"), &large[1..]).await.unwrap();
    assert_eq!(given.names(ANNA).await, ["fits.txt"]);
}
