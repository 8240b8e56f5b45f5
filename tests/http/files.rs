//! Files over HTTP (H6, H8).

use serde_json::json;
use taipan::executions::FileLimits;

use super::{client::Ask, given::Served};

/// Uploads a file and gives its id.
fn uploaded(served: &Served, name: &str, content: &[u8]) -> String {
    let answer = served.ask(Ask::upload(&[("file", Some(name), content)])).done(201);
    assert_eq!(answer["failed"], json!([]));
    answer["files"][0]["id"].as_str().unwrap().to_owned()
}

/// H6
#[test]
fn a_file_is_uploaded_listed_looked_at_fetched_and_deleted() {
    let served = Served::new();
    let id = uploaded(&served, "grüße.csv", b"a,b\n1,2\n");
    let path = format!("/api/v1/files/{id}");
    let file = served.ask(Ask::get(&path)).done(200);
    let expected = json!({
        "id": id, "name": "grüße.csv", "size": 8, "format": "csv", "type": "data", "source": "upload",
        "sha256": "d1ad8a6ba3dfa9ec1d26b0a1c12f3aeb2bc9b6e48c9ba60d4a6ff9dbd3b3ed0f", "message_id": null, "chat_id": null,
        "created_at": file["created_at"], "expires_at": file["expires_at"], "url": format!("{path}/content"),
    });
    let without_hash = |mut document: serde_json::Value| {
        assert_eq!(document["sha256"].take().as_str().map(str::len), Some(64));
        document
    };
    assert_eq!(without_hash(file.clone()), without_hash(expected));
    let list = served.ask(Ask::get("/api/v1/files")).done(200);
    assert_eq!(list, json!({ "files": [file], "total_files": 1, "total_bytes": 8 }));

    let content = served.ask(Ask::get(format!("{path}/content")));
    assert_eq!((content.status, content.text()), (200, "a,b\n1,2\n"));
    assert_eq!(content.header("content-type"), Some("text/csv"));
    assert_eq!(content.header("content-length"), Some("8"));
    assert_eq!(
        content.header("content-disposition"),
        Some("attachment; filename=\"gr__e.csv\"; filename*=UTF-8''gr%C3%BC%C3%9Fe.csv")
    );

    assert_eq!(served.ask(Ask::delete(&path)).done(204), serde_json::Value::Null);
    let gone = (404, "file_not_found".to_owned(), "File not found".to_owned());
    assert_eq!(served.ask(Ask::get(&path)).problem(), gone);
    assert_eq!(served.ask(Ask::delete(&path)).problem(), gone);
    assert_eq!(served.stored(), Vec::<String>::new());
}

/// H6
#[test]
fn parts_of_a_file_are_given_and_what_a_client_has_is_not_sent_again() {
    let served = Served::new();
    let path = format!("/api/v1/files/{}/content", uploaded(&served, "a.txt", b"0123456789"));
    let whole = served.ask(Ask::get(&path));
    let tag = whole.header("etag").unwrap().to_owned();
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));

    let part = served.ask(Ask::get(&path).header("Range", "bytes=2-4"));
    assert_eq!((part.status, part.text(), part.header("content-range")), (206, "234", Some("bytes 2-4/10")));
    let end = served.ask(Ask::get(&path).header("Range", "bytes=-3").header("If-Range", tag.clone()));
    assert_eq!((end.status, end.text()), (206, "789"));
    let changed = served.ask(Ask::get(&path).header("Range", "bytes=-3").header("If-Range", "\"other\""));
    assert_eq!((changed.status, changed.text()), (200, "0123456789"));
    let beyond = served.ask(Ask::get(&path).header("Range", "bytes=10-"));
    assert_eq!(beyond.header("content-range"), Some("bytes */10"));
    assert_eq!(beyond.problem(), (416, "no_such_range".to_owned(), "The file has no such part.".to_owned()));

    let known = served.ask(Ask::get(&path).header("If-None-Match", tag));
    assert_eq!((known.status, known.text()), (304, ""));
    let head = served.ask(Ask::new("HEAD", &path));
    assert_eq!((head.status, head.text(), head.header("content-length")), (200, "", Some("10")));
}

/// H6: what is in a file must never be a page of this server.
#[test]
fn a_page_that_was_uploaded_is_something_to_save() {
    let served = Served::new();
    let path = format!("/api/v1/files/{}/content", uploaded(&served, "x.html", b"<script>alert(1)</script>"));
    let content = served.ask(Ask::get(&path));
    assert!(content.header("content-disposition").unwrap().starts_with("attachment;"));
    assert_eq!(content.header("x-content-type-options"), Some("nosniff"));
    let policy = content.header("content-security-policy").unwrap();
    assert_eq!(policy, "default-src 'none'; frame-ancestors 'none'; sandbox");
}

/// H8, S10
#[test]
fn a_file_that_cannot_be_stored_does_not_keep_the_others_from_it() {
    let limits = FileLimits { max_file_bytes: 10, ..FileLimits::default() };
    let served = Served::with(limits, |_| {});
    let parts: [(&str, Option<&str>, &[u8]); 3] =
        [("file", Some("a.txt"), b"1"), ("file", Some("large.txt"), &[b'x'; 11]), ("file", Some("b.txt"), b"2")];
    let answer = served.ask(Ask::upload(&parts)).done(201);
    let names: Vec<_> = answer["files"].as_array().unwrap().iter().map(|file| file["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["a.txt", "b.txt"]);
    let failed = json!([{
        "name": "large.txt", "code": "too_large",
        "message": "The file 'large.txt' has more than 10 bytes; a file may have at most 10 bytes.",
    }]);
    assert_eq!(answer["failed"], failed);

    let refused = served.ask(Ask::upload(&[("file", Some("large.txt"), &[b'x'; 11])])).problem();
    assert_eq!((refused.0, refused.1.as_str()), (413, "too_large"));
    assert_eq!(served.stored().len(), 2);
}

/// H6, S9
#[test]
fn one_file_too_many_removes_the_oldest() {
    let served = Served::with(FileLimits { max_files_per_user: 2, ..FileLimits::default() }, |_| {});
    for name in ["a.txt", "b.txt", "c.txt"] {
        uploaded(&served, name, name.as_bytes());
    }
    let list = served.ask(Ask::get("/api/v1/files")).done(200);
    let names: Vec<_> = list["files"].as_array().unwrap().iter().map(|file| file["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["b.txt", "c.txt"]);
}
