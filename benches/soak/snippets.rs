//! The snippets of the soak, and what a process has in use; shared with the short soak among the tests.

use std::{fmt, fs, path::Path, time::Duration};

use taipan::{Ending, Interpreter, Request};

/// A kind of run, with the ending it must have.
pub(crate) struct Mixed {
    pub(crate) code: &'static str,
    ends: fn(&Ending) -> bool,
    output: &'static str,
}

/// One in this many runs is a costly one.
const RARELY: usize = 50;

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
    let mixed =
        if number.is_multiple_of(RARELY) { &MIXED[cheap + number / RARELY % 3] } else { &MIXED[number % cheap] };
    let mut request = Request::new(mixed.code);
    if mixed.code.starts_with("while") {
        request = request.timeout(Duration::from_millis(20));
    }
    let outcome = interpreter.execute(request).await.expect("it runs");
    assert!((mixed.ends)(&outcome.ending), "{}: {:?}", mixed.code, outcome.ending);
    if !mixed.output.is_empty() {
        assert_eq!(outcome.output, mixed.output, "{}", mixed.code);
    }
}

/// What this process has in use.
pub(crate) struct Footprint {
    resident_kb: u64,
    threads: usize,
    descriptors: usize,
    folders: usize,
}

impl Footprint {
    /// Looks once everything has settled: what is removed behind answers is given a moment.
    pub(crate) fn take(workspaces: &Path) -> Self {
        let mut last = Self::now(workspaces);
        for _ in 0..40 {
            std::thread::sleep(Duration::from_millis(100));
            let now = Self::now(workspaces);
            if now.in_use() == last.in_use() {
                return now;
            }
            last = now;
        }
        last
    }

    fn now(workspaces: &Path) -> Self {
        let status = fs::read_to_string("/proc/self/status").expect("procfs");
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("VmRSS");
        let resident_kb = resident.trim().trim_end_matches(" kB").parse().expect("a number");
        let count = |folder: &Path| fs::read_dir(folder).map_or(0, Iterator::count);
        let roots = fs::read_dir(workspaces).expect("a folder").flatten();
        let folders = roots.map(|root| count(&root.path())).sum();
        let (threads, descriptors) = (count(Path::new("/proc/self/task")), count(Path::new("/proc/self/fd")));
        Self { resident_kb, threads, descriptors, folders }
    }

    fn in_use(&self) -> (usize, usize, usize) {
        (self.threads, self.descriptors, self.folders)
    }

    /// Asserts that no more is in use than before, and memory within so many per cent.
    pub(crate) fn assert_like(&self, before: &Self, per_cent: f64) {
        assert_eq!(self.in_use(), before.in_use(), "threads, descriptors, folders");
        #[expect(clippy::cast_precision_loss, reason = "kilobytes of one process")]
        let growth = (self.resident_kb as f64 / before.resident_kb as f64 - 1.0) * 100.0;
        assert!(growth <= per_cent, "resident memory grew by {growth:.1} %");
    }
}

impl fmt::Display for Footprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { resident_kb, threads, descriptors, folders } = self;
        write!(formatter, "{resident_kb} kB resident, {threads} threads, {descriptors} descriptors, {folders} folders")
    }
}
