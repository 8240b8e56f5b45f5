//! Tracebacks name `main.py`, the user's line and its source, and nothing of Taipan's own (X9).

use taipan::Isolation;

use insta::assert_snapshot;

use super::{exception, without_marks};
use crate::interpreters::{apply, in_both};

/// X9
#[apply(in_both)]
#[tokio::test]
async fn nested_calls_are_told_with_their_lines(isolation: Isolation) {
    let raised = exception(isolation, "def f(x):\n    return g(x)\n\ndef g(x):\n    return [1, 2][x]\n\nf(5)").await;
    assert_eq!((raised.type_name.as_str(), raised.message.as_str()), ("IndexError", "list index out of range"));
    assert_snapshot!(without_marks(&raised.traceback), @r#"
    Traceback (most recent call last):
      File "main.py", line 7, in <module>
        f(5)
      File "main.py", line 2, in f
        return g(x)
      File "main.py", line 5, in g
        return [1, 2][x]
    IndexError: list index out of range
    "#);
}

/// X9
#[apply(in_both)]
#[tokio::test]
async fn the_last_expression_is_told_like_any_other_line(isolation: Isolation) {
    let raised = exception(isolation, "x = 0\n1 / x").await;
    assert_snapshot!(raised.traceback, @r#"
    Traceback (most recent call last):
      File "main.py", line 2, in <module>
        1 / x
        ~~^~~
    ZeroDivisionError: division by zero
    "#);
}

/// X9
#[apply(in_both)]
#[tokio::test]
async fn causes_and_contexts_are_told(isolation: Isolation) {
    let raised = exception(
        isolation, "def read():\n    try:\n        {}['a']\n    except KeyError as error:\n        raise ValueError('no a') from error\n\
         try:\n    read()\nexcept ValueError:\n    raise RuntimeError('gave up')",
    )
    .await;
    assert_eq!((raised.type_name.as_str(), raised.message.as_str()), ("RuntimeError", "gave up"));
    assert_snapshot!(without_marks(&raised.traceback), @r#"
    Traceback (most recent call last):
      File "main.py", line 3, in read
        {}['a']
    KeyError: 'a'

    The above exception was the direct cause of the following exception:

    Traceback (most recent call last):
      File "main.py", line 7, in <module>
        read()
      File "main.py", line 5, in read
        raise ValueError('no a') from error
    ValueError: no a

    During handling of the above exception, another exception occurred:

    Traceback (most recent call last):
      File "main.py", line 9, in <module>
        raise RuntimeError('gave up')
    RuntimeError: gave up
    "#);
}

/// X9
#[apply(in_both)]
#[tokio::test]
async fn groups_are_told_with_all_they_hold(isolation: Isolation) {
    let raised = exception(isolation, "raise ExceptionGroup('several', [ValueError('one'), TypeError('two')])").await;
    assert_eq!((raised.type_name.as_str(), raised.message.as_str()), ("ExceptionGroup", "several (2 sub-exceptions)"));
    assert_snapshot!(without_marks(&raised.traceback), @r#"
      + Exception Group Traceback (most recent call last):
      |   File "main.py", line 1, in <module>
      |     raise ExceptionGroup('several', [ValueError('one'), TypeError('two')])
      | ExceptionGroup: several (2 sub-exceptions)
      +-+---------------- 1 ----------------
        | ValueError: one
        +---------------- 2 ----------------
        | TypeError: two
        +------------------------------------
    "#);
}

/// X5, X9: a module the code wrote lies in its folder, which has one name for people.
#[apply(in_both)]
#[tokio::test]
async fn a_module_of_the_users_own_is_told_with_its_lines(isolation: Isolation) {
    let raised = exception(
        isolation,
        "open('own_orders.py', 'w').write('def boom():\\n    raise RuntimeError(\"from my own\")\\n')\n\
         import own_orders\nown_orders.boom()",
    )
    .await;
    assert_snapshot!(without_marks(&raised.traceback), @r#"
    Traceback (most recent call last):
      File "main.py", line 3, in <module>
        own_orders.boom()
      File "/mnt/data/own_orders.py", line 2, in boom
        raise RuntimeError("from my own")
    RuntimeError: from my own
    "#);
}

/// X8, X9: the event loop that runs a top-level `await` is not the user's.
#[apply(in_both)]
#[tokio::test]
async fn an_exception_behind_an_await_is_told_without_the_event_loop(isolation: Isolation) {
    let raised = exception(
        isolation, "import asyncio\nasync def fetch():\n    await asyncio.sleep(0)\n    raise ValueError('in async')\nawait fetch()",
    )
    .await;
    assert_snapshot!(without_marks(&raised.traceback), @r#"
    Traceback (most recent call last):
      File "main.py", line 5, in <module>
        await fetch()
      File "main.py", line 4, in fetch
        raise ValueError('in async')
    ValueError: in async
    "#);
}

/// X9
#[apply(in_both)]
#[tokio::test]
async fn an_exception_in_a_generator_is_told(isolation: Isolation) {
    let raised =
        exception(isolation, "def numbers():\n    yield 1\n    raise ValueError('in gen')\nlist(numbers())").await;
    assert_snapshot!(without_marks(&raised.traceback), @r#"
    Traceback (most recent call last):
      File "main.py", line 4, in <module>
        list(numbers())
      File "main.py", line 3, in numbers
        raise ValueError('in gen')
    ValueError: in gen
    "#);
}

/// X9
#[apply(in_both)]
#[tokio::test]
async fn an_assertion_is_told_as_python_tells_it(isolation: Isolation) {
    let raised = exception(isolation, "x = 1\nassert x == 2, f'x is {x}'").await;
    assert_eq!((raised.type_name.as_str(), raised.message.as_str()), ("AssertionError", "x is 1"));
}

/// X9
#[apply(in_both)]
#[tokio::test]
async fn notes_are_told(isolation: Isolation) {
    let raised = exception(isolation, "error = ValueError('a')\nerror.add_note('look here')\nraise error").await;
    assert_eq!(raised.message, "a");
    assert_snapshot!(without_marks(&raised.traceback), @r#"
    Traceback (most recent call last):
      File "main.py", line 3, in <module>
        raise error
    ValueError: a
    look here
    "#);
}

/// X9: where no line of the code is part of it, only what happened is told.
#[apply(in_both)]
#[tokio::test]
async fn what_a_library_raises_is_told_with_the_librarys_lines(isolation: Isolation) {
    let raised = exception(isolation, "import json\njson.loads('{')").await;
    assert_eq!(raised.type_name, "json.decoder.JSONDecodeError");
    assert_eq!(raised.message, "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)");
    let lines: Vec<_> = raised.traceback.lines().take(3).collect();
    assert_eq!(
        lines,
        ["Traceback (most recent call last):", "  File \"main.py\", line 2, in <module>", "    json.loads('{')"]
    );
    assert!(!raised.traceback.contains("<taipan>"), "{}", raised.traceback);
}

/// X5: opening files goes through Taipan's own code, of which nothing is shown.
#[apply(in_both)]
#[tokio::test]
async fn a_missing_file_is_told_without_the_real_folder(isolation: Isolation) {
    let raised = exception(isolation, "open('/mnt/data/missing.csv')").await;
    assert_eq!(raised.type_name, "FileNotFoundError");
    assert_eq!(raised.message, "[Errno 2] No such file or directory: '/mnt/data/missing.csv'");
    assert_snapshot!(without_marks(&raised.traceback), @r#"
    Traceback (most recent call last):
      File "main.py", line 1, in <module>
        open('/mnt/data/missing.csv')
    FileNotFoundError: [Errno 2] No such file or directory: '/mnt/data/missing.csv'
    "#);
}

/// X9: what ends a line of Python is not what ends a line of text elsewhere.
#[apply(in_both)]
#[tokio::test]
async fn lines_are_counted_as_python_counts_them(isolation: Isolation) {
    for end in ["\n", "\r\n", "\r"] {
        let raised =
            exception(isolation, &format!("text = 'form \u{c} feed \u{2028} line \u{85} x'{end}#{end}1 / 0")).await;
        assert_eq!(
            raised.traceback,
            "Traceback (most recent call last):\n  File \"main.py\", line 3, in <module>\n    1 / 0\n    \
             ~~^~~\nZeroDivisionError: division by zero\n",
            "{end:?}"
        );
    }
}
