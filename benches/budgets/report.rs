//! The tables that `make bench` ends with.

use std::{fmt::Write as _, fs, time::Duration};

use crate::{
    results,
    samples::{Samples, micros},
    ways::Ways,
};

/// Whether a budget is kept.
#[derive(Clone, Copy)]
pub(crate) enum Verdict {
    /// Also the stretch goal is reached.
    Stretch,
    /// The budget is kept.
    Kept,
    /// It is not.
    Missed,
}

impl Verdict {
    pub(crate) fn of(measured: Duration, must: Duration, stretch: Duration) -> Self {
        Self::of_number(measured.as_secs_f64(), must.as_secs_f64(), stretch.as_secs_f64())
    }

    pub(crate) fn of_number(measured: f64, must: f64, stretch: f64) -> Self {
        if measured <= stretch {
            Self::Stretch
        } else if measured <= must {
            Self::Kept
        } else {
            Self::Missed
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Stretch => "kept, stretch reached",
            Self::Kept => "kept",
            Self::Missed => "**missed**",
        }
    }
}

/// What was measured of one isolation, in the order in which it was.
pub(crate) struct Section {
    isolation: &'static str,
    budgets: String,
    figures: String,
    ratios: String,
}

impl Section {
    pub(crate) fn new(isolation: &'static str) -> Self {
        Self { isolation, budgets: String::new(), figures: String::new(), ratios: String::new() }
    }

    /// A budget of DESIGN 7: what must be, with the stretch goal in brackets, and what is.
    pub(crate) fn budget(&mut self, name: &str, goal: &str, measured: &str, verdict: Verdict) {
        eprintln!("{name}: {measured} ({goal}) {}", verdict.words());
        writeln!(self.budgets, "| {name} | {goal} | {measured} | {} |", verdict.words()).expect("a string");
    }

    /// A budget for how many times longer something takes than its baseline.
    pub(crate) fn at_most(&mut self, name: &str, measured: f64, must: f64, stretch: f64) {
        let verdict = Verdict::of_number(measured, must, stretch);
        self.budget(name, &format!("{must} × ({stretch} ×)"), &format!("{measured:.2} ×"), verdict);
    }

    /// A budget for how many times more something must be than its baseline.
    pub(crate) fn at_least(&mut self, name: &str, unit: &str, measured: f64, must: f64, stretch: f64) {
        let verdict = Verdict::of_number(-measured, -must, -stretch);
        self.budget(name, &format!("{must}{unit} ({stretch}{unit})"), &format!("{measured:.0}{unit}"), verdict);
    }

    /// A time that was measured.
    pub(crate) fn figure(&mut self, name: &str, samples: &Samples) {
        let (median, p99) = (micros(samples.median()), micros(samples.p99()));
        eprintln!("{name}: p50 {median:.0} µs, p99 {p99:.0} µs");
        writeln!(self.figures, "| {name} | {median:.0} | {p99:.0} |").expect("a string");
    }

    /// A number that follows from others.
    pub(crate) fn ratio(&mut self, name: &str, value: &str) {
        eprintln!("{name}: {value}");
        writeln!(self.ratios, "| {name} | {value} |").expect("a string");
    }

    fn text(&self) -> String {
        let Self { isolation, budgets, ratios, figures } = self;
        format!(
            "## Isolation `{isolation}`\n\n### Budgets\n\n| what | must (stretch) | measured | |\n|---|---|---|---|\n\
             {budgets}\n### Ratios and rates\n\n| what | value |\n|---|---|\n{ratios}\n### Times, in µs\n\n\
             | what | p50 | p99 |\n|---|---|---|\n{figures}"
        )
    }
}

/// Prints what was measured and writes it beside this file.
pub(crate) fn print_and_write(sections: &[Section]) {
    let tables: Vec<_> = sections.iter().map(Section::text).collect();
    let text = format!(
        "# Results\n\nWritten by `make bench` ({}).\nMachines are shared and noisy: compare the ratios, not the \
         times.\n\n{}{}",
        machine(),
        tables.join("\n"),
        results::kept(),
    );
    println!("{text}");
    fs::write(results::place(), text).expect("RESULTS.md can be written");
}

/// The machine the figures were taken on.
fn machine() -> String {
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processor.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown processor");
    let model = model.trim_start_matches([' ', '\t', ':']);
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let day = chrono::Utc::now().format("%Y-%m-%d");
    let python = Ways::get().interpreter.status().python_version;
    format!("{day}, {cores} × {model}, Linux {}, Python {python}", kernel.trim())
}
