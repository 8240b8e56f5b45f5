//! Many runs, many interpreters.

use std::fs;

use taipan::{Interpreter, Isolation, Request};

use super::{Held, interpreter};
use crate::interpreters::{apply, in_both};
use crate::own_process::{async_in_own_process, case_of};

/// X15: a thousand wait, of many owners, and each is served once.
#[apply(in_both)]
#[tokio::test]
async fn a_thousand_waiting_runs_are_all_served(isolation: Isolation) {
    let interpreter = interpreter(isolation, 2, 1000);
    let held = [Held::start(&interpreter, Request::new).await, Held::start(&interpreter, Request::new).await];
    let mut runs = Vec::new();
    for number in 0..1000 {
        let request = Request::new(format!("print({number})")).owner(format!("owner-{}", number % 37));
        runs.push(interpreter.start(request).await.expect("a run"));
    }
    assert_eq!(interpreter.status().queue_length, 1000);
    held.iter().for_each(Held::go_on);
    for (number, run) in runs.into_iter().enumerate() {
        assert_eq!(run.outcome().await.expect("an outcome").output, format!("{number}\n"));
    }
    assert_eq!(interpreter.status().queue_length, 0);
}

/// X15: each has its own queue and workers; they share the one Python.
#[apply(in_both)]
#[tokio::test]
async fn several_interpreters_live_in_one_process(isolation: Isolation) {
    let interpreters: Vec<_> = (0..4).map(|_| interpreter(isolation, 1, 1)).collect();
    let held = Held::start(&interpreters[0], Request::new).await;
    for interpreter in &interpreters[1..] {
        assert_eq!(interpreter.execute(Request::new("print('on')")).await.expect("an outcome").output, "on\n");
    }
    assert_eq!(interpreters[0].status().workers_busy, 1);
    held.go_on();
    assert_eq!(held.run.outcome().await.expect("an outcome").output, "went on\n");
}

/// How many threads and open files this process has.
fn threads_and_descriptors() -> (usize, usize) {
    let count = |folder: &str| fs::read_dir(folder).expect("a folder of /proc").count();
    (count("/proc/self/task"), count("/proc/self/fd"))
}

async fn use_and_close(isolation: Isolation) {
    let interpreter: Interpreter = interpreter(isolation, 2, 4);
    let code = "open('made.txt', 'w').write('x')\nprint('on')";
    assert_eq!(interpreter.execute(Request::new(code)).await.expect("an outcome").output, "on\n");
    let endless = Request::new("while True: n = 1").timeout(std::time::Duration::from_millis(20));
    assert_eq!(interpreter.execute(endless).await.expect("an outcome").ending, taipan::Ending::TimedOut);
    interpreter.shutdown(std::time::Duration::from_secs(10)).await;
}

/// X15: an interpreter that is gone leaves neither threads nor open files.
#[apply(in_both)]
#[test]
fn interpreters_that_are_gone_leave_nothing_behind(isolation: Isolation) {
    let test = case_of("interpreter::queueing::many::interpreters_that_are_gone_leave_nothing_behind", isolation);
    async_in_own_process(&test, async {
        use_and_close(isolation).await;
        let before = settled(ANY).await;
        for _ in 0..10 {
            use_and_close(isolation).await;
        }
        assert_eq!(settled(before).await, before);
    });
}

/// As many as there are once nothing changes any more.
const ANY: (usize, usize) = (usize::MAX, usize::MAX);

/// Threads that were told to end take a moment: waits until there are no more than `wanted`, or no fewer for long.
async fn settled(wanted: (usize, usize)) -> (usize, usize) {
    let mut now = threads_and_descriptors();
    let mut same_for = 0;
    while same_for < 150 && (now > wanted || wanted == ANY) {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        let next = threads_and_descriptors();
        same_for = if next == now { same_for + 1 } else { 0 };
        now = next;
    }
    now
}
