//! Code that ends its process ends a sandbox and nothing else (X9, X14, and the table of isolations in DESIGN 3).
//!
//! Isolation `process` alone: in isolation `thread` such code ends the program.

use taipan::{Ending, Isolation, Request};

use crate::interpreters::{complete, plain};

/// Ways to end a process, each with the signal that the outcome tells.
const ENDS: &[(&str, i32)] = &[
    ("import ctypes; ctypes.string_at(0)", libc::SIGSEGV),
    ("import os; os.abort()", libc::SIGABRT),
    ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", libc::SIGKILL),
    ("import signal; signal.raise_signal(signal.SIGTERM)", libc::SIGTERM),
];

/// X9: what was printed and written before is kept, and the next run has a sandbox of its own.
#[tokio::test]
async fn a_crash_is_an_outcome() {
    let interpreter = plain(Isolation::Process);
    for (end, signal) in ENDS {
        let code = format!("open('made.txt', 'w').write('kept')\nprint('begun')\n{end}\nprint('never')");
        let outcome = interpreter.execute(Request::new(code)).await.expect("an outcome");
        assert_eq!((outcome.ending, outcome.output.as_str()), (Ending::Killed { signal: *signal }, "begun\n"), "{end}");
        assert_eq!(outcome.generated_files[0].read().expect("a file"), b"kept", "{end}");
        assert_eq!(complete(&interpreter, Request::new("print('on')")).await.output, "on\n", "{end}");
    }
}

/// X9: `os._exit` leaves out all that belongs to an end; 0 is no success either.
#[tokio::test]
async fn an_exit_past_python_is_no_success() {
    let interpreter = plain(Isolation::Process);
    for code in [0, 3] {
        let request = Request::new(format!("import os\nprint('begun')\nos._exit({code})"));
        let outcome = interpreter.execute(request).await.expect("an outcome");
        assert_eq!(outcome.ending, Ending::Killed { signal: 0 });
        assert_eq!((outcome.success(), outcome.output.as_str()), (false, "begun\n"));
        assert_eq!(outcome.notes, ["The code ended its process by itself: nothing after that was run."]);
        assert_eq!(complete(&interpreter, Request::new("print('on')")).await.output, "on\n");
    }
}

/// X9: nothing of what was printed is lost, however much it is and however little before the crash.
#[tokio::test]
async fn everything_that_was_printed_before_a_crash_is_kept() {
    let interpreter = plain(Isolation::Process);
    let code = "import os, sys\nfor n in range(3000): print(n)\nprint('error', file=sys.stderr)\n\
                sys.stdout.write('last'); os.abort()";
    let printed = (0..3000).map(|number| number.to_string() + "\n").collect::<Vec<_>>().concat();
    for _ in 0..5 {
        let outcome = interpreter.execute(Request::new(code)).await.expect("an outcome");
        assert_eq!(outcome.ending, Ending::Killed { signal: libc::SIGABRT });
        assert_eq!(outcome.output, format!("{printed}error\nlast"));
    }
}
