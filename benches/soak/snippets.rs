//! The snippets of the soak.

use std::time::Duration;

use taipan::{Ending, Interpreter, Isolation, Request};

/// A kind of run, with the ending it must have.
pub(crate) struct Mixed {
    pub(crate) code: &'static str,
    ends: fn(&Ending) -> bool,
    output: &'static str,
}

/// One in this many runs is a costly one.
const RARELY: usize = 50;
/// Owners whose sessions go on between runs.
pub(crate) const OWNERS: [&str; 3] = ["one", "two", "three"];

fn completed(ending: &Ending) -> bool {
    matches!(ending, Ending::Completed)
}

/// The kinds, the cheap ones first; the last three are run rarely.
pub(crate) const MIXED: &[Mixed] = &[
    Mixed { code: "print(1)", ends: completed, output: "1\n" },
    Mixed { code: "sum(range(1000))", ends: completed, output: "" },
    Mixed { code: "1 / 0", ends: |ending| matches!(ending, Ending::Raised(_)), output: "" },
    Mixed { code: "import sys; sys.exit(3)", ends: |ending| *ending == Ending::Exited(3), output: "" },
    Mixed { code: "open('a.txt', 'w').write('x')", ends: completed, output: "" },
    Mixed {
        code: "class A:\n    def f(self): return self\na = A(); a.me = a; print(a.f() is a)",
        ends: completed,
        output: "True\n",
    },
    Mixed { code: "import random; random.seed(1); print(random.randint(0, 9))", ends: completed, output: "2\n" },
    Mixed { code: "import os; os.environ['A'] = 'b'; print(os.environ['A'])", ends: completed, output: "b\n" },
    Mixed {
        code: "import logging; logging.basicConfig(); logging.getLogger('x').warning('w')",
        ends: completed,
        output: "WARNING:x:w\n",
    },
    Mixed {
        code: "import threading\nt = threading.Thread(target=print, args=('t',)); t.start(); t.join()",
        ends: completed,
        output: "t\n",
    },
    Mixed { code: "open('m.py', 'w').write('X = 1'); import m; print(m.X)", ends: completed, output: "1\n" },
    Mixed { code: "import asyncio\nawait asyncio.sleep(0); print('a')", ends: completed, output: "a\n" },
    Mixed {
        code: "import pandas as pd; print(pd.DataFrame({'a': [1, 2]})['a'].sum())",
        ends: completed,
        output: "3\n",
    },
    Mixed {
        code: "import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.savefig('a.png', dpi=20)",
        ends: completed,
        output: "",
    },
    Mixed { code: "while True: pass", ends: |ending| *ending == Ending::TimedOut, output: "" },
    Mixed { code: "print('x' * 300_000)", ends: completed, output: "" },
];

/// What only sandboxes survive, and what only they can do: all are run as often as the cheap ones.
const IN_SANDBOXES: &[Mixed] = &[
    Mixed {
        code: "import os, signal; print('k', flush=True); os.kill(os.getpid(), signal.SIGKILL)",
        ends: |ending| *ending == Ending::Killed { signal: 9 },
        output: "k\n",
    },
    Mixed { code: "import os; os._exit(0)", ends: |ending| matches!(ending, Ending::Killed { .. }), output: "" },
    Mixed {
        code: "import ctypes; ctypes.string_at(0)",
        ends: |ending| matches!(ending, Ending::Killed { .. }),
        output: "",
    },
    Mixed { code: "while True: sum(range(10**12))", ends: |ending| *ending == Ending::TimedOut, output: "" },
    Mixed { code: SESSION, ends: completed, output: "True\n" },
    Mixed { code: SESSION, ends: completed, output: "True\n" },
];
const SESSION: &str = "runs = globals().get('runs', 0) + 1\nopen(f'{runs}.txt', 'w').write('x'); print(runs > 0)";

/// Runs `count` of them, four at a time, and checks each.
pub(crate) async fn run_mixed(interpreter: &Interpreter, from: usize, count: usize) {
    let next = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(from));
    let callers: Vec<_> = (0..4)
        .map(|_| {
            let (interpreter, next) = (interpreter.clone(), std::sync::Arc::clone(&next));
            tokio::spawn(async move {
                loop {
                    let number = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    if number >= from + count {
                        return;
                    }
                    run_one(&interpreter, number).await;
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.expect("a caller");
    }
}

/// Lets every worker draw something: Matplotlib keeps fonts open for each thread that did, and a worker that has
/// just replaced another has not yet.
pub(crate) async fn open_fonts(interpreter: &Interpreter) {
    let plot = MIXED.iter().find(|mixed| mixed.code.contains("plt.plot")).expect("a plot");
    for _ in 0..4 {
        let runs: Vec<_> = (0..4)
            .map(|_| {
                let interpreter = interpreter.clone();
                tokio::spawn(async move { interpreter.execute(Request::new(plot.code)).await.expect("it runs") })
            })
            .collect();
        for run in runs {
            assert_eq!(run.await.expect("a run").ending, Ending::Completed);
        }
    }
}

async fn run_one(interpreter: &Interpreter, number: usize) {
    let cheap = MIXED.len() - 3;
    let is_in_sandbox = interpreter.status().isolation == Isolation::Process;
    let mixed = if number.is_multiple_of(RARELY) {
        &MIXED[cheap + number / RARELY % 3]
    } else if is_in_sandbox && number.is_multiple_of(2) {
        &IN_SANDBOXES[number / 2 % IN_SANDBOXES.len()]
    } else {
        &MIXED[number % cheap]
    };
    let mut request = Request::new(mixed.code);
    if mixed.code.starts_with("while") {
        request = request.timeout(Duration::from_millis(20));
    }
    if mixed.code == SESSION {
        request = request.owner(OWNERS[number % OWNERS.len()]).in_session();
    }
    let outcome = interpreter.execute(request).await.expect("it runs");
    assert!((mixed.ends)(&outcome.ending), "{}: {:?}", mixed.code, outcome.ending);
    if !mixed.output.is_empty() {
        assert_eq!(outcome.output, mixed.output, "{}", mixed.code);
    }
}
