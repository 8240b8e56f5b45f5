//! `sys.stdin`, `sys.stdout` and `sys.stderr` of a run, and what code puts in their places.

use taipan::{Ending, Isolation, Request};

use super::{State, printed};
use crate::interpreters::{apply, complete, in_both, plain, raised};

#[apply(in_both)]
#[tokio::test]
async fn redirected_streams_are_kept_apart(isolation: Isolation) {
    let state = State {
        change: "import io, sys; kept, sys.stdout = sys.stdout, io.StringIO()",
        other: "import io, sys; kept, sys.stdout = sys.stdout, open('out.txt', 'w')",
        look: "import sys; print('told'); print(type(sys.stdout).__name__, file=sys.__stdout__)",
        shown: ["told\nOutputStream", "StringIO", "TextIOWrapper"],
    };
    state.is_kept_apart(isolation).await;
}

#[apply(in_both)]
#[tokio::test]
async fn a_redirection_in_a_with_statement_holds_for_its_own_run(isolation: Isolation) {
    let state = State {
        change: "import contextlib, io; text = io.StringIO(); context = contextlib.redirect_stdout(text); \
                 context.__enter__(); print('caught'); context.__exit__(None, None, None)",
        other: "import contextlib, io, sys; text = io.StringIO()\nwith contextlib.redirect_stderr(text): \
                print('caught too', file=sys.stderr)",
        look: "print(repr(text.getvalue()) if 'text' in globals() else 'nothing')",
        shown: ["nothing", r"'caught\n'", r"'caught too\n'"],
    };
    state.is_kept_apart(isolation).await;
}

/// What stands in a stream's place often passes things on to the stream it replaced.
#[apply(in_both)]
#[tokio::test]
async fn a_stream_that_writes_to_the_one_it_replaced_works(isolation: Isolation) {
    let code = "import sys\nclass Loud:\n    def __init__(self, stream): self.stream = stream\n    \
                def write(self, text): return self.stream.write(text.upper())\n    def flush(self): self.stream.flush()\n\
                kept = sys.stdout\nsys.stdout = Loud(sys.stdout)\nprint('told', flush=True)\n\
                print('plain', file=sys.__stdout__)\nsys.stdout = kept\nprint('again')";
    assert_eq!(printed(&plain(isolation), code).await, "TOLD\nplain\nagain\n");
}

#[apply(in_both)]
#[tokio::test]
async fn a_file_left_in_the_place_of_a_stream_is_complete(isolation: Isolation) {
    let interpreter = plain(isolation);
    let outcome =
        complete(&interpreter, Request::new("import sys\nsys.stdout = open('log.txt', 'w')\nprint('kept')")).await;
    assert_eq!(outcome.output, "");
    assert_eq!(outcome.generated_files[0].read().expect("a file"), b"kept\n");
    assert_eq!(printed(&interpreter, "print('told')").await, "told\n");
}

#[apply(in_both)]
#[tokio::test]
async fn what_is_read_is_kept_apart(isolation: Isolation) {
    let state = State {
        change: "import io, sys; sys.stdin = io.StringIO('one\\nrest')",
        other: "import io, sys; sys.stdin = io.StringIO('two\\nrest')",
        look: "try: print(input())\nexcept EOFError as error: print(str(error)[:27])",
        shown: ["This run was given no input", "one", "two"],
    };
    state.is_kept_apart(isolation).await;
}

/// X12
#[apply(in_both)]
#[tokio::test]
async fn input_is_read_by_line_as_bytes_and_to_its_end(isolation: Isolation) {
    let interpreter = plain(isolation);
    let code = "import sys\nprint(input('Name? '), input())\nprint(repr(sys.stdin.readline()))\n\
                print(sys.stdin.buffer.read(2), [line for line in sys.stdin], repr(sys.stdin.read()))";
    let outcome = complete(&interpreter, Request::new(code).stdin("Ada\nZoë\nthree\n")).await;
    assert_eq!(outcome.output, "Name? Ada Zoë\n'three\\n'\nb'' [] ''\n");
    let bytes = "import sys\nprint(sys.stdin.buffer.readline(), sys.stdin.buffer.readline(), sys.stdin.isatty())";
    let outcome = complete(&interpreter, Request::new(bytes).stdin("a\nö")).await;
    assert_eq!(outcome.output, "b'a\\n' b'\\xc3\\xb6' False\n");
    let lines = "import fileinput\nprint([line.strip() for line in fileinput.input()])";
    assert_eq!(complete(&interpreter, Request::new(lines).stdin("a\nb")).await.output, "['a', 'b']\n");
}

/// X12
#[apply(in_both)]
#[tokio::test]
async fn without_input_the_error_says_how_to_give_it(isolation: Isolation) {
    let interpreter = plain(isolation);
    let message = "This run was given no input. Give it with --stdin on the command line, as stdin in a request, \
                   or write the value into the code.";
    let error = raised(&interpreter, Request::new("input('Name? ')")).await;
    assert_eq!(error, ("EOFError".to_owned(), message.to_owned()));
    let code = "import sys; print(repr(sys.stdin.read()), list(sys.stdin), sys.stdin.buffer.read())";
    assert_eq!(printed(&interpreter, code).await, "'' [] b''\n");
    let error = raised(&interpreter, Request::new("input(); input()").stdin("one line")).await;
    assert_eq!(error, ("EOFError".to_owned(), "EOF when reading a line".to_owned()));
}

#[apply(in_both)]
#[tokio::test]
async fn input_of_one_run_is_not_left_to_the_next(isolation: Isolation) {
    let interpreter = plain(isolation);
    let code = "import sys\nprint(input())";
    assert_eq!(complete(&interpreter, Request::new(code).stdin("a\nb\n")).await.output, "a\n");
    assert_eq!(complete(&interpreter, Request::new(code).stdin("c\n")).await.output, "c\n");
    let outcome = interpreter.execute(Request::new(code)).await.expect("an outcome");
    assert!(matches!(outcome.ending, Ending::Raised(_)));
}
