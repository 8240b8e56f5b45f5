//! Measures what DESIGN 7 sets budgets for, prints a table for each isolation and writes them to `benches/RESULTS.md`.
//!
//! `cargo bench --bench budgets`. Every case asserts its result before and while it is measured, and has its
//! baseline beside it, taken in the same minute.

#![expect(clippy::expect_used, clippy::panic, reason = "a measurement that cannot be taken says why")]
#![expect(clippy::print_stdout, reason = "a program that prints its results")]
#![expect(clippy::disallowed_methods, reason = "a variable says which part of the work this process does")]

mod cases;
#[expect(dead_code, reason = "the soak looks at other things")]
mod processes;
mod ready;
mod report;
#[path = "../growth/results.rs"]
#[expect(dead_code, reason = "growth is measured by itself")]
mod results;
mod samples;
mod sandboxes;
mod snippets;
mod ways;

use taipan::Isolation;

use crate::{report::Section, ways::Ways};

fn main() {
    taipan::sandbox::init();
    // `cargo test --benches` only asks whether this builds.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    if ready::is_child() {
        return ready::measure_here();
    }
    report::print_and_write(&[in_threads(), in_sandboxes()]);
}

fn in_threads() -> Section {
    let mut report = Section::new("thread");
    ready::add(Isolation::Thread, &mut report);
    let ways = Ways::get();
    cases::latency(ways, &mut report);
    cases::callers(ways, &mut report);
    cases::volume(ways, &ways.interpreter, &mut report);
    cases::queue_growth(ways, &mut report);
    report
}

fn in_sandboxes() -> Section {
    let mut report = Section::new("process");
    ready::add(Isolation::Process, &mut report);
    let ways = Ways::get();
    sandboxes::latency(ways, &mut report);
    sandboxes::heavier(ways, &mut report);
    sandboxes::bystander(ways, &mut report);
    sandboxes::after_a_kill(ways, &mut report);
    cases::volume(ways, &ways.sandboxed, &mut report);
    sandboxes::with_base_packages(ways, &mut report);
    report
}
