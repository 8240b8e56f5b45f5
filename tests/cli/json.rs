//! `taipan run --json`: one document with fixed keys (DESIGN 3, "Command line").

use serde_json::{Value, json};

use super::program::{Ended, Folder};

/// The one document a call prints, with the time it took taken out after a look at it.
fn document(ended: &Ended) -> Value {
    assert_eq!(ended.stdout.matches('\n').count(), 1, "one line: {}", ended.stdout);
    let mut document: Value = serde_json::from_str(&ended.stdout).expect("a working machine");
    let time =
        document.as_object_mut().expect("a working machine").remove("execution_time").expect("a working machine");
    assert!((0.0..60.0).contains(&time.as_f64().expect("a working machine")), "{time}");
    document
}

#[test]
fn a_run_that_ends_well_has_no_error_and_its_files_have_paths() {
    let folder = Folder::new();
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

#[test]
fn keys_stand_in_the_documented_order() {
    let ended = Folder::new().taipan(&["run", "--json", "-c", ""]);
    let start = r#"{"success":true,"output":"","stdout":"","stderr":"","result":null,"error":null,"ending":"completed","execution_time":"#;
    assert_eq!(ended.stdout.get(..start.len()), Some(start));
    let end = r#","generated_files":[],"installed_packages":[],"failed_packages":[]}"#;
    assert!(ended.stdout.trim_end().ends_with(end), "{}", ended.stdout);
}

#[test]
fn an_exception_is_an_error_with_type_message_and_traceback() {
    let ended = Folder::new().taipan(&["run", "--json", "-c", "print('before')\nraise ValueError('bad')"]);
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

#[test]
fn an_exit_with_a_number_is_an_error_of_its_own_kind() {
    let ended = Folder::new().taipan(&["run", "--json", "-c", "import sys\nsys.exit(7)"]);
    assert_eq!(ended.code, Some(7));
    let document = document(&ended);
    assert_eq!((&document["success"], &document["ending"]), (&json!(false), &json!("exited")));
    let error = json!({
        "kind": "exit", "type": "SystemExit", "message": "The code ended with exit code 7.", "traceback": "",
    });
    assert_eq!(document["error"], error);
}

#[test]
fn an_exit_with_0_is_a_success() {
    let ended = Folder::new().taipan(&["run", "--json", "-c", "import sys\nsys.exit(0)"]);
    assert_eq!(ended.code, Some(0));
    let document = document(&ended);
    assert_eq!((&document["success"], &document["ending"]), (&json!(true), &json!("exited")));
    assert_eq!(document["error"], Value::Null);
}

#[test]
fn a_time_out_is_an_error_that_names_the_limit_and_keeps_output_and_files() {
    let folder = Folder::new();
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
