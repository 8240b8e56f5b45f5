//! What odd or hostile code leaves at its end reaches neither its answer nor the next run (X9, X11, X14).

use std::time::Duration;

use taipan::{Ending, Interpreter, Isolation, Outcome, Request};

use crate::{
    interpreters::{apply, in_both, plain},
    own_process::{async_in_own_process, case_of},
};

async fn run(interpreter: &Interpreter, code: &str) -> Outcome {
    interpreter.execute(Request::new(code)).await.expect("an outcome")
}

/// X14: a folder on `sys.path` that is named from the run's own is looked for in each run's own.
#[apply(in_both)]
#[tokio::test]
async fn a_relative_place_on_the_path_is_each_runs_own(isolation: Isolation) {
    let interpreter = plain(isolation);
    let code = |value| {
        format!(
            "import os, sys\nos.mkdir('lib')\nopen('lib/my_part.py', 'w').write('VALUE = {value}')\n\
             sys.path.insert(0, 'lib')\nimport my_part\nprint(my_part.VALUE)"
        )
    };
    // The first outcome is kept, and with it the folder that the second run must not look into.
    let first = run(&interpreter, &code(1)).await;
    let second = run(&interpreter, &code(2)).await;
    assert_eq!((first.output.as_str(), second.output.as_str()), ("1\n", "2\n"));
}

/// X11: a destructor that does not end is stopped like any other code, and the worker goes on with others.
#[apply(in_both)]
#[tokio::test]
async fn a_destructor_that_does_not_end_ends_at_the_limit(isolation: Isolation) {
    let interpreter = plain(isolation);
    let code = "class Endless:\n    def __del__(self):\n        while True: pass\nendless = Endless()";
    let request = Request::new(code).timeout(Duration::from_millis(300));
    assert_eq!(interpreter.execute(request).await.expect("an outcome").ending, Ending::TimedOut);
    assert_eq!(run(&interpreter, "print('on')").await.output, "on\n");
}

/// X14: a class is put back each time, also where it is patched right after it was put back.
#[apply(in_both)]
#[test]
fn a_class_that_is_patched_again_and_again_is_put_back_each_time(isolation: Isolation) {
    let test = case_of(
        "interpreter::running::leftovers::a_class_that_is_patched_again_and_again_is_put_back_each_time",
        isolation,
    );
    async_in_own_process(&test, async {
        let interpreter = plain(isolation);
        for _ in 0..3 {
            run(&interpreter, "import json; json.JSONEncoder.encode = lambda *_: 'patched'").await;
            assert_eq!(
                run(&interpreter, "import json; print(json.dumps([1], indent=0).split())").await.output,
                "['[', '1', ']']\n"
            );
            assert_eq!(run(&interpreter, "import json; print(json.JSONEncoder().encode(1))").await.output, "1\n");
        }
    });
}

/// X14: values that cannot be compared keep nothing from being put back.
#[apply(in_both)]
#[test]
fn a_value_that_refuses_to_be_compared_is_put_back(isolation: Isolation) {
    let test = case_of("interpreter::running::leftovers::a_value_that_refuses_to_be_compared_is_put_back", isolation);
    async_in_own_process(&test, async {
        let interpreter = plain(isolation);
        let code = "
class Odd:
    def __eq__(self, other): raise ValueError('no')
    __hash__ = None
import gc, math, os
math.pi = Odd()
os.sep = Odd()
gc.callbacks.append(Odd())";
        assert_eq!(run(&interpreter, code).await.ending, Ending::Completed);
        let look = "import gc, math, os; print(math.pi, os.sep, gc.callbacks)";
        assert_eq!(run(&interpreter, look).await.output, "3.141592653589793 / []\n");
    });
}

/// X9: a stream of the code's own that cannot be flushed does not change how the run ended.
#[apply(in_both)]
#[tokio::test]
async fn a_stream_that_fails_to_flush_changes_nothing(isolation: Isolation) {
    let code = "
import io
class Failing(io.StringIO):
    def flush(self): raise RuntimeError('no')
stream = Failing()
print('done')";
    let outcome = run(&plain(isolation), code).await;
    assert_eq!((outcome.ending, outcome.output.as_str()), (Ending::Completed, "done\n"));
}

/// X9: archives and files that the code did not close are whole, as at the end of a program.
#[apply(in_both)]
#[tokio::test]
async fn an_archive_that_was_not_closed_is_whole(isolation: Isolation) {
    let code = "import zipfile\narchive = zipfile.ZipFile('a.zip', 'w')\narchive.writestr('x.txt', 'hello')";
    let outcome = run(&plain(isolation), code).await;
    let bytes = outcome.generated_files[0].read().expect("the file");
    // "End of central directory", which only closing writes.
    assert!(bytes.windows(4).any(|part| part == b"PK\x05\x06"));
}

/// X11: waiting for a program is stopped, and the program with it. Isolation `process` starts no programs.
#[tokio::test]
async fn a_program_that_is_waited_for_ends_with_its_run() {
    let interpreter = plain(Isolation::Thread);
    let code =
        "import subprocess\nchild = subprocess.Popen(['sleep', '1000'])\nprint(child.pid, flush=True)\nchild.wait()";
    let request = Request::new(code).timeout(Duration::from_millis(500));
    let outcome = interpreter.execute(request).await.expect("an outcome");
    assert_eq!(outcome.ending, Ending::TimedOut);
    assert_eq!(outcome.notes, ["The program 'sleep' was still running when the code ended, and was ended."]);
    let gone = format!("import os; print(os.path.exists('/proc/{}'))", outcome.output.trim());
    assert_eq!(run(&interpreter, &gone).await.output, "False\n");
}

/// A program left running is ended and named. Isolation `process` starts no programs.
#[tokio::test]
async fn a_program_left_running_is_ended_and_named() {
    let outcome =
        run(&plain(Isolation::Thread), "import subprocess\nchild = subprocess.Popen(['sleep', '1000'])").await;
    assert_eq!(outcome.ending, Ending::Completed);
    assert_eq!(outcome.notes, ["The program 'sleep' was still running when the code ended, and was ended."]);
}
