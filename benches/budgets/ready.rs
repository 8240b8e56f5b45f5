//! How long it takes until the first run can start: measured in processes of their own, since one has one Python.

use std::{
    env,
    process::Command,
    time::{Duration, Instant},
};

use taipan::{Interpreter, Isolation};

use crate::report::{Section, Verdict};

/// Set in the child to what it is to make warm.
const CHILD: &str = "TAIPAN_BENCH_PRELOAD";
/// Set in the child where code is to run in sandboxes.
const IN_SANDBOXES: &str = "TAIPAN_BENCH_IN_SANDBOXES";
/// The base packages of X7.
pub(crate) const BASE: &str =
    "numpy,pandas,scipy,scipy.stats,sklearn,matplotlib.pyplot,seaborn,PIL.Image,pyarrow,openpyxl";

/// Whether this process is one that measures a start.
pub(crate) fn is_child() -> bool {
    env::var_os(CHILD).is_some()
}

/// Starts an interpreter and prints the microseconds it took.
pub(crate) fn measure_here() {
    let modules = env::var(CHILD).unwrap_or_default();
    let modules: Vec<&str> = modules.split(',').filter(|module| !module.is_empty()).collect();
    let isolation = if env::var_os(IN_SANDBOXES).is_some() { Isolation::Process } else { Isolation::Thread };
    let start = Instant::now();
    let interpreter = Interpreter::builder().workers(2).isolation(isolation).preload(modules).build();
    let taken = start.elapsed();
    drop(interpreter.expect("the environment is there"));
    println!("{}", taken.as_micros());
}

/// Adds both starts to the report.
pub(crate) fn add(isolation: Isolation, report: &mut Section) {
    let plain = start_with("", isolation);
    let base = start_with(BASE, isolation);
    for (name, taken, most, stretch, words) in [
        ("ready for the first run", plain, 1_500, 500, "1.5 s (0.5 s)"),
        ("ready with all base packages warm", base, 6_000, 4_000, "6 s (4 s)"),
    ] {
        let verdict = Verdict::of(taken, Duration::from_millis(most), Duration::from_millis(stretch));
        report.budget(name, words, &format!("{:.2} s", taken.as_secs_f64()), verdict);
    }
}

/// The median of three starts, each in a new process.
fn start_with(modules: &str, isolation: Isolation) -> Duration {
    let mut times: Vec<u64> = (0..3)
        .map(|_| {
            let program = env::current_exe().expect("this program");
            let mut command = Command::new(program);
            command.env(CHILD, modules);
            if isolation == Isolation::Process {
                command.env(IN_SANDBOXES, "1");
            }
            let output = command.output().expect("it starts");
            let text = String::from_utf8_lossy(&output.stdout);
            text.trim().parse().unwrap_or_else(|_| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)))
        })
        .collect();
    times.sort_unstable();
    Duration::from_micros(times[1])
}
