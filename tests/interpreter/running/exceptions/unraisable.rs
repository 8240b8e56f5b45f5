//! Exceptions that nobody can catch are told on the run's standard error, as Python does.

use taipan::{Ending, Isolation, Outcome, Request};

use crate::interpreters::{apply, in_both, plain};

async fn run(isolation: Isolation, code: &str) -> Outcome {
    let outcome = plain(isolation).execute(Request::new(code)).await.expect("an outcome");
    assert_eq!(outcome.ending, Ending::Completed, "{}", outcome.output);
    outcome
}

/// Text without the addresses of objects.
fn without_addresses(text: &str) -> String {
    let mut parts = text.split(" at 0x");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(" at …");
        plain.push_str(part.trim_start_matches(|digit: char| digit.is_ascii_hexdigit()));
    }
    plain
}

/// X9
#[apply(in_both)]
#[tokio::test]
async fn an_exception_in_del_is_told(isolation: Isolation) {
    let outcome =
        run(isolation, "class A:\n    def __del__(self): raise ValueError('in del')\na = A()\ndel a\nprint('on')")
            .await;
    assert_eq!(outcome.stdout, "on\n");
    assert_eq!(
        without_addresses(&outcome.stderr),
        "Exception ignored in: <function A.__del__ at …>\nTraceback (most recent call last):\n  File \"main.py\", line \
         2, in __del__\nValueError: in del\n"
    );
}

/// X9: as in Python, the others are called and the run has not failed.
#[apply(in_both)]
#[tokio::test]
async fn an_exception_in_an_exit_function_is_told_and_the_others_are_called(isolation: Isolation) {
    let code = "
import atexit, sys
atexit.register(print, 'first')
def fails(): raise ValueError('at exit')
atexit.register(fails)
atexit.register(sys.exit, 3)
atexit.register(print, 'last')
";
    let outcome = run(isolation, code).await;
    assert_eq!(outcome.stdout, "last\nfirst\n");
    assert_eq!(
        without_addresses(&outcome.stderr),
        "Exception ignored in atexit callback: <built-in function exit>\nSystemExit: 3\nException ignored in atexit \
         callback: <function fails at …>\nTraceback (most recent call last):\n  File \"main.py\", line 4, in fails\n    def \
         fails(): raise ValueError('at exit')\n                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^\nValueError: at exit\n"
    );
}

/// X9, X12
#[apply(in_both)]
#[tokio::test]
async fn an_exception_in_a_thread_is_told(isolation: Isolation) {
    let code = "
import threading
def fails(): raise ValueError('in a thread')
thread = threading.Thread(target=fails, name='Worker')
thread.start(); thread.join()
print('on')
";
    let outcome = run(isolation, code).await;
    assert_eq!(outcome.stdout, "on\n");
    let lines: Vec<_> = outcome.stderr.lines().collect();
    assert_eq!(lines.first(), Some(&"Exception in thread Worker:"));
    assert_eq!(lines.last(), Some(&"ValueError: in a thread"));
    assert!(lines.contains(&"  File \"main.py\", line 3, in fails"), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("<taipan>"), "{}", outcome.stderr);
}

/// X9: a task nobody awaited is told by asyncio when it is gone.
#[apply(in_both)]
#[tokio::test]
async fn an_exception_in_a_task_that_nobody_awaits_is_told(isolation: Isolation) {
    let code = "
import asyncio, gc
async def fails(): raise ValueError('in a task')
async def main():
    task = asyncio.create_task(fails())
    await asyncio.sleep(0)
    del task
    gc.collect()
await main()
";
    let outcome = run(isolation, code).await;
    assert!(
        outcome.stderr.starts_with("ERROR:asyncio:Task exception was never retrieved\n")
            || outcome.stderr.starts_with("Task exception was never retrieved\n"),
        "{}",
        outcome.stderr
    );
    assert!(outcome.stderr.ends_with("ValueError: in a task\n"), "{}", outcome.stderr);
}
