//! How long one run takes, beside the same code in bare PyO3 and in a new `python` process.
//!
//! `cargo bench --bench latency`. The figures that are compared with the budgets are taken by `--bench budgets`.

#![expect(clippy::expect_used, reason = "a measurement that cannot be taken says why")]

#[path = "budgets/snippets.rs"]
mod snippets;
#[path = "budgets/ways.rs"]
mod ways;

use divan::Bencher;
use taipan::Interpreter;

use crate::{
    snippets::Snippet,
    ways::{Ways, run_once},
};

const SNIPPETS: [Snippet; 4] = [snippets::PRINT, snippets::GROUP_BY, snippets::DESCRIBE, snippets::PLOT];

fn main() {
    taipan::sandbox::init();
    divan::main();
}

/// Through the interpreter, from an async caller, isolation `thread`.
#[divan::bench(args = SNIPPETS)]
fn taipan_thread(bencher: Bencher<'_, '_>, snippet: &Snippet) {
    let ways = Ways::get();
    run(ways, &ways.interpreter, snippet);
    bencher.bench_local(|| run(ways, &ways.interpreter, snippet));
}

/// The same in a fresh sandbox each time, as soon as there is one.
#[divan::bench(args = SNIPPETS)]
fn taipan_process(bencher: Bencher<'_, '_>, snippet: &Snippet) {
    let ways = Ways::get();
    run(ways, &ways.sandboxed, snippet);
    bencher.bench_local(|| run(ways, &ways.sandboxed, snippet));
}

/// One run through the interpreter, from a task of the async runtime.
fn run(ways: &Ways, interpreter: &Interpreter, snippet: &Snippet) {
    let interpreter = interpreter.clone();
    let snippet = *snippet;
    let task = ways.runtime.spawn(async move { run_once(&interpreter, snippet.request(), &snippet).await });
    ways.runtime.block_on(task).expect("the run's task");
}

/// Compiled and executed by bare PyO3 in this process, warm.
#[divan::bench(args = SNIPPETS)]
fn bare_pyo3(bencher: Bencher<'_, '_>, snippet: &Snippet) {
    let ways = Ways::get();
    ways.bare(snippet);
    bencher.bench_local(|| ways.bare(snippet));
}

/// A new `python` process for each run.
#[divan::bench(args = SNIPPETS, sample_count = 5, sample_size = 1)]
fn new_process(bencher: Bencher<'_, '_>, snippet: &Snippet) {
    let ways = Ways::get();
    bencher.bench_local(|| ways.process(snippet));
}
