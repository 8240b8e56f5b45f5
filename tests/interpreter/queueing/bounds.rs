//! A full queue says so at once.

use std::time::Duration;

use taipan::{Ending, InterpreterError, Isolation, Request};

use super::{Held, interpreter};
use crate::interpreters::{apply, in_both};

/// X15
#[apply(in_both)]
#[tokio::test]
async fn a_full_queue_answers_busy_with_the_number_of_those_who_wait(isolation: Isolation) {
    let interpreter = interpreter(isolation, 1, 2);
    let held = Held::start(&interpreter, Request::new).await;
    let first = interpreter.start(Request::new("print(1)")).await.expect("a run");
    let second = interpreter.start(Request::new("print(2)")).await.expect("a run");
    let refused = interpreter.execute(Request::new("print(3)")).await.expect_err("no place");
    assert!(matches!(refused, InterpreterError::Busy { waiting: 2 }), "{refused:?}");
    assert_eq!(refused.to_string(), "The interpreter is busy: 2 runs are waiting already. Try again in a moment.");
    // A place that was given up is free at once.
    first.cancel();
    let third = interpreter.start(Request::new("print(3)")).await.expect("a run");
    held.go_on();
    assert_eq!(first.outcome().await.expect("an outcome").ending, Ending::Cancelled);
    assert_eq!(second.outcome().await.expect("an outcome").output, "2\n");
    assert_eq!(third.outcome().await.expect("an outcome").output, "3\n");
}

/// X15: nobody may wait where there is no place to wait in.
#[apply(in_both)]
#[tokio::test]
async fn a_queue_without_places_takes_nothing(isolation: Isolation) {
    let refused = interpreter(isolation, 1, 0).execute(Request::new("1")).await.expect_err("no place");
    assert!(matches!(refused, InterpreterError::Busy { waiting: 0 }), "{refused:?}");
}

/// X10
#[apply(in_both)]
#[tokio::test]
async fn a_time_limit_beyond_the_maximum_is_refused(isolation: Isolation) {
    let interpreter = interpreter(isolation, 1, 1);
    for timeout in [Duration::ZERO, Duration::from_millis(300_001), Duration::MAX] {
        let refused = interpreter.execute(Request::new("1").timeout(timeout)).await.expect_err("not valid");
        assert!(matches!(refused, InterpreterError::InvalidRequest(_)), "{refused:?}");
        assert_eq!(refused.to_string(), "The time limit must be more than 0 and at most 300 seconds.");
    }
    let longest = interpreter.execute(Request::new("print(1)").timeout(Duration::from_secs(300))).await;
    assert_eq!(longest.expect("an outcome").output, "1\n");
}
