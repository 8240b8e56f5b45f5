//! Text that cannot be encoded, bytes that are no text, and lines of several threads (X12).

use taipan::{Isolation, Request};

use super::printed;
use crate::interpreters::{apply, complete, in_both, plain, raised};

#[apply(in_both)]
#[tokio::test]
async fn a_lone_surrogate_is_shown_escaped_wherever_it_is_shown(isolation: Isolation) {
    let interpreter = plain(isolation);
    let code = r"import sys
print('a\ud800b')
sys.stderr.write('\udfff\n')
display('c\ud801')
class Shown:
    def __repr__(self): return '\ud802'
    def _repr_html_(self): return '<b>\ud803</b>'
Shown()";
    let outcome = complete(&interpreter, Request::new(code)).await;
    assert_eq!(outcome.stdout, "a\\ud800b\n");
    assert_eq!(outcome.stderr, "\\udfff\n");
    assert_eq!(outcome.displays[0].text, "'c\\ud801'");
    let result = outcome.result.expect("a result");
    assert_eq!((result.text.as_str(), result.html.as_deref()), ("\\ud802", Some("<b>\\ud803</b>")));
    let (kind, message) = raised(&interpreter, Request::new(r"raise ValueError('\ud804 is odd')")).await;
    assert_eq!((kind.as_str(), message.as_str()), ("ValueError", "\\ud804 is odd"));
    let outcome = interpreter.execute(Request::new(r"import sys; sys.exit('\ud805')")).await.expect("an outcome");
    assert_eq!(outcome.stderr, "\\ud805\n");
}

#[apply(in_both)]
#[tokio::test]
async fn bytes_that_are_no_text_are_shown_escaped(isolation: Isolation) {
    let code = r"import sys
out = sys.stdout.buffer
out.write(b'a\xffb\n')
out.write(b'\xc3'); out.write(b'\xb6\n')
out.write(b'\xe2\x82')
out.write(b'x\n')
out.write(memoryview(bytearray(b'view\n')))
print(out.write('äö\n'.encode()))
out.flush()
out.write(b'\xf0\x9f')";
    assert_eq!(printed(&plain(isolation), code).await, "a\\xffb\nö\n\\xe2\\x82x\nview\näö\n5\n\\xf0\\x9f");
}

#[apply(in_both)]
#[tokio::test]
async fn lines_of_threads_stay_whole(isolation: Isolation) {
    let code = "import sys, threading\ndef write(name):\n    for _ in range(200):\n        \
                sys.stdout.write(name * 5); sys.stdout.write(name * 5 + '\\n')\n\
                threads = [threading.Thread(target=write, args=(name,)) for name in 'abcd']\n\
                [thread.start() for thread in threads]\n[thread.join() for thread in threads]\nNone";
    let output = printed(&plain(isolation), code).await;
    let mut lines: Vec<_> = output.lines().collect();
    lines.sort_unstable();
    let expected: Vec<_> = ["a", "b", "c", "d"].iter().flat_map(|name| vec![name.repeat(10); 200]).collect();
    assert_eq!(lines, expected);
}

#[apply(in_both)]
#[tokio::test]
async fn odd_texts_pass_through_unchanged(isolation: Isolation) {
    let interpreter = plain(isolation);
    let code = "import sys\nprint(sys.argv[1:], repr(input()), sep='\\n')";
    let request = Request::new(code).args(["", "a b", "\u{1f40d}", "-x=\"1\""]).stdin("tab\there \u{0}nul\r\nsecond");
    let outcome = complete(&interpreter, request).await;
    assert_eq!(outcome.output, "['', 'a b', '\u{1f40d}', '-x=\"1\"']\n'tab\\there \\x00nul'\n");
}
