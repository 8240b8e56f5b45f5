//! What is over its time limit ends, with what it has made so far (X9, X10).

use std::time::{Duration, Instant};

use taipan::{Ending, Isolation, Outcome, Request};

use super::stubborn;
use crate::{
    interpreter::running::exceptions::without_marks,
    interpreters::{apply, in_both, plain, settings},
    own_process::{async_in_own_process, case_of},
};

/// Generous: each of these runs has a limit of 0.3 seconds.
const SOON: Duration = Duration::from_secs(5);

async fn timed_out(isolation: Isolation, code: &str) -> Outcome {
    let started = Instant::now();
    let request = Request::new(code).timeout(Duration::from_millis(300));
    let outcome = plain(isolation).execute(request).await.expect("an outcome");
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
    assert_eq!(outcome.ending, Ending::TimedOut);
    outcome
}

/// X10
#[apply(in_both)]
#[tokio::test]
async fn an_endless_loop_ends_at_its_limit(isolation: Isolation) {
    let outcome = timed_out(isolation, "print('begun')\nwhile True:\n    pass").await;
    assert_eq!(outcome.output, "begun\n");
    assert_eq!(outcome.notes, [] as [&str; 0]);
    assert!(outcome.execution_time >= Duration::from_millis(300), "{:?}", outcome.execution_time);
}

/// X9: the place is named with its line and source.
#[apply(in_both)]
#[tokio::test]
async fn it_is_told_where_the_code_was(isolation: Isolation) {
    let outcome = timed_out(isolation, "def wait():\n    while True: n = 1\n\nwait()").await;
    assert_eq!(
        outcome.stopped_at.as_deref().map(without_marks).as_deref(),
        Some(
            "  File \"main.py\", line 4, in <module>\n    wait()\n  File \"main.py\", line 2, in wait\n    while True: n = 1\n"
        )
    );
}

/// X10: sleeping costs nothing, and its worker is not left behind.
#[apply(in_both)]
#[tokio::test]
async fn sleeping_code_ends_at_its_limit(isolation: Isolation) {
    let outcome = timed_out(isolation, "import time\ntime.sleep(60)").await;
    assert_eq!(
        outcome.stopped_at.as_deref().map(without_marks).as_deref(),
        Some("  File \"main.py\", line 2, in <module>\n    time.sleep(60)\n")
    );
    assert_eq!(outcome.notes, [] as [&str; 0]);
}

/// X10
#[apply(in_both)]
#[tokio::test]
async fn code_that_awaits_ends_at_its_limit(isolation: Isolation) {
    let outcome = timed_out(isolation, "import asyncio\nprint('begun')\nawait asyncio.sleep(60)").await;
    assert_eq!(outcome.output, "begun\n");
    assert_eq!(outcome.notes, [] as [&str; 0]);
}

/// X10: the caller does not wait for code that cannot be stopped: a thread is left behind, a process is killed.
#[apply(in_both)]
#[test]
fn code_that_catches_everything_keeps_nobody_waiting(isolation: Isolation) {
    let test = case_of(
        "interpreter::running::stopping::time_limit::code_that_catches_everything_keeps_nobody_waiting",
        isolation,
    );
    async_in_own_process(&test, async {
        let outcome = timed_out(isolation, &format!("print('begun')\n{}", stubborn(4.0, "pass"))).await;
        assert_eq!(outcome.output, "begun\n");
        let left_behind = "The code did not react to being stopped, so it was left behind; it may go on using this \
                           computer until it ends.";
        match isolation {
            Isolation::Thread => assert_eq!(outcome.notes, [left_behind]),
            Isolation::Process => assert_eq!(outcome.notes, [""; 0]),
        }
    });
}

/// X10: C code that holds the interpreter keeps nobody waiting for the answer that its time is over. The other workers
/// go on: in one process once it lets go, in processes of their own at once, since it is killed.
#[apply(in_both)]
#[test]
fn c_code_that_holds_the_interpreter_is_answered_for_at_once(isolation: Isolation) {
    let test = case_of(
        "interpreter::running::stopping::time_limit::c_code_that_holds_the_interpreter_is_answered_for_at_once",
        isolation,
    );
    async_in_own_process(&test, async {
        let interpreter = settings(isolation).workers(2).build().expect("an interpreter");
        // Bounded, so that the test ends.
        let request = Request::new("print('begun')\nsum(range(2 * 10**8))\nprint('not stopped')");
        let started = Instant::now();
        let outcome = interpreter.execute(request.timeout(Duration::from_millis(300))).await.expect("an outcome");
        let answered = started.elapsed();
        assert_eq!((outcome.ending, outcome.output.as_str()), (Ending::TimedOut, "begun\n"));
        assert_eq!(outcome.stopped_at, None);
        let after = interpreter.execute(Request::new("print('on')")).await.expect("an outcome");
        assert_eq!(after.output, "on\n");
        if isolation == Isolation::Thread {
            // The other run had to wait for the sum, and this answer did not.
            assert!(answered * 2 < started.elapsed(), "the answer came with the end of the sum");
        }
        assert_eq!(interpreter.status().workers_idle, 2);
    });
}

/// X9: what was printed and written so far is kept, buffers included.
#[apply(in_both)]
#[tokio::test]
async fn output_and_files_made_so_far_are_kept(isolation: Isolation) {
    let code = "
open('closed.txt', 'w').write('whole')
kept_open = open('open.txt', 'w')
kept_open.write('in the buffer')
with open('with.txt', 'wb') as inside:
    inside.write(b'also')
    print('no end', end='')
    while True: pass
";
    let outcome = timed_out(isolation, code).await;
    assert_eq!(outcome.output, "no end");
    let files: Vec<_> = outcome
        .generated_files
        .iter()
        .map(|file| (file.name.as_str(), String::from_utf8(file.read().expect("a file")).expect("UTF-8")))
        .collect();
    assert_eq!(
        files,
        [("closed.txt", "whole".to_owned()), ("open.txt", "in the buffer".to_owned()), ("with.txt", "also".to_owned())]
    );
}

/// X9: `finally` blocks get the time they need, within the grace that follows the limit.
#[apply(in_both)]
#[tokio::test]
async fn finally_blocks_still_run(isolation: Isolation) {
    let outcome =
        timed_out(isolation, "try:\n    n = 0\n    while True: n = 1\nfinally:\n    print('tidied up')").await;
    assert_eq!(outcome.output, "tidied up\n");
}

/// X10: `except Exception` is not enough to catch it.
#[apply(in_both)]
#[tokio::test]
async fn catching_exceptions_does_not_catch_the_limit(isolation: Isolation) {
    let code = "
while True:
    try:
        while True: pass
    except Exception:
        print('caught')
";
    let outcome = timed_out(isolation, code).await;
    assert_eq!((outcome.output.as_str(), outcome.notes.len()), ("", 0));
}

/// X1: the time spent waiting for a worker is not the code's.
#[apply(in_both)]
#[tokio::test]
async fn waiting_in_the_queue_does_not_count(isolation: Isolation) {
    let interpreter = plain(isolation);
    let slow = interpreter.start(Request::new("import time; time.sleep(1.0)")).await.expect("a run");
    let request = Request::new("print('quick')").timeout(Duration::from_millis(700));
    let outcome = interpreter.execute(request).await.expect("an outcome");
    assert_eq!((outcome.ending, outcome.output.as_str()), (Ending::Completed, "quick\n"));
    assert!(outcome.execution_time < Duration::from_millis(500), "{:?}", outcome.execution_time);
    let slow = slow.outcome().await.expect("an outcome");
    assert!(slow.execution_time >= Duration::from_secs(1), "{:?}", slow.execution_time);
}
