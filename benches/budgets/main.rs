//! Measures what DESIGN 7 sets budgets for, prints a table and writes it to `benches/RESULTS.md`.
//!
//! `cargo bench --bench budgets`. Every case asserts its result before and while it is measured, and has its
//! baseline beside it, taken in the same minute.

#![expect(clippy::expect_used, clippy::panic, reason = "a measurement that cannot be taken says why")]
#![expect(clippy::print_stdout, reason = "a program that prints its results")]
#![expect(clippy::disallowed_methods, reason = "a variable says which part of the work this process does")]

mod cases;
mod ready;
mod report;
mod samples;
mod snippets;
mod ways;

use crate::{report::Report, ways::Ways};

fn main() {
    // `cargo test --benches` only asks whether this builds.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    if ready::is_child() {
        return ready::measure_here();
    }
    let mut report = Report::default();
    ready::add(&mut report);
    let ways = Ways::get();
    cases::latency(ways, &mut report);
    cases::callers(ways, &mut report);
    cases::volume(ways, &mut report);
    cases::queue_growth(ways, &mut report);
    report.print_and_write();
}
