//! `sys.exit` in all its forms ends the run with the code that Python would end with.

use taipan::{Ending, Isolation, Outcome, Request};

use super::exception;
use crate::interpreters::{apply, in_both, plain};

async fn run(isolation: Isolation, code: &str) -> Outcome {
    plain(isolation).execute(Request::new(code)).await.expect("an outcome")
}

/// X1
#[apply(in_both)]
#[tokio::test]
async fn the_exit_code_is_the_one_python_would_end_with(isolation: Isolation) {
    let interpreter = plain(isolation);
    for (argument, code, stderr) in [
        ("", 0, ""),
        ("None", 0, ""),
        ("0", 0, ""),
        ("3", 3, ""),
        ("255", 255, ""),
        ("256", 0, ""),
        ("-1", 255, ""),
        ("10**30", 255, ""),
        ("True", 1, ""),
        ("False", 0, ""),
        ("'bye'", 1, "bye\n"),
        ("''", 1, "\n"),
        ("(1, 2)", 1, "(1, 2)\n"),
        ("2.5", 1, "2.5\n"),
        ("'\\ud800'", 1, "\\ud800\n"),
    ] {
        let outcome = interpreter.execute(Request::new(format!("import sys\nsys.exit({argument})\nprint('never')")));
        let outcome = outcome.await.expect("an outcome");
        let told = (outcome.ending.clone(), outcome.stdout.as_str(), outcome.stderr.as_str(), outcome.success());
        assert_eq!(told, (Ending::Exited(code), "", stderr, code == 0), "sys.exit({argument})");
    }
}

/// X1
#[apply(in_both)]
#[tokio::test]
async fn exit_and_quit_and_raise_system_exit_are_the_same(isolation: Isolation) {
    for code in ["exit(4)", "quit(4)", "raise SystemExit(4)", "def f():\n    raise SystemExit(4)\nf()"] {
        assert_eq!(run(isolation, code).await.ending, Ending::Exited(4), "{code}");
    }
}

/// X9: what was to happen at the end does.
#[apply(in_both)]
#[tokio::test]
async fn finally_blocks_and_exit_functions_run_before_the_end(isolation: Isolation) {
    let outcome = run(
        isolation,
        "import atexit, sys\natexit.register(print, 'at exit')\ntry:\n    sys.exit(2)\nfinally:\n    print('finally')",
    )
    .await;
    assert_eq!((outcome.ending, outcome.output.as_str()), (Ending::Exited(2), "finally\nat exit\n"));
}

/// X1: an end cannot be hidden behind a `__str__` that raises.
#[apply(in_both)]
#[tokio::test]
async fn an_exit_with_an_object_that_cannot_be_shown_ends_the_run(isolation: Isolation) {
    let outcome =
        run(isolation, "class B:\n    def __str__(self): raise ValueError('no')\nraise SystemExit(B())").await;
    assert_eq!((outcome.ending, outcome.stderr.as_str()), (Ending::Exited(1), "<B str() failed>\n"));
}

/// X9: a thread's `SystemExit` ends the thread alone, as in Python.
#[apply(in_both)]
#[tokio::test]
async fn an_exit_in_a_thread_ends_the_thread(isolation: Isolation) {
    let outcome = run(
        isolation,
        "import sys, threading\nt = threading.Thread(target=sys.exit, args=(3,))\nt.start(); t.join()\nprint('on')",
    )
    .await;
    assert_eq!((outcome.ending, outcome.output.as_str()), (Ending::Completed, "on\n"));
}

/// X1: Ctrl-C is the program's own; raised by code it is an exception like any other.
#[apply(in_both)]
#[tokio::test]
async fn a_keyboard_interrupt_is_an_exception(isolation: Isolation) {
    let raised = exception(isolation, "raise KeyboardInterrupt").await;
    assert_eq!((raised.type_name.as_str(), raised.message.as_str()), ("KeyboardInterrupt", ""));
    assert_eq!(
        raised.traceback,
        "Traceback (most recent call last):\n  File \"main.py\", line 1, in <module>\n    raise \
         KeyboardInterrupt\nKeyboardInterrupt\n"
    );
}
