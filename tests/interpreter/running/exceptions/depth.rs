//! Too deep and too large ends in an exception, never in a crash.

use insta::assert_snapshot;
use taipan::{Ending, Isolation, Request};

use super::{exception, without_marks};
use crate::interpreters::{apply, in_both, plain};

/// X9
#[apply(in_both)]
#[tokio::test]
async fn endless_recursion_is_told_in_short(isolation: Isolation) {
    let raised = exception(isolation, "def f(n):\n    return f(n + 1)\nf(0)").await;
    assert_eq!(
        (raised.type_name.as_str(), raised.message.as_str()),
        ("RecursionError", "maximum recursion depth exceeded")
    );
    let traceback = without_count(&without_marks(&raised.traceback));
    assert_snapshot!(traceback, @r#"
    Traceback (most recent call last):
      File "main.py", line 3, in <module>
        f(0)
      File "main.py", line 2, in f
        return f(n + 1)
      File "main.py", line 2, in f
        return f(n + 1)
      File "main.py", line 2, in f
        return f(n + 1)
      [Previous line repeated … more times]
    RecursionError: maximum recursion depth exceeded
    "#);
}

/// The traceback without the number of repetitions, which depends on how deep Taipan itself is.
fn without_count(traceback: &str) -> String {
    let lines = traceback.lines().map(|line| {
        if line.starts_with("  [Previous line repeated ") { "  [Previous line repeated … more times]" } else { line }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// X9: recursion in C code ends as well. What is too deep for one version of Python may not be for the next.
#[apply(in_both)]
#[tokio::test]
async fn deep_recursion_in_c_code_does_not_crash(isolation: Isolation) {
    let nested = "x = []\nfor _ in range(100_000): x = [x]\n";
    for (code, types) in [
        ("repr(x)", &["RecursionError"][..]),
        ("import json; json.dumps(x)", &["RecursionError"]),
        ("import pickle; pickle.dumps(x)", &["RecursionError"]),
        ("import copy; copy.deepcopy(x)", &["RecursionError"]),
        ("x == [x]", &["RecursionError"]),
        ("import json; json.loads('[' * 100_000)", &["RecursionError"]),
        ("import ast; ast.literal_eval('-' * 100_000 + '1')", &["MemoryError", "RecursionError"]),
        (
            "compile('(' * 150 + ')' * 150, '', 'eval'); eval('+'.join(['1'] * 100_000))",
            &["RecursionError", "MemoryError"],
        ),
    ] {
        let raised = exception(isolation, &format!("{nested}{code}")).await;
        assert!(types.contains(&raised.type_name.as_str()), "{code}: {raised:?}");
    }
}

/// X9: the stack of a worker is large enough for what code may ask for.
#[apply(in_both)]
#[tokio::test]
async fn a_raised_recursion_limit_is_held(isolation: Isolation) {
    let code = "
import sys
sys.setrecursionlimit(50_000)
def depth(n): return 0 if n == 0 else 1 + depth(n - 1)
print(depth(40_000))
";
    let outcome = plain(isolation).execute(Request::new(code)).await.expect("an outcome");
    assert_eq!(outcome.output, "40000\n", "{:?}", outcome.ending);
}

/// X9: freeing what is deeply nested, at the end of the run too.
#[apply(in_both)]
#[tokio::test]
async fn deeply_nested_objects_are_freed_without_a_crash(isolation: Isolation) {
    let interpreter = plain(isolation);
    let code = "x = ()\nfor _ in range(1_000_000): x = (x,)\nclass C: pass\nc = C()\nfor _ in range(200_000):\n    d = C(); d.c = c; c = d";
    for _ in 0..2 {
        let outcome = interpreter.execute(Request::new(code)).await.expect("an outcome");
        assert_eq!(outcome.ending, Ending::Completed);
    }
}

/// X9
#[apply(in_both)]
#[tokio::test]
async fn asking_for_too_much_memory_is_an_exception(isolation: Isolation) {
    let raised = exception(isolation, "bytearray(10**18)").await;
    assert_eq!((raised.type_name.as_str(), raised.message.as_str()), ("MemoryError", ""));
    assert_snapshot!(without_marks(&raised.traceback), @r#"
    Traceback (most recent call last):
      File "main.py", line 1, in <module>
        bytearray(10**18)
    MemoryError
    "#);
}

/// X9: of a long message the beginning is kept, of a long traceback the end, too.
#[apply(in_both)]
#[tokio::test]
async fn a_message_of_ten_megabytes_is_cut(isolation: Isolation) {
    let raised = exception(isolation, "raise ValueError('x' * 10_000_000)").await;
    assert_eq!(raised.message, format!("{} … [cut]", "x".repeat(10 * 1024)));
    assert!(raised.traceback.starts_with(
        "Traceback (most recent call last):\n  File \"main.py\", line 1, in <module>\n    raise ValueError('x' * \
         10_000_000)\nValueError: xxx"
    ));
    assert!(raised.traceback.ends_with("xxx\n"));
    assert!(raised.traceback.chars().count() < 66_000);
}

/// X9: many exceptions that hold each other.
#[apply(in_both)]
#[tokio::test]
async fn long_chains_and_deep_groups_are_told(isolation: Isolation) {
    let chain = "
error = ValueError('first')
for n in range(5_000):
    later = ValueError(n)
    later.__cause__ = error
    error = later
raise error
";
    let raised = exception(isolation, chain).await;
    assert_eq!((raised.type_name.as_str(), raised.message.as_str()), ("ValueError", "4999"));
    assert!(raised.traceback.ends_with("ValueError: 4999\n"));
    let group = "
error = ValueError('first')
for n in range(5_000): error = ExceptionGroup('g', [error])
raise error
";
    let raised = exception(isolation, group).await;
    assert_eq!((raised.type_name.as_str(), raised.message.as_str()), ("ExceptionGroup", "g (1 sub-exception)"));
}
