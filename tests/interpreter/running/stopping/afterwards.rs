//! A stop reaches the run it was meant for and nothing else.

use std::time::Duration;

use taipan::{Ending, Interpreter, Isolation, Request};

use super::stubborn;
use crate::{
    interpreter::queueing::Held,
    interpreters::{apply, in_both, settings},
    own_process::{async_in_own_process, case_of},
};

fn two_workers(isolation: Isolation) -> Interpreter {
    settings(isolation).workers(2).build().expect("an interpreter")
}

/// X9, X14: runs that end just when their time does leave nothing to the next ones.
#[apply(in_both)]
#[tokio::test]
async fn a_late_stop_never_hits_the_next_run(isolation: Isolation) {
    let interpreter = two_workers(isolation);
    let code = "
import time
until = time.perf_counter() + 0.0048
while time.perf_counter() < until: pass
print('done')
";
    for _ in 0..200 {
        let tight = interpreter.execute(Request::new(code).timeout(Duration::from_millis(5)));
        let outcome = tight.await.expect("an outcome");
        // How many there are of each depends on the machine; that is why there are so many runs.
        assert!(matches!(outcome.ending, Ending::Completed | Ending::TimedOut), "{:?}", outcome.ending);
        let plain = interpreter.execute(Request::new("total = sum(range(1000))\nprint(total)")).await;
        let plain = plain.expect("an outcome");
        assert_eq!((plain.ending, plain.output.as_str()), (Ending::Completed, "499500\n"));
    }
}

/// X9: workers that were asked to stop, or given up, are replaced.
#[apply(in_both)]
#[test]
fn the_pool_is_back_at_full_size_after_stops(isolation: Isolation) {
    let test =
        case_of("interpreter::running::stopping::afterwards::the_pool_is_back_at_full_size_after_stops", isolation);
    async_in_own_process(&test, async {
        let interpreter = two_workers(isolation);
        for code in ["while True: pass", &stubborn(1.0, "pass")] {
            for _ in 0..2 {
                let request = Request::new(code).timeout(Duration::from_millis(20));
                assert_eq!(interpreter.execute(request).await.expect("an outcome").ending, Ending::TimedOut);
            }
        }
        // Both are started before one of them goes on, so both workers are there.
        let both = [Held::start(&interpreter, Request::new).await, Held::start(&interpreter, Request::new).await];
        for held in both {
            held.go_on();
            assert_eq!(held.run.outcome().await.expect("an outcome").ending, Ending::Completed);
        }
        let status = interpreter.status();
        assert_eq!((status.workers_busy, status.workers_idle), (0, 2));
    });
}

/// X14: what code that was left behind still prints reaches nobody.
#[apply(in_both)]
#[test]
fn code_that_was_left_behind_is_not_heard(isolation: Isolation) {
    let test = case_of("interpreter::running::stopping::afterwards::code_that_was_left_behind_is_not_heard", isolation);
    async_in_own_process(&test, async {
        let interpreter = two_workers(isolation);
        let request = Request::new(stubborn(1.0, "print('x' * 100)")).timeout(Duration::from_millis(20));
        let left = interpreter.execute(request).await.expect("an outcome");
        assert_eq!(left.ending, Ending::TimedOut);
        let next = interpreter.execute(Request::new("import time; time.sleep(0.1); print('alone')")).await;
        assert_eq!(next.expect("an outcome").output, "alone\n");
    });
}

/// X9, X14: a stop may hit code that holds the lock of all imports; whoever imports next gets it.
#[apply(in_both)]
#[tokio::test]
async fn an_import_that_was_stopped_keeps_nobody_from_importing(isolation: Isolation) {
    let interpreter = two_workers(isolation);
    let in_thread = "import threading\nthreading.Thread(target=hold).start()";
    for (holder, ending) in [("hold()", Ending::TimedOut), (in_thread, Ending::Completed)] {
        let code = format!("import _imp\ndef hold():\n    _imp.acquire_lock()\n    while True: pass\n{holder}");
        let stopped = interpreter.execute(Request::new(code).timeout(Duration::from_secs(3))).await;
        assert_eq!(stopped.expect("an outcome").ending, ending);
        let next = Request::new("import importlib, colorsys\nimportlib.reload(colorsys)\nprint('imported')");
        let next = interpreter.execute(next.timeout(Duration::from_secs(20))).await.expect("an outcome");
        assert_eq!((next.ending, next.output.as_str()), (Ending::Completed, "imported\n"));
    }
}
