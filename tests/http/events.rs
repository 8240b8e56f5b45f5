//! Following runs (H1).

use std::time::Duration;

use serde_json::json;
use taipan::executions::FileLimits;

use super::{
    client::{Ask, Happened},
    given::{Served, eventually},
};

fn names(events: &[Happened]) -> Vec<&str> {
    events.iter().map(|event| event.name.as_str()).collect()
}

/// H1
#[test]
fn events_come_in_order_with_ids_and_the_outcome_at_last() {
    let served = Served::new();
    let code = "import sys\nsys.stdout.write('one\\n')\ndisplay('shown')\n2";
    let events: Vec<_> = Ask::run(&json!({ "code": code })).follow(served.address).collect();
    let ids: Vec<_> = events.iter().map(|event| event.id).collect();
    assert_eq!(ids, (1..=events.len() as u64).collect::<Vec<_>>());
    assert_eq!(names(&events), ["execution", "queued", "started", "stdout", "display", "outcome"]);
    assert_eq!(events[3].document, json!({ "event": "stdout", "text": "one\n" }));
    assert_eq!(events[4].document["text"], "'shown'");
    let outcome = &events[5].document;
    assert_eq!(outcome["execution_id"], events[0].document["execution_id"]);
    assert_eq!((&outcome["result"]["text"], &outcome["ending"]), (&json!("2"), &json!("completed")));
}

/// H1
#[test]
fn who_comes_back_misses_nothing() {
    let served = Served::new();
    let (gate, waiting) = served.gate();
    let code = format!("import sys\nsys.stdout.write('one\\n')\n{waiting}sys.stdout.write('two\\n')");
    let mut first = Ask::run(&json!({ "code": code })).follow(served.address);
    let id = first.next().unwrap().document["execution_id"].as_str().unwrap().to_owned();
    let last = first.until("stdout").id;
    drop(first);

    let path = format!("/api/v1/executions/{id}/events");
    let again = Ask::get(&path).header("Last-Event-ID", last.to_string()).follow(served.address);
    std::fs::write(gate, "").unwrap();
    let rest: Vec<_> = again.collect();
    assert_eq!(names(&rest), ["stdout", "outcome"]);
    assert_eq!((rest[0].id, &rest[0].document["text"]), (last + 1, &json!("two\n")));

    // After its end, and from the beginning.
    let all: Vec<_> = Ask::get(&path).follow(served.address).collect();
    assert_eq!(names(&all), ["execution", "queued", "started", "stdout", "stdout", "outcome"]);
    assert_eq!(all[4..], rest);
    assert_eq!(Ask::get(&path).header("Last-Event-ID", "99").follow(served.address).count(), 0);
    let refused = served.ask(Ask::get(&path).header("Last-Event-ID", "last")).problem();
    assert_eq!(refused, (422, "invalid_request".to_owned(), "Last-Event-ID is the number of an event.".to_owned()));
}

/// H1
#[test]
fn a_run_is_cancelled_by_its_id_and_keeps_what_it_has_made() {
    let served = Served::new();
    let (_, waiting) = served.gate();
    let code = format!("open('a.txt', 'w').write('kept')\nprint('begun', flush=True)\n{waiting}");
    let mut events = Ask::run(&json!({ "code": code })).follow(served.address);
    let id = events.next().unwrap().document["execution_id"].as_str().unwrap().to_owned();
    events.until("stdout");
    let cancel = || served.ask(Ask::delete(format!("/api/v1/executions/{id}")));
    assert_eq!(cancel().status, 204);
    let outcome = events.until("outcome").document;
    assert_eq!(outcome["ending"], "cancelled");
    assert_eq!(outcome["generated_files"][0]["filename"], "a.txt");
    // One that has ended can be cancelled as well: nothing happens.
    assert_eq!(cancel().status, 204);
}

/// H1
#[test]
fn a_run_that_nobody_follows_any_more_is_cancelled() {
    let served = Served::with(FileLimits::default(), |settings| settings.reconnect_time = Duration::from_millis(50));
    let (_, waiting) = served.gate();
    let mut events =
        Ask::run(&json!({ "code": format!("print('begun', flush=True)\n{waiting}") })).follow(served.address);
    events.until("stdout");
    drop(events);
    eventually(|| served.endings() == ["cancelled"]);
}

/// H1
#[test]
fn a_run_is_forgotten_some_time_after_its_end() {
    let served = Served::with(FileLimits::default(), |settings| settings.replay_time = Duration::from_millis(1));
    let events: Vec<_> = Ask::run(&json!({ "code": "1" })).follow(served.address).collect();
    let id = events[0].document["execution_id"].as_str().unwrap();
    let path = format!("/api/v1/executions/{id}");
    eventually(|| served.ask(Ask::delete(&path)).status == 404);
    let message = "There is no such execution, or not any more.".to_owned();
    let unknown = (404, "execution_not_found".to_owned(), message);
    assert_eq!(served.ask(Ask::get(format!("{path}/events"))).problem(), unknown);
}

/// H1, H9
#[test]
fn nobody_follows_or_cancels_the_runs_of_others() {
    let served = Served::new();
    let (anna, ben) = (served.key(1), served.key(2));
    let (gate, waiting) = served.gate();
    let mut events = Ask::run(&json!({ "code": waiting })).key(&anna).follow(served.address);
    let id = events.next().unwrap().document["execution_id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/executions/{id}");
    assert_eq!(served.ask(Ask::delete(&path).key(&ben)).status, 404);
    assert_eq!(served.ask(Ask::get(format!("{path}/events")).key(&ben)).status, 404);
    std::fs::write(gate, "").unwrap();
    assert_eq!(events.until("outcome").document["ending"], "completed");
}

/// Issue 7, 6
#[test]
fn hundreds_of_followers_of_one_run_all_hear_its_end() {
    let served = Served::new();
    let (gate, waiting) = served.gate();
    let mut first = Ask::run(&json!({ "code": format!("{waiting}print('end')") })).follow(served.address);
    let id = first.next().unwrap().document["execution_id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/executions/{id}/events");
    let followers: Vec<_> = (0..300).map(|_| Ask::get(&path).follow(served.address)).collect();
    std::fs::write(gate, "").unwrap();
    for mut follower in followers {
        assert_eq!(follower.until("outcome").document["stdout"], "end\n");
    }
}
