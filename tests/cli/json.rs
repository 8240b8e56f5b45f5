//! `taipan run --json`: one document with fixed keys (DESIGN 3, "Command line").

use serde_json::{Value, json};
use taipan::Isolation;

use super::program::{Ended, Folder};
use crate::interpreters::{apply, in_both};

/// The one document a call prints, with the time it took taken out after a look at it.
fn document(ended: &Ended) -> Value {
    assert_eq!(ended.stdout.matches('\n').count(), 1, "one line: {}", ended.stdout);
    let mut document: Value = serde_json::from_str(&ended.stdout).expect("a working machine");
    let time =
        document.as_object_mut().expect("a working machine").remove("execution_time").expect("a working machine");
    assert!((0.0..60.0).contains(&time.as_f64().expect("a working machine")), "{time}");
    document
}

#[apply(in_both)]
#[test]
fn a_run_that_ends_well_has_no_error_and_its_files_have_paths(isolation: Isolation) {
    let folder = Folder::of(isolation);
    let code = "import sys\nprint('out')\nprint('err', file=sys.stderr)\nwith open('a.csv', 'w') as f: f.write('x\\n')\n\
                6 * 7";
    let ended = folder.taipan(&["run", "--json", "--out", "results", "-c", code]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let expected = json!({
        "success": true,
        "output": "out\nerr\n",
        "stdout": "out\n",
        "stderr": "err\n",
        "result": "42",
        "error": null,
        "ending": "completed",
        "generated_files": [{
            "filename": "a.csv",
            "path": "results/a.csv",
            "type": "data",
            "size": 2,
            "sha256": "73cb3858a687a8494ca3323053016282f3dad39d42cf62ca4e79dda2aac7d9ac",
        }],
        "installed_packages": [],
        "failed_packages": [],
    });
    assert_eq!(document(&ended), expected);
    assert_eq!(folder.read("results/a.csv"), "x\n");
}

#[apply(in_both)]
#[test]
fn keys_stand_in_the_documented_order(isolation: Isolation) {
    let ended = Folder::of(isolation).taipan(&["run", "--json", "-c", ""]);
    let start = r#"{"success":true,"output":"","stdout":"","stderr":"","result":null,"error":null,"ending":"completed","execution_time":"#;
    assert_eq!(ended.stdout.get(..start.len()), Some(start));
    let end = r#","generated_files":[],"installed_packages":[],"failed_packages":[]}"#;
    assert!(ended.stdout.trim_end().ends_with(end), "{}", ended.stdout);
}

#[apply(in_both)]
#[test]
fn an_exception_is_an_error_with_type_message_and_traceback(isolation: Isolation) {
    let ended = Folder::of(isolation).taipan(&["run", "--json", "-c", "print('before')\nraise ValueError('bad')"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(1), ""));
    let document = document(&ended);
    assert_eq!(document["success"], false);
    assert_eq!(document["stdout"], "before\n");
    assert_eq!(document["ending"], "raised");
    assert_eq!(document["error"]["kind"], "exception");
    assert_eq!(document["error"]["type"], "ValueError");
    assert_eq!(document["error"]["message"], "bad");
    let traceback = "Traceback (most recent call last):\n  File \"main.py\", line 2, in <module>\n    \
                     raise ValueError('bad')\nValueError: bad";
    assert_eq!(document["error"]["traceback"].as_str().unwrap().trim_end(), traceback);
}

#[apply(in_both)]
#[test]
fn an_exit_with_a_number_is_an_error_of_its_own_kind(isolation: Isolation) {
    let ended = Folder::of(isolation).taipan(&["run", "--json", "-c", "import sys\nsys.exit(7)"]);
    assert_eq!(ended.code, Some(7));
    let document = document(&ended);
    assert_eq!((&document["success"], &document["ending"]), (&json!(false), &json!("exited")));
    let error = json!({
        "kind": "exit", "type": "SystemExit", "message": "The code ended with exit code 7.", "traceback": "",
    });
    assert_eq!(document["error"], error);
}

#[apply(in_both)]
#[test]
fn an_exit_with_0_is_a_success(isolation: Isolation) {
    let ended = Folder::of(isolation).taipan(&["run", "--json", "-c", "import sys\nsys.exit(0)"]);
    assert_eq!(ended.code, Some(0));
    let document = document(&ended);
    assert_eq!((&document["success"], &document["ending"]), (&json!(true), &json!("exited")));
    assert_eq!(document["error"], Value::Null);
}

#[apply(in_both)]
#[test]
fn a_time_out_is_an_error_that_names_the_limit_and_keeps_output_and_files(isolation: Isolation) {
    let folder = Folder::of(isolation);
    let code = "open('a.txt', 'w').write('made')\nprint('before')\nwhile True: pass";
    let ended = folder.taipan(&["run", "--json", "--timeout", "0.5", "-c", code]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(124), ""));
    let document = document(&ended);
    assert_eq!((&document["ending"], &document["stdout"]), (&json!("timed_out"), &json!("before\n")));
    assert_eq!(document["error"]["kind"], "timeout");
    assert_eq!(document["error"]["type"], "TimedOut");
    assert_eq!(
        document["error"]["message"],
        "The code was stopped at its time limit of 0.50 s. Output and files until then are kept."
    );
    assert_eq!(folder.read("taipan-out/a.txt"), "made");
}

#[test]
fn wrong_use_prints_no_document() {
    let ended = Folder::new().taipan(&["run", "--json", "nosuch.py"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
}

/// X1: the document of code that ended its process.
#[test]
fn a_killed_process_and_a_memory_limit_are_errors_of_their_own_kind() {
    let kept = "Output and files until then are kept.";
    let greedy =
        "import mmap\nmemory = mmap.mmap(-1, 300 << 20)\nfor place in range(0, 300 << 20, 4096): memory[place] = 1";
    let cases = [
        ("import os\nos._exit(3)", "killed", "Killed", "The process of the code ended before the code did."),
        (greedy, "memory", "OutOfMemory", "The code was stopped at its memory limit of 64.0 MB."),
    ];
    for (code, kind, type_name, sentence) in cases {
        let folder = Folder::of(Isolation::Process);
        let mut command = folder.command(&["run", "--json", "-c", code]);
        let ended = Ended::from(command.env("MEMORY_LIMIT_MB", "64").output().unwrap());
        assert_eq!(ended.code, Some(137), "{code}");
        let error = json!({"kind": kind, "type": type_name, "message": format!("{sentence} {kept}"), "traceback": ""});
        assert_eq!(document(&ended)["error"], error);
    }
}
