//! 200,000 runs of mixed snippets, after which nothing is left behind: `make soak`.
//!
//! Measures after the first tenth and at the end: resident memory within 5 %, the same number of threads,
//! descriptors and temporary folders. `SOAK_RUNS` changes the number of runs; `make soak-short` does 5,000.

#![expect(clippy::expect_used, reason = "a measurement that cannot be taken says why")]
#![expect(clippy::print_stdout, reason = "a program that prints its results")]
#![expect(clippy::disallowed_methods, reason = "a variable says how long to go on; tasks are joined")]

mod snippets;

use std::time::Instant;

use crate::snippets::{Footprint, MIXED, open_fonts, run_mixed};

/// A full soak: shorter ones end before allocators and caches have settled.
const FULL: usize = 200_000;
/// What memory may grow by, in per cent, while they settle.
const WARMING_UP: f64 = 15.0;

fn main() {
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let runs: usize = std::env::var("SOAK_RUNS").ok().and_then(|text| text.parse().ok()).unwrap_or(FULL);
    let parent = tempfile::tempdir().expect("a folder");
    let interpreter = taipan::Interpreter::builder()
        .workers(2)
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
        runtime.block_on(open_fonts(&interpreter));
        let footprint = Footprint::take(parent.path());
        println!("{:>7} runs  {footprint}  {:.0} s", (part + 1) * tenth, start.elapsed().as_secs_f64());
        early.get_or_insert(footprint);
    }
    let early = early.expect("ten parts");
    let late = Footprint::take(parent.path());
    println!("{} kinds of snippet, {runs} runs", MIXED.len());
    println!("after the first tenth: {early}\nat the end:            {late}");
    late.assert_like(&early, if runs < FULL { WARMING_UP } else { 5.0 });
    println!("nothing was left behind");
}
