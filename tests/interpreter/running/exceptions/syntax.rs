//! Code that is not Python is told with the place and a caret (X9).

use taipan::Isolation;

use insta::assert_snapshot;

use super::{exception, without_marks};
use crate::interpreters::{apply, in_both};

/// X9
#[apply(in_both)]
#[tokio::test]
async fn a_syntax_error_is_told_with_a_caret(isolation: Isolation) {
    let raised = exception(isolation, "x = 1\nif x = 2:\n    pass").await;
    assert_eq!(raised.type_name, "SyntaxError");
    assert_eq!(raised.message, "invalid syntax. Maybe you meant '==' or ':=' instead of '='? (main.py, line 2)");
    assert_snapshot!(raised.traceback, @r#"
      File "main.py", line 2
        if x = 2:
           ^^^^^
    SyntaxError: invalid syntax. Maybe you meant '==' or ':=' instead of '='?
    "#);
}

/// X9
#[apply(in_both)]
#[tokio::test]
async fn wrong_indentation_is_told(isolation: Isolation) {
    let raised = exception(isolation, "def f():\nreturn 1").await;
    assert_eq!(raised.type_name, "IndentationError");
    assert_eq!(raised.message, "expected an indented block after function definition on line 1 (main.py, line 2)");
    assert_snapshot!(raised.traceback, @r#"
      File "main.py", line 2
        return 1
        ^^^^^^
    IndentationError: expected an indented block after function definition on line 1
    "#);
}

/// X9: what Python says of it differs between its versions; that it is told does not.
#[apply(in_both)]
#[tokio::test]
async fn an_error_inside_an_f_string_is_told(isolation: Isolation) {
    let raised = exception(isolation, "name = f'{1 +}'").await;
    assert_eq!(raised.type_name, "SyntaxError");
    assert!(raised.message.starts_with("f-string: "), "{}", raised.message);
    assert!(raised.message.ends_with(" (main.py, line 1)"), "{}", raised.message);
}

/// X9
#[apply(in_both)]
#[tokio::test]
async fn a_bracket_that_is_never_closed_is_told(isolation: Isolation) {
    let raised = exception(isolation, "print('a'\nx = 1").await;
    assert_eq!(raised.message, "'(' was never closed (main.py, line 1)");
}

/// X9: the code's own compiling is not taken for the code.
#[apply(in_both)]
#[tokio::test]
async fn a_syntax_error_in_evaluated_text_is_told_as_such(isolation: Isolation) {
    let raised = exception(isolation, "eval('1 +')").await;
    assert_eq!(
        (raised.type_name.as_str(), raised.message.as_str()),
        ("SyntaxError", "invalid syntax (<string>, line 1)")
    );
    assert_snapshot!(without_marks(&raised.traceback), @r#"
    Traceback (most recent call last):
      File "main.py", line 1, in <module>
        eval('1 +')
      File "<string>", line 1
        1 +
    SyntaxError: invalid syntax
    "#);
}

/// X9: bad input is an outcome. Python 3.11.4 and later call it a syntax error.
#[apply(in_both)]
#[tokio::test]
async fn a_nul_in_the_code_is_an_exception(isolation: Isolation) {
    let raised = exception(isolation, "x = 1\0").await;
    assert!(["ValueError", "SyntaxError"].contains(&raised.type_name.as_str()), "{raised:?}");
    assert!(raised.message.starts_with("source code string cannot contain null bytes"), "{}", raised.message);
}

/// X9
#[apply(in_both)]
#[tokio::test]
async fn code_that_is_nested_too_deeply_is_an_exception(isolation: Isolation) {
    let raised = exception(isolation, &format!("{}{}", "(".repeat(1000), ")".repeat(1000))).await;
    assert_eq!(raised.message, "too many nested parentheses (main.py, line 1)");
    let raised = exception(isolation, &format!("{}1", "-".repeat(100_000))).await;
    assert!(["MemoryError", "RecursionError"].contains(&raised.type_name.as_str()), "{raised:?}");
}
