//! Files by message and chat (H2 to H5, H7).

use serde_json::{Value, json};

use super::{client::Ask, given::Served};

fn not_found() -> (u16, String, String) {
    (404, "file_not_found".to_owned(), "File not found".to_owned())
}

/// H2, H3
#[test]
fn messages_of_a_chat_do_not_see_each_others_files() {
    let served = Served::new();
    for message in ["m1", "m2"] {
        let parts: [(&str, Option<&str>, &[u8]); 3] = [
            ("message_id", None, message.as_bytes()),
            ("chat_id", None, b"c"),
            ("file", Some("in.txt"), message.as_bytes()),
        ];
        served.ask(Ask::upload(&parts)).done(201);
    }
    let run = |message: &str, code: &str| {
        let wanted = json!({ "code": code, "message_id": message, "chat_id": "c" });
        served.ask(Ask::run(&wanted)).done(200)
    };
    let look = "import os; print(sorted(os.listdir('/mnt/data')), open('/mnt/data/in.txt').read())";
    assert_eq!(run("m1", look)["stdout"], "['in.txt'] m1\n");
    run("m1", "open('/mnt/data/out.csv', 'w').write('a,b')");
    assert_eq!(run("m2", look)["stdout"], "['in.txt'] m2\n");
    assert_eq!(run("m1", look)["stdout"], "['in.txt', 'out.csv'] m1\n");

    let files = served.ask(Ask::get("/api/v1/downloads/code-execution/m1/files")).done(200);
    let [file] = files.as_array().unwrap().as_slice() else { panic!("{files}") };
    let id = file["id"].as_str().unwrap();
    let expected = json!({
        "id": id, "name": "out.csv", "size": 3, "format": "csv", "created_at": file["created_at"], "message_id": "m1",
        "chat_id": "c", "download_url": format!("/api/v1/downloads/code-execution/file/{id}"),
    });
    assert_eq!(*file, expected);
    assert_eq!(served.ask(Ask::get("/api/v1/downloads/code-execution/m2/files")).done(200), json!([]));
    assert_eq!(served.ask(Ask::get(file["download_url"].as_str().unwrap())).text(), "a,b");
}

/// H4, H7
#[test]
fn what_a_chats_messages_made_is_listed_by_message() {
    let served = Served::new();
    let run = |message: &str, content: &str| {
        let code = format!("open('a.txt', 'w').write('{content}')");
        served.ask(Ask::run(&json!({ "code": code, "message_id": message, "chat_id": "c-1" }))).done(200)
    };
    let first = run("m1", "x");
    assert_eq!(run("m1", "x")["generated_file_ids"], first["generated_file_ids"]);
    run("m2", "y");
    let id = first["generated_file_ids"][0].as_str().unwrap();
    let (digits, rest) = id.strip_prefix("code_gen_m1_").unwrap().split_at(16);
    assert!(rest.is_empty() && digits.bytes().all(|digit| digit.is_ascii_hexdigit()), "{id}");

    let chat = served.ask(Ask::get("/api/v1/downloads/code-execution/chat/c-1/files")).done(200);
    assert_eq!((&chat["chat_id"], &chat["total_files"]), (&json!("c-1"), &json!(2)));
    let messages: Vec<_> = chat["messages"].as_object().unwrap().iter().collect();
    let names = |files: &Value| files.as_array().unwrap().iter().map(|file| file["name"].clone()).collect::<Vec<_>>();
    assert_eq!(messages.iter().map(|(message, _)| message.as_str()).collect::<Vec<_>>(), ["m1", "m2"]);
    assert!(messages.iter().all(|(_, files)| names(files) == ["a.txt"]));
    let none = served.ask(Ask::get("/api/v1/downloads/code-execution/chat/other/files")).done(200);
    assert_eq!(none, json!({ "chat_id": "other", "total_files": 0, "messages": {} }));
}

/// H5
#[test]
fn only_generated_files_are_given_as_downloads() {
    let served = Served::new();
    let uploaded = served.ask(Ask::upload(&[("file", Some("a.txt"), b"x")])).done(201);
    let id = uploaded["files"][0]["id"].as_str().unwrap();
    let path = |id: &str| format!("/api/v1/downloads/code-execution/file/{id}");
    let refused = served.ask(Ask::get(path(id))).problem();
    assert_eq!(refused, (403, "not_generated".to_owned(), "Not a code-generated file".to_owned()));
    assert_eq!(served.ask(Ask::get(path("unknown"))).problem(), not_found());
}

/// H2, H5, H9, S3
#[test]
fn files_of_others_are_not_there() {
    let served = Served::new();
    let (anna, ben) = (served.key(1), served.key(2));
    let wanted = json!({ "code": "open('a.txt', 'w').write('secret')", "message_id": "m", "chat_id": "c" });
    let answer = served.ask(Ask::run(&wanted).key(&anna)).done(200);
    let id = answer["generated_file_ids"][0].as_str().unwrap();
    for path in [
        format!("/api/v1/files/{id}"),
        format!("/api/v1/files/{id}/content"),
        format!("/api/v1/downloads/code-execution/file/{id}"),
    ] {
        assert_eq!(served.ask(Ask::get(&path).key(&anna)).status, 200);
        assert_eq!(served.ask(Ask::get(&path).key(&ben)).problem(), not_found());
    }
    assert_eq!(served.ask(Ask::delete(format!("/api/v1/files/{id}")).key(&ben)).problem(), not_found());
    assert_eq!(served.ask(Ask::get("/api/v1/files").key(&ben)).done(200)["total_files"], 0);
    for list in ["m/files", "chat/c/files"] {
        let listed = served.ask(Ask::get(format!("/api/v1/downloads/code-execution/{list}")).key(&ben));
        assert!(!listed.text().contains(id), "{}", listed.text());
    }
    let attach = json!({ "code": "1", "message_id": "m", "files": [id] });
    assert_eq!(served.ask(Ask::run(&attach).key(&ben)).problem(), not_found());
    // The same message of another user is another one.
    let look = json!({ "code": "import os; print(os.listdir('.'))", "message_id": "m" });
    assert_eq!(served.ask(Ask::run(&look).key(&ben)).done(200)["stdout"], "[]\n");
}

/// H2
#[test]
fn files_are_attached_to_a_message_by_their_ids() {
    let served = Served::new();
    let uploaded = served.ask(Ask::upload(&[("file", Some("a.txt"), b"A"), ("file", Some("b.txt"), b"B")])).done(201);
    let id = &uploaded["files"][1]["id"];
    let wanted = json!({ "code": "import os; print(os.listdir('.'))", "message_id": "m", "files": [id] });
    assert_eq!(served.ask(Ask::run(&wanted)).done(200)["stdout"], "['b.txt']\n");
}
