//! Requests, events and outcomes can cross a process boundary.

use std::time::Duration;

use serde::{Serialize, de::DeserializeOwned};
use taipan::{Display, Ending, Event, FailedPackage, InputFile, Isolation, Outcome, Request};

use crate::interpreters::{apply, in_both, settings};

/// What a value is after it was written and read again.
fn sent<T: Serialize + DeserializeOwned>(value: &T) -> T {
    serde_json::from_str(&serde_json::to_string(value).expect("JSON")).expect("the same JSON")
}

/// Issue 2: build requests so that they can cross a process boundary.
#[test]
fn a_request_stays_the_same() {
    let request = Request::new("print('ä \u{0} \\ud800')")
        .owner("user-7")
        .args(["--fast", ""])
        .stdin("a\nb")
        .timeout(Duration::from_millis(1500))
        .input_file("sales", "data/sales.csv")
        .input(InputFile::new("other", "/x/y").named("täble.csv"));
    assert_eq!(sent(&request), request);
    assert_eq!(sent(&Request::default()), Request::default());
}

#[test]
fn the_words_of_a_request_are_these() {
    let request = Request::new("1").owner("a").timeout(Duration::from_secs(2)).input_file("id", "f.csv");
    assert_eq!(
        serde_json::to_string(&request).expect("JSON"),
        r#"{"code":"1","source_name":null,"owner":"a","input_files":[{"id":"id","name":"f.csv","path":"f.csv"}],"args":[],"stdin":null,"timeout":{"secs":2,"nanos":0},"in_session":false,"is_aside":false}"#
    );
}

#[test]
fn the_words_of_endings_are_these() {
    let endings = [
        (Ending::Completed, "\"completed\"", "completed"),
        (Ending::Exited(3), "{\"exited\":3}", "exited"),
        (Ending::TimedOut, "\"timed_out\"", "timed_out"),
        (Ending::OutOfMemory, "\"out_of_memory\"", "out_of_memory"),
        (Ending::Killed { signal: 9 }, "{\"killed\":{\"signal\":9}}", "killed"),
        (Ending::Cancelled, "\"cancelled\"", "cancelled"),
    ];
    for (ending, text, name) in endings {
        assert_eq!((serde_json::to_string(&ending).expect("JSON").as_str(), ending.name()), (text, name));
        assert_eq!(sent(&ending), ending);
    }
}

#[test]
fn the_words_of_events_are_these() {
    let events = [
        (Event::Queued { place: 2 }, r#"{"event":"queued","place":2}"#),
        (Event::Started, r#"{"event":"started"}"#),
        (Event::Stdout { text: "a\n".to_owned() }, r#"{"event":"stdout","text":"a\n"}"#),
        (Event::Stderr { text: "b".to_owned() }, r#"{"event":"stderr","text":"b"}"#),
        (Event::OutputFull, r#"{"event":"output_full"}"#),
        (Event::Installing { packages: vec!["x".to_owned()] }, r#"{"event":"installing","packages":["x"]}"#),
        (
            Event::Display(Display::default()),
            r#"{"event":"display","text":"","html":null,"markdown":null,"cut":false}"#,
        ),
    ];
    for (event, text) in events {
        assert_eq!(serde_json::to_string(&event).expect("JSON"), text);
        assert_eq!(sent(&event), event);
    }
    let failed: FailedPackage = serde_json::from_str(r#"{"name":"x","reason":"gone"}"#).expect("a failed package");
    let installed = Event::Installed { packages: vec!["a==1".to_owned()], failed: vec![failed] };
    assert_eq!(sent(&installed), installed);
}

/// X1: every field of a real outcome comes through, and the events on the way.
#[apply(in_both)]
#[tokio::test]
async fn an_outcome_stays_the_same(isolation: Isolation) {
    let interpreter =
        settings(isolation).max_output_bytes(20).max_output_file_bytes(8).build().expect("an interpreter");
    let code = "
import sys
class Shop(Exception): pass
display({'a': 1})
open('täble.csv', 'w').write('a,b')
print('0123456789' * 3)
print('x', file=sys.stderr)
raise Shop('closed')
";
    let mut run = interpreter.start(Request::new(code)).await.expect("a run");
    while let Some(event) = run.next().await {
        assert_eq!(sent(&event), event);
    }
    let outcome = run.outcome().await.expect("an outcome");
    let Ending::Raised(exception) = &outcome.ending else { panic!("{:?}", outcome.ending) };
    assert_eq!(exception.type_name, "Shop", "{}", exception.traceback);
    assert_eq!(outcome.generated_files.len(), 2);
    assert_eq!((outcome.omitted.output_in_file, outcome.omitted.output_dropped), (8, 5));
    let received: Outcome = sent(&outcome);
    assert_eq!(received, outcome);
    // What was received names the files; they live as long as the outcome that keeps them.
    assert_eq!(received.generated_files[1].read().expect("a file"), b"a,b");
    drop(outcome);
}
