//! A source may have a name of its own, which its tracebacks tell (X9, X13).

use taipan::{Ending, InterpreterError, Isolation, Request};

use super::without_marks;
use crate::interpreters::{apply, complete, in_both, plain};

/// X9
#[apply(in_both)]
#[tokio::test]
async fn a_traceback_tells_the_name_and_the_lines_of_a_named_source(isolation: Isolation) {
    let interpreter = plain(isolation);
    let request = Request::new("def f():\n    return 1 / 0\nprint(__file__)\nf()").called("größe 7");
    let outcome = interpreter.execute(request).await.expect("an outcome");
    assert_eq!(outcome.output, "größe 7\n");
    let Ending::Raised(raised) = outcome.ending else { panic!("an exception is expected") };
    assert_eq!(
        without_marks(&raised.traceback),
        "Traceback (most recent call last):\n  File \"größe 7\", line 4, in <module>\n    f()\n  File \"größe 7\", line \
         2, in f\n    return 1 / 0\nZeroDivisionError: division by zero\n"
    );
    assert_eq!(complete(&interpreter, Request::new("print(__file__)")).await.output, "main.py\n");
}

#[apply(in_both)]
#[tokio::test]
async fn a_name_that_would_mislead_is_refused(isolation: Isolation) {
    let interpreter = plain(isolation);
    for name in [String::new(), "a\nb".to_owned(), "\x1b[31m".to_owned(), "<taipan>/x.py".to_owned(), "x".repeat(256)] {
        let refused = interpreter.execute(Request::new("1").called(name)).await;
        let Err(InterpreterError::InvalidRequest(reason)) = refused else { panic!("a refusal is expected") };
        assert_eq!(
            reason,
            "The name of a source must have from 1 to 255 bytes, hold no control characters, and not begin with <taipan>."
        );
    }
    complete(&interpreter, Request::new("1").called("x".repeat(255))).await;
}
