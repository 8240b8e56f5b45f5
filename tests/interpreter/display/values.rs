//! Values as a notebook shows them.

use taipan::{Display, Ending, Isolation, Request};

use crate::interpreters::{apply, complete, in_both, plain, raised, settings};

/// X8: the last expression is shown, and what is no expression is not.
#[apply(in_both)]
#[tokio::test]
async fn the_last_expression_is_the_result_as_in_a_notebook(isolation: Isolation) {
    let interpreter = plain(isolation);
    let cases = [
        ("6 * 7", Some("42")),
        ("'text'", Some("'text'")),
        ("None", None),
        ("print", Some("<built-in function print>")),
        ("x = 1", None),
        ("x = 1; x", Some("1")),
        ("1;", None),
        ("1 ; # silent", None),
        ("1 # ; not silent", Some("1")),
        ("';'", Some("';'")),
        ("(1,\n 2)  # two lines", Some("(1, 2)")),
        ("for i in range(3): i", None),
        ("if True:\n    1", None),
        ("1\n2", Some("2")),
        ("1\npass", None),
        ("x = 5\n\n# a comment at the end\n", None),
        ("x = 5\nx\n\n# a comment at the end\n", Some("5")),
        ("print('a') or 3", Some("3")),
        ("lambda: 0", Some("<function <lambda> at")),
        ("(y := 3)", Some("3")),
        ("[1, 2][::-1]", Some("[2, 1]")),
        ("f'{1 + 1}'", Some("'2'")),
        ("b'bytes'", Some("b'bytes'")),
        ("float('nan')", Some("nan")),
        ("...", Some("Ellipsis")),
        ("", None),
        ("# only a comment", None),
        ("'''doc'''", Some("'doc'")),
        ("'grüße; größe';", None),
        ("'ü';  ", None),
    ];
    for (code, expected) in cases {
        let outcome = complete(&interpreter, Request::new(code)).await;
        let text = outcome.result.map(|result| result.text);
        let text = text.map(|text| text.split(" 0x").next().unwrap_or_default().to_owned());
        assert_eq!(text.as_deref(), expected, "{code}");
    }
}

/// Long containers are laid out; short ones stay on a line.
#[apply(in_both)]
#[tokio::test]
async fn long_dicts_and_lists_are_laid_out(isolation: Isolation) {
    let code = "{'first': list(range(20)), 'a second key': {'inner': 'x' * 40}, 'the third': ('y' * 30,)}";
    let outcome = complete(&plain(isolation), Request::new(code)).await;
    insta::assert_snapshot!(outcome.result.expect("a result").text, @r"
    {'first': [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
     'a second key': {'inner': 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'},
     'the third': ('yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy',)}
    ");
    let outcome = complete(&plain(isolation), Request::new("{'b': 1, 'a': [2, 3]}")).await;
    assert_eq!(outcome.result.expect("a result").text, "{'b': 1, 'a': [2, 3]}");
}

/// X8: what offers HTML or Markdown gives it; one that fails falls back to text, as in a notebook.
#[apply(in_both)]
#[tokio::test]
async fn values_may_offer_html_and_markdown(isolation: Isolation) {
    let interpreter = plain(isolation);
    let class = |body: &str| format!("class Thing:\n    def __repr__(self): return 'plain'\n{body}\nThing()");
    let show = async |body: &str| complete(&interpreter, Request::new(class(body))).await.result.expect("a result");
    let shown =
        show("    def _repr_html_(self): return '<b>x</b>'\n    def _repr_markdown_(self): return '**x**'").await;
    assert_eq!(
        (shown.text.as_str(), shown.html.as_deref(), shown.markdown.as_deref(), shown.cut),
        ("plain", Some("<b>x</b>"), Some("**x**"), false)
    );
    for body in ["return None", "return 3", "raise ValueError('no')", "return ('<b>', {})"] {
        let shown = show(&format!("    def _repr_html_(self): {body}")).await;
        assert_eq!((shown.text.as_str(), shown.html), ("plain", None), "{body}");
    }
    // The class itself offers nothing.
    let code = "class Thing:\n    def _repr_html_(self): return 'x'\nThing";
    let shown = complete(&interpreter, Request::new(code)).await.result.expect("a result");
    assert_eq!((shown.text.as_str(), shown.html), ("<class '__main__.Thing'>", None));
}

/// A value that cannot be shown is the code's exception, with the user's line.
#[apply(in_both)]
#[tokio::test]
async fn a_repr_that_raises_is_an_exception_of_the_code(isolation: Isolation) {
    let code = "class Bad:\n    def __repr__(self): raise ValueError('no repr')\nBad()";
    let outcome = plain(isolation).execute(Request::new(code)).await.expect("an outcome");
    let Ending::Raised(exception) = outcome.ending else { panic!("{:?}", outcome.ending) };
    assert_eq!(exception.message, "no repr");
    assert!(exception.traceback.contains("File \"main.py\", line 2, in __repr__\n"), "{}", exception.traceback);
    let (kind, _) =
        raised(&plain(isolation), Request::new("class Bad:\n    def __repr__(self): return 3\nBad()")).await;
    assert_eq!(kind, "TypeError");
}

/// Long texts are cut and marked as such; markup that would have to be cut is left out.
#[apply(in_both)]
#[tokio::test]
async fn a_huge_value_is_cut(isolation: Isolation) {
    let interpreter = plain(isolation);
    let shown = complete(&interpreter, Request::new("'x' * 10_000_000")).await.result.expect("a result");
    assert_eq!((shown.text.len(), shown.cut), (100 * 1024 + " … [cut]".len(), true));
    let code = "class Thing:\n    def __repr__(self): return 'plain'\n    def _repr_html_(self): return 'x' * 600_000\nThing()";
    let shown = complete(&interpreter, Request::new(code)).await.result.expect("a result");
    assert_eq!((shown.text.as_str(), shown.html, shown.cut), ("plain", None, true));
    let shown = complete(&interpreter, Request::new("'\\ud800'  # X12")).await.result.expect("a result");
    assert_eq!(shown.text, "'\\ud800'");
}

/// X8: tables as text and as HTML, and what pandas and numpy give otherwise.
#[apply(in_both)]
#[tokio::test]
async fn tables_are_text_and_html(isolation: Isolation) {
    let interpreter = settings(isolation).preload(["pandas"]).build().expect("an interpreter");
    let table = "import pandas as pd\ntable = pd.DataFrame({'name': ['Anna', 'Zoë'], 'score': [1.5, None]})\n";
    let show = async |code: &str| complete(&interpreter, Request::new(format!("{table}{code}"))).await.result;
    let shown = show("table").await.expect("a result");
    assert_eq!(shown.text, "   name  score\n0  Anna    1.5\n1   Zoë    NaN");
    let html = shown.html.expect("HTML");
    assert!(html.contains("<table border=\"1\" class=\"dataframe\">") && html.contains("<td>Zoë</td>"), "{html}");
    let shown = show("table['score']").await.expect("a result");
    assert_eq!((shown.text.as_str(), shown.html), ("0    1.5\n1    NaN\nName: score, dtype: float64", None));
    let shown = show("import numpy as np; np.eye(2)").await.expect("a result");
    assert_eq!(shown.text, "array([[1., 0.],\n       [0., 1.]])");
    let shown = show("table.describe()").await.expect("a result");
    assert!(shown.html.is_some() && shown.text.starts_with("       score\ncount    1.0"), "{}", shown.text);
    // However large, a table is shown by its ends.
    let shown = show("pd.DataFrame({'n': range(1_000_000)})").await.expect("a result");
    assert!(shown.text.ends_with("[1000000 rows x 1 columns]") && !shown.cut, "{}", shown.text);
    assert_eq!(show("table;").await, None);
    assert_eq!(show("table = 3").await, None);
}

/// X8: `display()` shows at once, in order, as events and in the outcome.
#[apply(in_both)]
#[tokio::test]
async fn display_shows_values_while_the_code_runs(isolation: Isolation) {
    let interpreter = settings(isolation).preload(["pandas"]).build().expect("an interpreter");
    let code = "
import pandas as pd
display('first', 2)
display(pd.DataFrame({'a': [1]}))
for i in range(2): display(i)
display()
_result = display({'k': 1})
_result";
    let outcome = complete(&interpreter, Request::new(code)).await;
    let texts: Vec<_> = outcome.displays.iter().map(|shown| shown.text.as_str()).collect();
    assert_eq!(texts, ["'first'", "2", "   a\n0  1", "0", "1", "{'k': 1}"]);
    assert!(outcome.displays[2].html.is_some());
    assert_eq!((outcome.result, outcome.stdout.as_str()), (None::<Display>, ""));
}

/// `_` is the value that was shown last, as in a notebook; here that is none before the end.
#[apply(in_both)]
#[tokio::test]
async fn the_underscore_belongs_to_the_code(isolation: Isolation) {
    let interpreter = plain(isolation);
    let outcome = complete(&interpreter, Request::new("_ = 3\nfor _ in range(2): pass\n_")).await;
    assert_eq!(outcome.result.expect("a result").text, "1");
    let (kind, message) = raised(&interpreter, Request::new("_")).await;
    assert_eq!((kind.as_str(), message.as_str()), ("NameError", "name '_' is not defined"));
}

/// X8: `await` wherever a statement or an expression may stand.
#[apply(in_both)]
#[tokio::test]
async fn await_works_at_the_top_in_all_positions(isolation: Isolation) {
    let interpreter = plain(isolation);
    let head = "import asyncio\nasync def soon(value):\n    await asyncio.sleep(0)\n    return value\n";
    let cases = [
        ("await soon(1)", "1"),
        ("x = await soon(2)\nx", "2"),
        ("[await soon(i) for i in range(3)]", "[0, 1, 2]"),
        ("x = 0\nfor i in range(3): x += await soon(i)\nx", "3"),
        ("(await soon(1)) + (await soon(2))", "3"),
        ("f'{await soon(4)}'", "'4'"),
        ("await asyncio.gather(soon(1), soon(2))", "[1, 2]"),
        ("if await soon(True): x = 'yes'\nx", "'yes'"),
        ("async with asyncio.timeout(5): x = await soon(6)\nx", "6"),
        ("async def count():\n    yield 1\n    yield 2\n[x async for x in count()]", "[1, 2]"),
        ("async def count():\n    yield 1\nasync for x in count(): pass\nx", "1"),
        ("task = asyncio.create_task(soon(7)) if await soon(1) else None\nawait task", "7"),
        (
            "try:\n    await asyncio.wait_for(asyncio.sleep(60), 0.01)\nexcept TimeoutError:\n    x = 'late'\nx",
            "'late'",
        ),
        ("asyncio.run(soon(8))", "8"),
    ];
    for (code, expected) in cases {
        let outcome = complete(&interpreter, Request::new(format!("{head}{code}"))).await;
        assert_eq!(outcome.result.expect("a result").text, expected, "{code}");
    }
    let outcome = interpreter.execute(Request::new(format!("{head}await soon(1)\n1 / 0"))).await.expect("an outcome");
    let Ending::Raised(exception) = outcome.ending else { panic!("{:?}", outcome.ending) };
    insta::assert_snapshot!(exception.traceback, @r#"
    Traceback (most recent call last):
      File "main.py", line 6, in <module>
        1 / 0
        ~~^~~
    ZeroDivisionError: division by zero
    "#);
}
