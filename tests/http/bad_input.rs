//! What no client should send (issue 7, "Bad input").

use std::{
    io::{Read as _, Write as _},
    net::Shutdown,
    time::Duration,
};

use serde_json::{Value, json};
use taipan::executions::FileLimits;

use super::{
    client::{Ask, Reply, connect, form_of},
    given::{Served, eventually},
};

/// Sends bytes as they are, and reads what is answered until the server hangs up.
fn sent(served: &Served, bytes: &[u8]) -> String {
    let mut stream = connect(served.address);
    // The server may have hung up before it had all.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// H9
#[test]
fn a_body_that_is_not_what_is_expected_is_refused_with_a_reason() {
    let served = Served::new();
    let post =
        |body: &str| Ask::new("POST", "/api/v1/executions").header("Content-Type", "application/json").body(body);
    let cases: [(&str, u16, &str, &str); 9] = [
        ("{", 400, "invalid_json", "The body is no JSON document: EOF while parsing an object at line 1 column 1."),
        ("code=1", 400, "invalid_json", "The body is no JSON document: expected value at line 1 column 1."),
        ("{}", 422, "invalid_request", "missing field `code`"),
        ("[]", 422, "invalid_request", "invalid length 0"),
        ("{\"code\": 1}", 422, "invalid_request", "invalid type: integer `1`, expected a string"),
        ("{\"code\": \"1\", \"cod\": 2}", 422, "invalid_request", "unknown field `cod`"),
        (
            "{\"code\": \"1\", \"message_id\": \"../x\"}",
            422,
            "invalid_request",
            "An id of a message has 1 to 128 letters",
        ),
        ("{\"code\": \"1\", \"files\": [\"a/b\"]}", 422, "invalid_request", "An id of a file has 1 to 160 letters"),
        ("{\"code\": \"1\", \"session\": \"yes\"}", 422, "invalid_request", "expected a boolean"),
    ];
    for (body, status, code, message) in cases {
        let problem = served.ask(post(body)).problem();
        assert_eq!((problem.0, problem.1.as_str()), (status, code), "{body}");
        assert!(problem.2.contains(message), "{body}: {}", problem.2);
    }
    let text = Ask::new("POST", "/api/v1/executions").header("Content-Type", "text/plain").body("{\"code\": \"1\"}");
    assert_eq!((served.ask(text).problem().0), 415);
    let deep = format!("{{\"code\": {}", "[".repeat(100_000));
    assert_eq!(served.ask(post(&deep)).problem().0, 422);
    assert_eq!(served.endings(), Vec::<String>::new());
}

/// H9
#[test]
fn paths_and_ids_lead_nowhere_else() {
    let served = Served::new();
    for path in [
        "/api/v1/files/..%2f..%2fetc%2fpasswd",
        "/api/v1/files/..%2f..%2fetc%2fpasswd/content",
        "/api/v1/files/%00/content",
        "/api/v1/files/0_1_2.txt",
        "/api/v1/files/%F0%9F%92%A5",
        "/api/v1/downloads/code-execution/file/..%2F0",
    ] {
        assert_eq!(served.ask(Ask::get(path)).problem().0, 404, "{path}");
    }
    for path in ["/api/v1/files/../../etc/passwd", "/etc/passwd", "//", "/api", "/page/../etc/passwd", "/api/v1/files/"]
    {
        let problem = served.ask(Ask::get(path)).problem();
        assert_eq!((problem.0, problem.1.as_str()), (404, "no_such_path"), "{path}");
    }
    let invalid = served.ask(Ask::get("/api/v1/files/%FF")).problem();
    assert_eq!(invalid, (400, "invalid_path".to_owned(), "The path is not valid UTF-8.".to_owned()));
    for message in ["a%20b", "%2e%2e", &"x".repeat(129)] {
        let problem = served.ask(Ask::get(format!("/api/v1/downloads/code-execution/{message}/files"))).problem();
        let sentence = "An id of a message has 1 to 128 letters, digits, `_` and `-`.".to_owned();
        assert_eq!(problem, (422, "invalid_request".to_owned(), sentence), "{message}");
    }
    let method = served.ask(Ask::new("PATCH", "/api/v1/files"));
    assert_eq!(method.problem().1, "method_not_allowed");
    assert_eq!(method.status, 405);
}

/// H9
#[test]
fn what_is_too_large_is_refused() {
    let limits = FileLimits { max_file_bytes: 1000, ..FileLimits::default() };
    let served = Served::with(limits, |settings| (settings.json_bytes, settings.files_per_upload) = (1000, 2));
    let large = served.ask(Ask::run(&json!({ "code": "#".repeat(1000) }))).problem();
    let message = "A JSON document may have at most 1000 bytes.".to_owned();
    assert_eq!(large, (413, "too_large".to_owned(), message.clone()));
    // Without saying how long it is.
    let head = format!(
        "POST /api/v1/executions HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
        served.address
    );
    let chunked = format!("{head}7d0\r\n{}\r\n0\r\n\r\n", " ".repeat(2000));
    assert_eq!(
        Reply::read(sent(&served, chunked.as_bytes()).as_bytes()).problem(),
        (413, "too_large".to_owned(), message)
    );

    let three: [(&str, Option<&str>, &[u8]); 3] =
        [("file", Some("a.txt"), b"1"), ("file", Some("b.txt"), b"2"), ("file", Some("c.txt"), b"3")];
    let answer = served.ask(Ask::upload(&three)).done(201);
    assert_eq!(answer["failed"][0]["message"], "One request may upload at most 2 files.");
    assert_eq!(served.stored().len(), 2);
}

/// H9
#[test]
fn ten_thousand_headers_are_refused() {
    let served = Served::new();
    let headers = (0..10_000).map(|n| format!("x-{n}: 1\r\n")).collect::<Vec<_>>().concat();
    let answer = sent(&served, format!("GET /healthz HTTP/1.1\r\nHost: x\r\n{headers}\r\n").as_bytes());
    // Nobody reads so far; some clients hear no more than that the server has hung up.
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431 "), "{answer}");
    let long = served.ask(Ask::get("/healthz").header("x", "x".repeat(40_000))).problem();
    let message = "The headers of a request may have at most 32768 bytes.".to_owned();
    assert_eq!(long, (431, "headers_too_large".to_owned(), message));
    assert_eq!(served.ask(Ask::get("/healthz")).status, 200);
}

/// H9
#[test]
fn what_is_no_http_is_hung_up_on() {
    let served = Served::new();
    for noise in [&b"\x16\x03\x01\x02\x00\x01"[..], b"GET\r\n\r\n", b"SSH-2.0-x\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"] {
        let answer = sent(&served, noise);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400 "), "{answer}");
    }
    assert_eq!(served.ask(Ask::get("/healthz")).status, 200);
}

/// H9
#[test]
fn who_is_too_slow_is_hung_up_on() {
    let served = Served::with(FileLimits::default(), |settings| {
        (settings.header_time, settings.body_pause, settings.body_time) =
            (Duration::from_millis(100), Duration::from_millis(100), Duration::from_millis(300));
    });
    // Nothing, half a head, half a body.
    assert_eq!(sent(&served, b""), "");
    assert_eq!(sent(&served, b"GET /healthz HTTP/1.1\r\nHost"), "");
    let head = format!("Host: {}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n", served.address);
    let answer = sent(&served, format!("POST /api/v1/executions HTTP/1.1\r\n{head}{{").as_bytes());
    assert_eq!(
        Reply::read(answer.as_bytes()).problem(),
        (408, "too_slow".to_owned(), "The request took too long to arrive. Send it again.".to_owned())
    );
    assert_eq!(served.ask(Ask::get("/healthz")).status, 200);
}

/// H9, S11
#[test]
fn nothing_is_left_of_an_upload_that_was_cut_off() {
    let served = Served::new();
    let whole = form_of(&[("file", Some("a.bin"), &vec![7; 300_000])]);
    let head = |length: usize| {
        format!(
            "POST /api/v1/files HTTP/1.1\r\nHost: {}\r\nContent-Type: multipart/form-data; boundary=-----a-boundary\r\n\
             Content-Length: {length}\r\n\r\n",
            served.address
        )
    };
    let mut stream = connect(served.address);
    stream.write_all(head(whole.len()).as_bytes()).unwrap();
    stream.write_all(&whole[..200_000]).unwrap();
    // Half-open: nothing more comes, but whoever sent it still listens.
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert!(answer.is_empty() || Reply::read(&answer).problem().0 == 400, "{}", String::from_utf8_lossy(&answer));
    // A form that ends before its file does.
    let cut = [head(200_000).into_bytes(), whole[..200_000].to_vec()].concat();
    let problem = Reply::read(sent_whole(&served, &cut).as_bytes()).problem();
    assert_eq!((problem.0, problem.1.as_str()), (400, "cut_off"));
    eventually(|| served.stored().is_empty());
    assert_eq!(served.ask(Ask::get("/api/v1/files")).done(200)["total_files"], 0);
}

/// Sends bytes, and no more after them.
fn sent_whole(served: &Served, bytes: &[u8]) -> String {
    let mut stream = connect(served.address);
    stream.write_all(bytes).unwrap();
    let mut answer = [0; 16 * 1024];
    let length = stream.read(&mut answer).unwrap();
    String::from_utf8_lossy(&answer[..length]).into_owned()
}

/// H6
#[test]
fn an_upload_that_is_none_is_refused() {
    let served = Served::new();
    let form = |parts| served.ask(Ask::upload(parts)).problem();
    assert_eq!(form(&[]).2, "The upload has no part named `file`.");
    assert_eq!(
        form(&[("files", Some("a"), b"x")]).2,
        "`files` is no part of an upload: there are `message_id`, `chat_id` and `file`."
    );
    assert_eq!(
        form(&[("message_id", None, b"a b")]).2,
        "An id of a message has 1 to 128 letters, digits, `_` and `-`."
    );
    let json = served.ask(Ask::post("/api/v1/files", &json!({}))).problem();
    assert_eq!((json.0, json.1.as_str()), (415, "not_multipart"));
    for name in ["../../x.txt", "/etc/passwd", "a\u{202e}txt.exe", "", "CON", &"x".repeat(500)] {
        let answer = served.ask(Ask::upload(&[("file", Some(name), b"x")]));
        let answer = answer.done(201);
        let shown = answer["files"][0]["name"].as_str().unwrap();
        assert!(!shown.is_empty() && !shown.contains('/') && shown.len() <= 255, "{shown}");
    }
    assert!(served.stored().iter().all(|path| path.starts_with("0/0_")), "{:?}", served.stored());
}

/// Issue 7
#[test]
fn of_two_deletes_at_once_one_succeeds() {
    let served = Served::new();
    for round in 0..5 {
        let content = format!("{round}");
        let answer = served.ask(Ask::upload(&[("file", Some("a.txt"), content.as_bytes())])).done(201);
        let path = format!("/api/v1/files/{}", answer["files"][0]["id"].as_str().unwrap());
        let delete = || served.ask(Ask::delete(&path)).status;
        let mut both = std::thread::scope(|scope| {
            let other = scope.spawn(delete);
            [delete(), other.join().unwrap()]
        });
        both.sort_unstable();
        assert_eq!(both, [204, 404]);
    }
    assert_eq!(served.stored(), Vec::<String>::new());
}

/// H9
#[test]
fn an_id_of_a_client_is_taken_only_where_it_is_a_word() {
    let served = Served::new();
    let id = |given: &str| {
        let reply = served.ask(Ask::get("/nowhere").header("X-Request-Id", given));
        let document: Value = reply.json();
        assert_eq!(document["error"]["request_id"].as_str(), reply.header("x-request-id"));
        reply.header("x-request-id").unwrap().to_owned()
    };
    assert_eq!(id("a-1.b_2"), "a-1.b_2");
    for strange in ["a b", "<script>", "", &"x".repeat(65), "ä"] {
        assert_ne!(id(strange), *strange);
    }
}
