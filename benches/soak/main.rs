//! 200,000 runs of mixed snippets, and a twentieth as many in sandboxes, after which nothing is left behind:
//! `make soak`.
//!
//! Measures after the first tenth and at the end: resident memory within 5 %, the same number of threads,
//! descriptors and temporary folders; of the processes below also their number, their descriptors and mounts, and the
//! zygote's memory. `SOAK_RUNS` changes the number of runs, `SOAK_ISOLATION` chooses `thread` or `process`; `make
//! soak-short` does 5,000.

#![expect(clippy::expect_used, reason = "a measurement that cannot be taken says why")]
#![expect(clippy::print_stdout, reason = "a program that prints its results")]
#![expect(clippy::disallowed_methods, reason = "variables say how long to go on, and where; tasks are joined")]

mod footprint;
#[path = "../budgets/processes.rs"]
#[expect(dead_code, reason = "the budgets look at other things")]
mod processes;
mod snippets;

use std::time::{Duration, Instant};

use taipan::{Interpreter, Isolation};
use tokio::runtime::Runtime;

use crate::{
    footprint::Footprint,
    snippets::{MIXED, OWNERS, open_fonts, run_mixed},
};

/// A full soak: shorter ones end before allocators and caches have settled.
const FULL: usize = 200_000;
/// What memory may grow by, in per cent, while they settle.
const WARMING_UP: f64 = 15.0;
/// A run in a sandbox takes so many times longer.
const IN_SANDBOX: usize = 20;
const WORKERS: usize = 2;
/// So many sandboxes are kept ready for each worker at most.
const READY: usize = 4;

fn main() {
    taipan::sandbox::init();
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let runs: usize = std::env::var("SOAK_RUNS").ok().and_then(|text| text.parse().ok()).unwrap_or(FULL);
    let only = std::env::var("SOAK_ISOLATION").ok();
    let growth = if runs < FULL { WARMING_UP } else { 5.0 };
    for (isolation, runs) in [(Isolation::Thread, runs), (Isolation::Process, runs / IN_SANDBOX)] {
        if only.as_ref().is_none_or(|only| only == isolation.name()) {
            soak(isolation, runs, growth);
        }
    }
    println!("nothing was left behind");
}

fn soak(isolation: Isolation, runs: usize, growth: f64) {
    let parent = tempfile::tempdir().expect("a folder");
    let interpreter = Interpreter::builder()
        .workers(WORKERS)
        .isolation(isolation)
        .preload(["numpy", "pandas", "matplotlib.pyplot"])
        .workspace_folder(parent.path())
        .build()
        .expect("the environment is there (`make venv`)");
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let start = Instant::now();
    let tenth = runs / 10;
    let mut early = None;
    for part in 0..10 {
        runtime.block_on(run_mixed(&interpreter, part * tenth, tenth));
        match isolation {
            Isolation::Thread => runtime.block_on(open_fonts(&interpreter)),
            Isolation::Process => have_all_ready(&runtime, &interpreter),
        }
        let footprint = Footprint::take(parent.path());
        println!("{:>7} runs  {footprint}  {:.0} s", (part + 1) * tenth, start.elapsed().as_secs_f64());
        early.get_or_insert(footprint);
    }
    let early = early.expect("ten parts");
    let late = Footprint::take(parent.path());
    println!("{} kinds of snippet, {runs} runs, isolation `{}`", MIXED.len(), isolation.name());
    println!("after the first tenth: {early}\nat the end:            {late}");
    late.assert_like(&early, growth);
}

/// Ends the sessions, and has as many sandboxes made ready as there may be, so that numbers can be compared.
fn have_all_ready(runtime: &Runtime, interpreter: &Interpreter) {
    for owner in OWNERS {
        interpreter.end_session(Some(owner));
    }
    for _ in 0..100 {
        std::thread::sleep(Duration::from_millis(300));
        if interpreter.status().sandboxes_ready == WORKERS * READY {
            return;
        }
        // Each run that finds no sandbox has one more kept ready.
        let hurry = async { tokio::join!(hurried(interpreter), hurried(interpreter), hurried(interpreter)) };
        runtime.block_on(hurry);
    }
}

async fn hurried(interpreter: &Interpreter) {
    for _ in 0..8 {
        let outcome = interpreter.execute(taipan::Request::new("")).await.expect("it runs");
        assert!(outcome.success(), "{:?}", outcome.ending);
    }
}
