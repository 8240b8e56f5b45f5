//! Cancelling ends a run wherever it is (X11).

use std::time::{Duration, Instant};

use taipan::{Ending, Event, Isolation, Request, Run};

use crate::{
    interpreter::running::exceptions::without_marks,
    interpreters::{apply, in_both, plain},
};

const SOON: Duration = Duration::from_secs(5);

/// Waits until the code has printed something.
async fn printed(run: &mut Run) {
    while let Some(event) = run.next().await {
        if matches!(event, Event::Stdout { .. }) {
            return;
        }
    }
    panic!("the run ended without a word");
}

/// X11
#[apply(in_both)]
#[tokio::test]
async fn a_running_loop_is_cancelled_with_what_it_has_made(isolation: Isolation) {
    let interpreter = plain(isolation);
    // It prints in the loop's own line: what is heard may be stopped before the next line begins.
    let code = "open('made.txt', 'w').write('x')\nbegun = 0\nwhile True: begun = begun or print('begun') or 1";
    let mut run = interpreter.start(Request::new(code)).await.expect("a run");
    printed(&mut run).await;
    let cancelled = Instant::now();
    run.cancel();
    let outcome = run.outcome().await.expect("an outcome");
    assert!(cancelled.elapsed() < SOON);
    assert_eq!((outcome.ending, outcome.output.as_str()), (Ending::Cancelled, "begun\n"));
    assert_eq!(outcome.generated_files.len(), 1);
    assert_eq!(
        outcome.stopped_at.as_deref().map(without_marks).as_deref(),
        Some("  File \"main.py\", line 3, in <module>\n    while True: begun = begun or print('begun') or 1\n")
    );
}

/// X11
#[apply(in_both)]
#[tokio::test]
async fn a_sleep_is_cancelled(isolation: Isolation) {
    let interpreter = plain(isolation);
    let code = "import time\nprint('begun')\ntime.sleep(60)";
    let mut run = interpreter.start(Request::new(code)).await.expect("a run");
    printed(&mut run).await;
    let handle = run.cancel_handle();
    let other_task = tokio::spawn(async move { handle.cancel() });
    let outcome = run.outcome().await.expect("an outcome");
    other_task.await.expect("a task");
    assert_eq!(outcome.ending, Ending::Cancelled);
    assert_eq!(outcome.notes, [] as [&str; 0]);
    assert!(outcome.execution_time < SOON);
}

/// X11: what still waits is answered at once, and has not run.
#[apply(in_both)]
#[tokio::test]
async fn a_waiting_run_is_cancelled_at_once(isolation: Isolation) {
    let interpreter = plain(isolation);
    let mut first = interpreter.start(Request::new("print('begun')\nwhile True: pass")).await.expect("a run");
    printed(&mut first).await;
    let waiting = interpreter.start(Request::new("print('never')")).await.expect("a run");
    assert_eq!(interpreter.status().queue_length, 1);
    waiting.cancel();
    let outcome = waiting.outcome().await.expect("an outcome");
    assert_eq!((outcome.ending, outcome.output.as_str()), (Ending::Cancelled, ""));
    assert_eq!(outcome.execution_time, Duration::ZERO);
    assert_eq!(interpreter.status().queue_length, 0);
    first.cancel();
    assert_eq!(first.outcome().await.expect("an outcome").ending, Ending::Cancelled);
}

/// X11: nobody waits for it, so it need not go on.
#[apply(in_both)]
#[tokio::test]
async fn dropping_a_run_cancels_it(isolation: Isolation) {
    let interpreter = plain(isolation);
    let mut run = interpreter.start(Request::new("print('begun')\nwhile True: pass")).await.expect("a run");
    printed(&mut run).await;
    drop(run);
    // There is one worker: this is served only once the loop has ended.
    let outcome = interpreter.execute(Request::new("print('on')")).await.expect("an outcome");
    assert_eq!(outcome.output, "on\n");
}

/// X11
#[apply(in_both)]
#[tokio::test]
async fn dropping_the_future_of_execute_cancels_the_run(isolation: Isolation) {
    let interpreter = plain(isolation);
    let endless = interpreter.execute(Request::new("while True: pass"));
    assert!(tokio::time::timeout(Duration::from_millis(100), endless).await.is_err());
    let outcome = interpreter.execute(Request::new("print('on')")).await.expect("an outcome");
    assert_eq!(outcome.output, "on\n");
}

/// X11: the answer is there already.
#[apply(in_both)]
#[tokio::test]
async fn cancelling_a_run_that_has_ended_changes_nothing(isolation: Isolation) {
    let interpreter = plain(isolation);
    let mut run = interpreter.start(Request::new("print('done')")).await.expect("a run");
    while run.next().await.is_some() {}
    run.cancel();
    run.cancel();
    let outcome = run.outcome().await.expect("an outcome");
    assert_eq!((outcome.ending, outcome.output.as_str()), (Ending::Completed, "done\n"));
}

/// X11: code may wait for other things than the clock.
#[apply(in_both)]
#[tokio::test]
async fn a_run_that_waits_for_a_thread_or_an_event_is_cancelled(isolation: Isolation) {
    let interpreter = plain(isolation);
    for wait in ["threading.Event().wait()", "queue.Queue().get()", "thread.join()", "lock.acquire()"] {
        let code = format!(
            "import queue, threading\nend = threading.Event()\nthread = threading.Thread(target=end.wait, daemon=True)\n\
             thread.start()\nlock = threading.Lock()\nlock.acquire()\nprint('begun')\n{wait}"
        );
        let mut run = interpreter.start(Request::new(code)).await.expect("a run");
        printed(&mut run).await;
        let cancelled = Instant::now();
        run.cancel();
        let outcome = run.outcome().await.expect("an outcome");
        assert!(cancelled.elapsed() < SOON, "{wait}");
        assert_eq!(outcome.ending, Ending::Cancelled, "{wait}");
    }
}
