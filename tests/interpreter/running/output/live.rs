//! Events arrive while the code runs.

use taipan::{Event, Isolation, Request, Run};

use crate::interpreters::{Signal, apply, in_both, plain};

/// Code that goes on once the test says so: what arrives before was told while the code ran.
fn waits_for(signal: &Signal, before: &str, after: &str) -> Request {
    Request::new(format!("{before}\n{}\n{after}", Signal::WAIT)).input(signal.file())
}

async fn next_text(run: &mut Run) -> Event {
    loop {
        match run.next().await.expect("an event") {
            Event::Queued { .. } | Event::Started => {}
            event => return event,
        }
    }
}

/// X1
#[apply(in_both)]
#[tokio::test]
async fn output_is_told_before_the_code_ends(isolation: Isolation) {
    let signal = Signal::new();
    let interpreter = plain(isolation);
    let request = waits_for(&signal, "print('begun', end='')", "print(' done', end='')");
    let mut run = interpreter.start(request).await.expect("a run");
    assert_eq!(next_text(&mut run).await, Event::Stdout { text: "begun".to_owned() });
    signal.send();
    assert_eq!(next_text(&mut run).await, Event::Stdout { text: " done".to_owned() });
    assert_eq!(run.next().await, None);
    assert_eq!(run.outcome().await.expect("an outcome").output, "begun done");
}

/// X12
#[apply(in_both)]
#[tokio::test]
async fn a_threads_line_is_told_before_the_code_ends(isolation: Isolation) {
    let signal = Signal::new();
    let interpreter = plain(isolation);
    let before = "import threading\nthreading.Thread(target=print, args=('from a thread',)).start()";
    let mut run = interpreter.start(waits_for(&signal, before, "")).await.expect("a run");
    assert_eq!(next_text(&mut run).await, Event::Stdout { text: "from a thread\n".to_owned() });
    signal.send();
    assert_eq!(run.next().await, None);
}

/// X1: the whole order of a run's events.
#[apply(in_both)]
#[tokio::test]
async fn events_come_in_the_order_in_which_things_happened(isolation: Isolation) {
    let interpreter = plain(isolation);
    let code = "
import sys
print('a'); print('b')
print('c', file=sys.stderr)
display(7)
print('d')
";
    let mut run = interpreter.start(Request::new(code)).await.expect("a run");
    let mut events: Vec<Event> = Vec::new();
    while let Some(event) = run.next().await {
        match (events.last_mut(), event) {
            // How much text one event holds depends on how quick its reader is.
            (Some(Event::Stdout { text }), Event::Stdout { text: more })
            | (Some(Event::Stderr { text }), Event::Stderr { text: more }) => text.push_str(&more),
            (_, event) => events.push(event),
        }
    }
    let told: Vec<_> = events.iter().map(|event| serde_json::to_string(event).expect("JSON")).collect();
    assert_eq!(
        told.join("\n"),
        r#"{"event":"queued","place":1}
{"event":"started"}
{"event":"stdout","text":"a\nb\n"}
{"event":"stderr","text":"c\n"}
{"event":"display","text":"7","html":null,"markdown":null,"cut":false}
{"event":"stdout","text":"d\n"}"#
    );
}

/// X10: told once, at the moment of the cut.
#[apply(in_both)]
#[tokio::test]
async fn the_cut_is_told_once(isolation: Isolation) {
    let interpreter = crate::interpreters::settings(isolation).max_output_bytes(3).build().expect("an interpreter");
    let mut run = interpreter.start(Request::new("print('abcdef'); print('g')")).await.expect("a run");
    assert_eq!(next_text(&mut run).await, Event::Stdout { text: "abc".to_owned() });
    assert_eq!(run.next().await, Some(Event::OutputFull));
    let mut rest = Vec::new();
    while let Some(event) = run.next().await {
        rest.push(event);
    }
    // The file with the rest is one of the run's files; nothing is said of it but that.
    rest.retain(|event| !matches!(event, Event::File(_)));
    assert_eq!(rest, []);
}
