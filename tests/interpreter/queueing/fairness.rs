//! Owners take turns, and none has more than its share.

use rustix::process::geteuid;
use taipan::{Event, Isolation, Request, Run};

use super::{Held, interpreter};
use crate::{
    interpreter::running::stopping::stubborn,
    interpreters::{apply, in_both, settings},
    own_process::{async_in_own_process, case_of},
};

/// The place that a run was told last.
async fn place(run: &mut Run) -> usize {
    match run.next().await {
        Some(Event::Queued { place }) => place,
        other => panic!("{other:?}"),
    }
}

/// X15
#[apply(in_both)]
#[tokio::test]
async fn owners_take_turns(isolation: Isolation) {
    let interpreter = interpreter(isolation, 1, 256);
    let held = Held::start(&interpreter, Request::new).await;
    let mut runs = Vec::new();
    for name in ["a1", "a2", "a3", "b1", "b2", "c1", "n1", "n2"] {
        let owner = &name[..1];
        // All clocks of the machine tell the same, so one sees in which order runs were served.
        let request = Request::new("import time; print(time.monotonic_ns())");
        let request = if owner == "n" { request } else { request.owner(owner) };
        runs.push((name, interpreter.start(request).await.expect("a run")));
    }
    held.go_on();
    let mut served = Vec::new();
    for (name, run) in runs {
        let output = run.outcome().await.expect("an outcome").output;
        served.push((output.trim().parse::<u64>().expect("a time"), name));
    }
    served.sort_unstable();
    let order: Vec<_> = served.into_iter().map(|(_, name)| name).collect();
    assert_eq!(order, ["a1", "b1", "c1", "n1", "a2", "b2", "n2", "a3"]);
}

/// X15
#[apply(in_both)]
#[tokio::test]
async fn a_waiting_run_is_told_its_place(isolation: Isolation) {
    let interpreter = interpreter(isolation, 1, 256);
    let held = Held::start(&interpreter, Request::new).await;
    let start = |owner: &str| interpreter.start(Request::new("1").owner(owner));
    let mut a1 = start("a").await.expect("a run");
    assert_eq!(place(&mut a1).await, 1);
    let mut a2 = start("a").await.expect("a run");
    assert_eq!(place(&mut a2).await, 2);
    let mut b1 = start("b").await.expect("a run");
    // The other owner's run goes before the second of the first.
    assert_eq!((place(&mut b1).await, place(&mut a2).await), (2, 3));
    a1.cancel();
    assert_eq!(a1.next().await, None);
    // The other's place is the same as before, so nothing is told of it.
    assert_eq!(place(&mut a2).await, 1);
    held.go_on();
    assert!(a2.outcome().await.expect("an outcome").success());
    assert!(b1.outcome().await.expect("an outcome").success());
}

/// X15: an owner's second run waits, though there is a worker; other owners do not wait for it.
#[apply(in_both)]
#[tokio::test]
async fn an_owner_runs_one_thing_at_a_time(isolation: Isolation) {
    let interpreter = interpreter(isolation, 2, 256);
    let held = Held::start(&interpreter, |code| Request::new(code).owner("a")).await;
    let mut second = interpreter.start(Request::new("print('second')").owner("a")).await.expect("a run");
    let other = interpreter.execute(Request::new("print('other')").owner("b")).await.expect("an outcome");
    assert_eq!(other.output, "other\n");
    let nobody = interpreter.execute(Request::new("print('nobody')")).await.expect("an outcome");
    assert_eq!(nobody.output, "nobody\n");
    assert_eq!(place(&mut second).await, 1);
    let status = interpreter.status();
    assert_eq!((status.workers_busy, status.workers_idle, status.queue_length), (1, 1, 1));
    held.go_on();
    assert_eq!(second.outcome().await.expect("an outcome").output, "second\n");
    assert_eq!(held.run.outcome().await.expect("an outcome").output, "went on\n");
}

/// X15: runs that wait for each other end only where both go on at once.
#[apply(in_both)]
#[tokio::test]
async fn an_owner_may_be_allowed_more_runs_at_a_time(isolation: Isolation) {
    let interpreter = settings(isolation).workers(3).runs_per_owner(2).build().expect("an interpreter");
    let first = Held::start(&interpreter, |code| Request::new(code).owner("a")).await;
    let second = Held::start(&interpreter, |code| Request::new(code).owner("a")).await;
    let mut third = interpreter.start(Request::new("print('third')").owner("a")).await.expect("a run");
    assert_eq!(interpreter.execute(Request::new("print(1)")).await.expect("an outcome").output, "1\n");
    assert_eq!(place(&mut third).await, 1);
    assert_eq!(interpreter.status().queue_length, 1);
    second.go_on();
    assert_eq!(third.outcome().await.expect("an outcome").output, "third\n");
    first.go_on();
    assert_eq!(first.run.outcome().await.expect("an outcome").output, "went on\n");
}

/// X15: a run that was given up does not keep its owner from running the next.
#[apply(in_both)]
#[test]
fn an_owner_may_run_again_once_a_run_was_given_up(isolation: Isolation) {
    let test = case_of("interpreter::queueing::fairness::an_owner_may_run_again_once_a_run_was_given_up", isolation);
    async_in_own_process(&test, async {
        let interpreter = interpreter(isolation, 1, 256);
        let limit = std::time::Duration::from_millis(50);
        let given_up = interpreter
            .execute(Request::new(stubborn(2.0, "pass")).owner("a").timeout(limit))
            .await
            .expect("an outcome");
        assert_eq!(given_up.ending, taipan::Ending::TimedOut);
        let next = interpreter.execute(Request::new("print('next')").owner("a")).await.expect("an outcome");
        assert_eq!(next.output, "next\n");
    });
}

/// X15: where there are as many runs as processors, one that takes long goes on when nobody else wants a processor, with
/// all its threads; alone it keeps its place, so that other programs of the machine do not stop it.
#[tokio::test]
async fn a_run_in_a_sandbox_that_takes_long_gives_way_while_there_are_many() {
    let processors = std::thread::available_parallelism().expect("a number").get();
    let interpreter = settings(Isolation::Process).workers(processors + 1).build().expect("an interpreter");
    let mut others = Vec::new();
    for _ in 0..processors {
        others.push(Held::start(&interpreter, Request::new).await);
    }
    let code = "import os, threading, time
def wait(policy):
    until = time.monotonic() + 30
    while os.sched_getscheduler(0) != policy and time.monotonic() < until:
        time.sleep(0.01)
first = os.sched_getscheduler(0) == os.SCHED_OTHER
thread = threading.Thread(target=wait, args=[os.SCHED_IDLE])
thread.start()
wait(os.SCHED_IDLE)
thread.join()
print(first, os.sched_getscheduler(0) == os.SCHED_IDLE, flush=True)
if load_file('may_go_back') == 'true':
    wait(os.SCHED_OTHER)
    print(os.sched_getscheduler(0) == os.SCHED_OTHER)";
    let folder = tempfile::tempdir().expect("a folder");
    let may_go_back = geteuid().is_root() && processors > 1;
    std::fs::write(folder.path().join("may_go_back"), may_go_back.to_string()).expect("a file");
    let request = Request::new(code).input_file("may_go_back", folder.path().join("may_go_back"));
    let mut run = interpreter.start(request).await.expect("a run");
    while run.next().await.expect("an event") != (Event::Stdout { text: "True True\n".to_owned() }) {}
    for other in others {
        other.go_on();
        other.run.outcome().await.expect("an outcome");
    }
    let expected = if may_go_back { "True True\nTrue\n" } else { "True True\n" };
    assert_eq!(run.outcome().await.expect("an outcome").output, expected);
}
