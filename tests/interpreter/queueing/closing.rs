//! An interpreter that is shut down or dropped leaves nobody without an answer.

use std::time::Duration;

use taipan::{Ending, InterpreterError, Isolation, Request};

use super::{Held, interpreter};
use crate::interpreters::{apply, in_both};

const LONG: Duration = Duration::from_secs(60);

/// X15: those that go on end, those that wait are served, new ones are refused.
#[apply(in_both)]
#[tokio::test]
async fn a_shutdown_lets_runs_end_within_its_grace(isolation: Isolation) {
    let interpreter = interpreter(isolation, 1, 8);
    let held = Held::start(&interpreter, |code| Request::new(code).owner("a")).await;
    let waiting = interpreter.start(Request::new("print('served')").owner("a")).await.expect("a run");
    let closing = tokio::spawn({
        let interpreter = interpreter.clone();
        async move { interpreter.shutdown(LONG).await }
    });
    // The refusal is the first sign that the shutdown has begun.
    let refused = loop {
        match interpreter.start(Request::new("print('late')")).await {
            Ok(run) => drop(run),
            Err(refused) => break refused,
        }
        tokio::task::yield_now().await;
    };
    assert!(matches!(refused, InterpreterError::ShuttingDown), "{refused:?}");
    assert_eq!(refused.to_string(), "The interpreter is shutting down and takes no more runs.");
    held.go_on();
    assert_eq!(held.run.outcome().await.expect("an outcome").output, "went on\n");
    assert_eq!(waiting.outcome().await.expect("an outcome").output, "served\n");
    closing.await.expect("a shutdown");
    let refused = interpreter.execute(Request::new("1")).await.expect_err("closed");
    assert!(matches!(refused, InterpreterError::ShuttingDown), "{refused:?}");
}

/// X9, X15: after the grace they are cancelled, and what they have made is kept.
#[apply(in_both)]
#[tokio::test]
async fn a_shutdown_cancels_what_does_not_end_within_its_grace(isolation: Isolation) {
    let interpreter = interpreter(isolation, 1, 8);
    let held = Held::start(&interpreter, |code| {
        Request::new(format!("open('made.txt', 'w').write('kept')\nprint('begun')\n{code}"))
    })
    .await;
    let waiting = interpreter.start(Request::new("print('never')")).await.expect("a run");
    interpreter.shutdown(Duration::from_millis(50)).await;
    let outcome = held.run.outcome().await.expect("an outcome");
    assert_eq!((outcome.ending, outcome.output.as_str()), (Ending::Cancelled, "begun\n"));
    assert_eq!(outcome.generated_files[0].read().expect("a file"), b"kept");
    let outcome = waiting.outcome().await.expect("an outcome");
    assert_eq!((outcome.ending, outcome.output.as_str()), (Ending::Cancelled, ""));
}

/// X15
#[apply(in_both)]
#[tokio::test]
async fn dropping_the_interpreter_cancels_what_goes_on_and_what_waits(isolation: Isolation) {
    let interpreter = interpreter(isolation, 1, 8);
    let held = Held::start(&interpreter, Request::new).await;
    let waiting = interpreter.start(Request::new("print('never')")).await.expect("a run");
    let clone = interpreter.clone();
    drop(interpreter);
    // The clone still holds it.
    assert_eq!(clone.status().queue_length, 1);
    drop(clone);
    assert_eq!(waiting.outcome().await.expect("an outcome").ending, Ending::Cancelled);
    assert_eq!(held.run.outcome().await.expect("an outcome").ending, Ending::Cancelled);
}

/// X15: a shutdown of an interpreter that does nothing is quick, and may be repeated.
#[apply(in_both)]
#[tokio::test]
async fn a_shutdown_may_be_repeated(isolation: Isolation) {
    let interpreter = interpreter(isolation, 2, 8);
    assert_eq!(interpreter.execute(Request::new("print(1)")).await.expect("an outcome").output, "1\n");
    tokio::time::timeout(Duration::from_secs(10), async {
        interpreter.shutdown(LONG).await;
        interpreter.shutdown(LONG).await;
    })
    .await
    .expect("a quick shutdown");
    let status = interpreter.status();
    assert_eq!((status.workers_busy, status.workers_idle, status.queue_length), (0, 0, 0));
}

/// X9: files live as long as their outcome, and not longer; the folder of all runs goes with the last of them.
#[apply(in_both)]
#[tokio::test]
async fn folders_are_removed_with_the_outcomes_and_the_interpreter(isolation: Isolation) {
    let folder = tempfile::TempDir::new().expect("a folder");
    let interpreter =
        crate::interpreters::settings(isolation).workspace_folder(folder.path()).build().expect("an interpreter");
    let request = || Request::new("for n in range(1000): open(f'{n}.txt', 'w').write('x')");
    let dropped = interpreter.execute(request()).await.expect("an outcome");
    let kept = interpreter.execute(request()).await.expect("an outcome");
    let path = dropped.generated_files[999].path.clone();
    assert!(path.exists());
    let clone = dropped.clone();
    drop(dropped);
    assert_eq!(clone.generated_files[999].read().expect("a file"), b"x");
    drop(clone);
    interpreter.shutdown(LONG).await;
    assert!(!path.exists());
    assert_eq!(kept.generated_files[0].read().expect("a file"), b"x");
    drop(kept);
    let left: Vec<_> = std::fs::read_dir(folder.path()).expect("a folder").collect();
    assert!(left.is_empty(), "{left:?}");
}
