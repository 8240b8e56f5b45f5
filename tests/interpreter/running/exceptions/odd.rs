//! Exceptions that try to make the telling of them fail.

use taipan::Isolation;

use super::exception;
use crate::interpreters::{apply, in_both};

/// X9
#[apply(in_both)]
#[tokio::test]
async fn an_exception_that_cannot_be_shown_is_told_all_the_same(isolation: Isolation) {
    for failing in
        ["raise ValueError('x')", "raise SystemExit(3)", "raise KeyboardInterrupt", "return 7", "self.__str__()"]
    {
        let code = format!("class E(Exception):\n    def __str__(self): {failing}\n    __repr__ = __str__\nraise E()");
        let raised = exception(isolation, &code).await;
        assert_eq!(
            (raised.type_name.as_str(), raised.message.as_str()),
            ("E", "<exception str() failed>"),
            "{failing}"
        );
        assert_eq!(
            raised.traceback,
            "Traceback (most recent call last):\n  File \"main.py\", line 4, in <module>\n    raise E()\nE: <exception \
             str() failed>\n"
        );
    }
}

/// X9
#[apply(in_both)]
#[tokio::test]
async fn a_class_without_a_module_is_told(isolation: Isolation) {
    let raised = exception(isolation, "E = type('E', (Exception,), {'__module__': None})\nraise E('a')").await;
    assert_eq!((raised.type_name.as_str(), raised.message.as_str()), ("<unknown>.E", "a"));
    assert!(raised.traceback.ends_with("<unknown>.E: a\n"), "{}", raised.traceback);
}

/// X1: classes of `__main__` and of Python itself go without their module.
#[apply(in_both)]
#[tokio::test]
async fn a_class_is_named_with_its_module(isolation: Isolation) {
    assert_eq!(
        exception(isolation, "class Shop:\n    class Closed(Exception): pass\nraise Shop.Closed").await.type_name,
        "Shop.Closed"
    );
    assert_eq!(
        exception(isolation, "import decimal\ndecimal.Decimal('x')").await.type_name,
        "decimal.InvalidOperation"
    );
    assert_eq!(
        exception(isolation, "class E(Exception): __module__ = 'shop.orders'\nraise E").await.type_name,
        "shop.orders.E"
    );
}

/// X12
#[apply(in_both)]
#[tokio::test]
async fn a_message_that_cannot_be_encoded_is_shown_escaped(isolation: Isolation) {
    let raised = exception(isolation, "raise ValueError('a\\ud800b')").await;
    assert_eq!((raised.type_name.as_str(), raised.message.as_str()), ("ValueError", "a\\ud800b"));
    assert!(raised.traceback.ends_with("ValueError: a\\ud800b\n"), "{}", raised.traceback);
}

/// X9: attributes that Python looks at may be anything.
#[apply(in_both)]
#[tokio::test]
async fn an_exception_with_odd_attributes_is_told(isolation: Isolation) {
    for odd in ["__notes__ = 7", "__notes__ = [object()]", "__cause__ = None", "__traceback__ = None"] {
        let code = format!("error = ValueError('odd')\nerror.{odd}\nraise error");
        let raised = exception(isolation, &code).await;
        assert_eq!((raised.type_name.as_str(), raised.message.as_str()), ("ValueError", "odd"), "{odd}");
    }
}

/// X9: of `SyntaxError` Python looks at more than the message.
#[apply(in_both)]
#[tokio::test]
async fn a_syntax_error_the_code_raises_itself_is_told(isolation: Isolation) {
    let raised = exception(isolation, "raise SyntaxError('mine')").await;
    assert_eq!((raised.type_name.as_str(), raised.message.as_str()), ("SyntaxError", "mine"));
    let raised = exception(
        isolation,
        "error = SyntaxError('odd')\nerror.lineno = 'x'\nerror.text = 7\nerror.filename = 'f'\nraise error",
    )
    .await;
    assert_eq!(raised.type_name, "SyntaxError");
}

/// X8, X9: the last expression is shown, which may fail.
#[apply(in_both)]
#[tokio::test]
async fn a_value_that_cannot_be_shown_raises(isolation: Isolation) {
    let raised =
        exception(isolation, "class Value:\n    def __repr__(self): raise ValueError('no repr')\nValue()").await;
    assert_eq!((raised.type_name.as_str(), raised.message.as_str()), ("ValueError", "no repr"));
    assert!(!raised.traceback.contains("<taipan>"), "{}", raised.traceback);
    assert!(raised.traceback.contains("  File \"main.py\", line 2, in __repr__\n"), "{}", raised.traceback);
}
