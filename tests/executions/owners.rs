//! A file is its owner's; to others it is not there.

use taipan::{catalog::Selection, executions::Upload};

use super::given::{ANNA, BEN, NOT_FOUND, apply, given, on_both};
use crate::catalog::given::Engine;

/// S3: a foreign id answers exactly as an unknown one, and so does one that is none.
#[apply(on_both)]
#[tokio::test]
async fn foreign_unknown_and_impossible_ids_are_all_the_same(engine: Engine) {
    let given = given(engine).await;
    let annas = given.upload("a.txt", "a").await;
    let executions = &given.executions;
    let long = "x".repeat(10_000);
    for id in [
        annas.file_id.as_str(),
        "8_4102444800_deadbeef",
        "",
        "../../etc/passwd",
        "7/1",
        "a\0b",
        "ä",
        "' OR 1=1 --",
        r#"{"$gt": ""}"#,
        &long,
    ] {
        assert_eq!(executions.file_metadata(BEN, id).await.unwrap_err().to_string(), NOT_FOUND, "{id}");
        assert_eq!(executions.open_file(BEN, id).await.unwrap_err().to_string(), NOT_FOUND, "{id}");
        assert_eq!(executions.open_generated_file(BEN, id).await.unwrap_err().to_string(), NOT_FOUND, "{id}");
        assert_eq!(executions.delete_file(BEN, id).await.unwrap_err().to_string(), NOT_FOUND, "{id}");
    }
    assert_eq!(executions.list_files(BEN, &Selection::All).await.unwrap(), []);
    assert_eq!(executions.delete_all_files(BEN).await.unwrap().deleted, []);
    assert_eq!(given.content(&annas).await, "a");
}

/// S4: the owner inside the id is never trusted.
#[tokio::test]
async fn the_number_in_an_id_does_not_make_an_owner() {
    let given = given(Engine::Sqlite).await;
    let mut record = given.upload("a.txt", "a").await;
    record.user_id = BEN;
    record.file_path = record.file_path.replace("/7/", "/8/");
    given.catalog.insert_file(&record).await.unwrap();
    assert_eq!(given.executions.file_metadata(BEN, record.file_id.as_str()).await.unwrap().user_id, BEN);
}

/// H5
#[tokio::test]
async fn an_upload_is_not_given_as_a_generated_file() {
    let given = given(Engine::Sqlite).await;
    let upload = given.executions.save_upload(ANNA, Upload::named("a.txt"), &b"a"[..]).await.unwrap();
    let error = given.executions.open_generated_file(ANNA, upload.file_id.as_str()).await.unwrap_err();
    assert_eq!(error.to_string(), "Not a code-generated file");
}
