//! How many runs a user may have in a day (U13).

use std::time::Duration;

use chrono::TimeDelta;
use taipan::{
    catalog::{Counters, total},
    executions::{Answer, DailyRuns, ExecutionError, Executions, RunRequest},
    identifiers::UserId,
};

use super::given::{ANNA, BEN, Given, apply, given, on_both};
use crate::catalog::given::Engine;

const THREE_REACHED: &str = "You have reached the limit of 3 runs a day. It ends at 2100-01-02 01:00 CET.";

fn limited(given: &Given, most: u64) -> Executions {
    let time_zone = chrono_tz::Europe::Berlin;
    given.executions.clone().limited(DailyRuns { most: Some(most), time_zone })
}

async fn run(executions: &Executions, user: UserId, code: &str) -> Result<Answer, ExecutionError> {
    executions.run(user, RunRequest::new(code)).await?.answer().await
}

/// U13: the refusal says which limit and when it ends; nothing is run then, and others are none the poorer.
#[apply(on_both)]
#[tokio::test]
async fn a_user_has_so_many_runs_a_day_until_midnight(engine: Engine) {
    let given = given(engine).await;
    let executions = limited(&given, 3);
    // Code that fails was run too.
    for code in ["print(1)", "1 / 0", "open('made.txt', 'w').write('one')"] {
        run(&executions, ANNA, code).await.unwrap();
    }
    let refused = run(&executions, ANNA, "open('late.txt', 'w').write('two')").await.unwrap_err();
    assert!(matches!(refused, ExecutionError::LimitReached(_)), "{refused:?}");
    assert_eq!(refused.to_string(), THREE_REACHED);
    assert_eq!(given.names(ANNA).await, ["made.txt"]);
    run(&executions, BEN, "print(1)").await.unwrap();
    // Clearing what is shown frees nobody (U9), tomorrow does.
    given.catalog.clear_usage(ANNA).await.unwrap();
    assert_eq!(run(&executions, ANNA, "1").await.unwrap_err().to_string(), THREE_REACHED);
    given.clock.advance(TimeDelta::days(1));
    run(&executions, ANNA, "print(1)").await.unwrap();
}

/// A6, U13: runs are counted with or without a limit, and those that were not run are not.
#[apply(on_both)]
#[tokio::test]
async fn runs_are_counted_as_usage_without_a_model(engine: Engine) {
    let given = given(engine).await;
    run(&given.executions, ANNA, "print(1)").await.unwrap();
    run(&given.executions, ANNA, "import time; time.sleep(0.01)").await.unwrap();
    let missing = RunRequest::new("1").attached(["0_0_missing".parse().unwrap()]);
    given.executions.run(ANNA, missing).await.unwrap_err();
    let today = given.clock_day();
    for counters in [Counters::Shown, Counters::Limits] {
        let entries = given.catalog.usage(ANNA, counters, today..=today).await.unwrap();
        assert_eq!(entries.iter().map(|entry| entry.model.as_str()).collect::<Vec<_>>(), [""]);
        let usage = total(&entries);
        assert_eq!((usage.runs, usage.messages, usage.cost()), (2, 0, Some(0)));
        assert!(usage.run_time >= Duration::from_millis(10), "{:?}", usage.run_time);
    }
}

/// U13: of runs that are begun at once no more go on than there may be, and one that goes on counts.
#[tokio::test]
async fn runs_at_once_do_not_slip_through() {
    let given = given(Engine::Sqlite).await;
    let executions = limited(&given, 3);
    let waiting = "import time\nwhile True: time.sleep(0.01)";
    let beginning = (0..8).map(|_| executions.run(ANNA, RunRequest::new(waiting)));
    let begun = futures_util::future::join_all(beginning).await;
    let (runs, refused): (Vec<_>, Vec<_>) = begun.into_iter().partition(Result::is_ok);
    assert_eq!((runs.len(), refused.len()), (3, 5));
    for refusal in refused {
        assert_eq!(refusal.unwrap_err().to_string(), THREE_REACHED);
    }
    for run in runs {
        let run = run.unwrap();
        run.cancel();
        run.answer().await.unwrap();
    }
    assert_eq!(run(&executions, ANNA, "1").await.unwrap_err().to_string(), THREE_REACHED);
}

/// U13: what could not be begun gives its place back.
#[tokio::test]
async fn a_run_that_cannot_begin_is_none() {
    let given = given(Engine::Sqlite).await;
    let executions = limited(&given, 1);
    for _ in 0..3 {
        let missing = RunRequest::new("1").attached(["0_0_missing".parse().unwrap()]);
        let error = executions.run(ANNA, missing).await.unwrap_err();
        assert!(matches!(error, ExecutionError::FileNotFound), "{error:?}");
    }
    run(&executions, ANNA, "print(1)").await.unwrap();
    let refused = run(&executions, ANNA, "print(1)").await.unwrap_err();
    assert_eq!(refused.to_string(), "You have reached the limit of 1 run a day. It ends at 2100-01-02 01:00 CET.");
}
