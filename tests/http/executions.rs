//! Running code over HTTP (H1).

use serde_json::{Value, json};

use super::{
    client::Ask,
    given::{Served, eventually},
};

/// H1, X1
#[test]
fn a_run_answers_with_what_it_came_to() {
    let served = Served::new();
    let code = "import sys\nprint('out')\nprint('err', file=sys.stderr)\nopen('a.txt', 'w').write('made')\n6 * 7";
    let mut answer = served.ask(Ask::run(&json!({ "code": code }))).done(200);
    let file = answer["generated_files"][0].take();
    let id = file["file_id"].as_str().unwrap();
    let expected = json!({
        "filename": "a.txt", "type": "text", "size": 4, "file_id": id,
        "url": format!("/api/v1/files/{id}/content"), "reason": null,
    });
    assert_eq!(file, expected);
    assert_eq!(answer["generated_file_ids"], json!([id]));
    assert!(answer["execution_time"].as_f64().unwrap() > 0.0);
    assert!(answer["execution_id"].as_str().unwrap().starts_with("run_0_"));
    for changing in ["generated_files", "generated_file_ids", "execution_time", "execution_id"] {
        answer[changing].take();
    }
    let expected = json!({
        "success": true, "output": "out\nerr\n", "stdout": "out\n", "stderr": "err\n",
        "result": { "text": "42", "html": null, "markdown": null, "cut": false },
        "displays": [], "error": null, "ending": "completed",
        "installed_packages": [], "failed_packages": [], "notes": [],
        "omitted": { "output_in_file": 0, "output_dropped": 0, "displays": 0, "files": [], "more_files": 0 },
        "generated_files": null, "generated_file_ids": null, "execution_time": null, "execution_id": null,
    });
    assert_eq!(answer, expected);
    assert_eq!(served.ask(Ask::get(format!("/api/v1/files/{id}/content"))).text(), "made");
}

/// H1, X9
#[test]
fn what_the_code_does_wrong_is_an_answer_too() {
    let served = Served::new();
    let answer = served.ask(Ask::run(&json!({ "code": "print('first')\n1 / 0" }))).done(200);
    let error = json!({
        "kind": "exception", "type": "ZeroDivisionError", "message": "division by zero",
        "traceback": "Traceback (most recent call last):\n  File \"main.py\", line 2, in <module>\n    1 / 0\n    ~~^~~\n\
                      ZeroDivisionError: division by zero\n",
    });
    assert_eq!((&answer["success"], &answer["error"]), (&json!(false), &error));
    assert_eq!((&answer["output"], &answer["ending"]), (&json!("first\n"), &json!("raised")));
}

/// H1, X10, X12
#[test]
fn input_arguments_and_time_limit_reach_the_code() {
    let served = Served::new();
    let code = "import sys\nprint(input(), sys.argv[1:])\nwhile True: pass";
    let wanted = json!({ "code": code, "stdin": "typed\n", "args": ["a", "b"], "timeout": 0.3 });
    let answer = served.ask(Ask::run(&wanted)).done(200);
    assert_eq!((&answer["stdout"], &answer["ending"]), (&json!("typed ['a', 'b']\n"), &json!("timed_out")));
    for timeout in [0.0, -1.0, 300.5, 1e300] {
        let refused = served.ask(Ask::run(&json!({ "code": "1", "timeout": timeout }))).problem();
        let message = "`timeout` is a number of seconds above 0 and at most 300.".to_owned();
        assert_eq!(refused, (422, "invalid_request".to_owned(), message));
    }
}

/// H1
#[test]
fn a_run_ends_when_whoever_asked_for_it_hangs_up() {
    let served = Served::new();
    let (gate, waiting) = served.gate();
    let begun = gate.with_extension("begun");
    let asking = Ask::run(&json!({ "code": format!("open({:?}, 'w').close()\n{waiting}", begun.to_str().unwrap()) }))
        .start(served.address);
    eventually(|| begun.exists());
    drop(asking);
    eventually(|| served.endings() == ["cancelled"]);
}

/// X13
#[test]
fn without_a_session_there_is_none_to_end() {
    let served = Served::new();
    assert_eq!(served.ask(Ask::delete("/api/v1/session")).done(200), json!({ "ended": false }));
}

/// X16, H6
#[test]
fn the_status_says_how_everything_is() {
    let served = Served::new();
    served.ask(Ask::upload(&[("file", Some("a.txt"), &vec![b'x'; 1024 * 512])])).done(201);
    let status = served.ask(Ask::get("/api/v1/status")).done(200);
    assert_eq!(status["total_user_files"], 1);
    assert_eq!(status["total_file_size_mb"], 0.5);
    assert_eq!(status["file_expiration_hours"], 48.0);
    assert_eq!(status["max_file_size_mb"], 50.0);
    assert_eq!(status["isolation"], "thread");
    assert_eq!(status["venv_exists"], true);
    assert_eq!(status["workers_busy"].as_u64().unwrap() + status["workers_idle"].as_u64().unwrap(), 2);
    let packages = status["installed_packages"].as_array().unwrap();
    assert_eq!(packages.len() as u64, status["package_count"].as_u64().unwrap());
    assert!(packages.iter().any(|package| package.as_str().unwrap().starts_with("pandas==")));
    for there in ["python_path", "python_version", "last_cleanup", "protections", "queue_length", "uptime_seconds"] {
        assert!(status.get(there).is_some(), "{there}");
    }
}

/// H6
#[test]
fn what_happens_is_counted_for_prometheus() {
    let served = Served::new();
    assert_eq!(served.ask(Ask::get("/healthz")).done(200), json!({ "status": "ok" }));
    assert_eq!(served.ask(Ask::get("/readyz")).done(200), json!({ "ready": true, "reasons": [] }));
    served.ask(Ask::run(&json!({ "code": "open('a.txt', 'w').write('12345')" }))).done(200);
    served.ask(Ask::run(&json!({ "code": "1 / 0" }))).done(200);
    let measured = served.ask(Ask::get("/metrics"));
    assert_eq!(measured.header("content-type"), Some("application/openmetrics-text; version=1.0.0; charset=utf-8"));
    let lines: Vec<_> = measured.text().lines().collect();
    for line in [
        "taipan_http_requests_total{method=\"GET\",route=\"/healthz\",status=\"200\"} 1",
        "taipan_http_requests_total{method=\"POST\",route=\"/api/v1/executions\",status=\"200\"} 2",
        "taipan_runs_total{ending=\"completed\"} 1",
        "taipan_runs_total{ending=\"raised\"} 1",
        "taipan_run_seconds_count{stage=\"code\"} 2",
        "taipan_generated_files_total 1",
        "taipan_generated_bytes_total 5",
        "taipan_stored_files 1",
        "taipan_queue_length 0",
    ] {
        assert!(lines.contains(&line), "{line}\n{}", measured.text());
    }
    assert_eq!(lines.last(), Some(&"# EOF"));
}

/// DESIGN 6.6
#[test]
fn at_the_end_what_runs_may_end_and_is_answered() {
    let mut served = Served::new();
    let (gate, waiting) = served.gate();
    let mut events = Ask::run(&json!({ "code": format!("print('begun', flush=True)\n{waiting}print('done')") }))
        .follow(served.address);
    events.until("stdout");
    std::fs::write(gate, "").unwrap();
    served.end();
    let answer = events.until("outcome").document;
    assert_eq!((&answer["stdout"], &answer["ending"]), (&json!("begun\ndone\n"), &json!("completed")));
}

/// DESIGN 6.6
#[test]
fn at_the_end_what_goes_on_for_too_long_is_cancelled_and_answered() {
    let mut served = Served::new();
    let (_, waiting) = served.gate();
    let code = format!("open('kept.txt', 'w').write('x')\nprint('begun', flush=True)\n{waiting}");
    let mut events = Ask::run(&json!({ "code": code })).follow(served.address);
    events.until("stdout");
    served.end();
    let answer: Value = events.until("outcome").document;
    assert_eq!(
        (&answer["ending"], answer["generated_files"][0]["filename"].as_str()),
        (&json!("cancelled"), Some("kept.txt"))
    );
}
