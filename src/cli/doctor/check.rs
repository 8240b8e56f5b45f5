//! What was looked at and found, and how it is printed.

use std::io::{self, Write};

use console::{measure_text_width, style};

/// Details stand below each other as long as names are not longer than this.
const NAME_COLUMN: usize = 24;

/// Checks that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Section {
    /// What they are about.
    pub(super) title: &'static str,
    /// The checks, in the order in which they are shown.
    pub(super) checks: Vec<Check>,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Check {
    /// Whether it is as it should be.
    pub(super) mark: Mark,
    /// What was looked at.
    pub(super) name: String,
    /// What was found, and what to do about it.
    pub(super) detail: String,
}

/// Whether something is as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// It is there.
    Good,
    /// It is needed and not there.
    Missing,
    /// It could be better, but nothing depends on it.
    Weak,
    /// It is neither good nor bad.
    Note,
}

impl Check {
    pub(super) fn good(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { mark: Mark::Good, name: name.into(), detail: detail.into() }
    }

    pub(super) fn missing(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { mark: Mark::Missing, name: name.into(), detail: detail.into() }
    }

    pub(super) fn weak(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { mark: Mark::Weak, name: name.into(), detail: detail.into() }
    }

    pub(super) fn note(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { mark: Mark::Note, name: name.into(), detail: detail.into() }
    }

    fn line(&self, width: usize) -> String {
        let mark = match self.mark {
            Mark::Good => style("✓").green(),
            Mark::Missing => style("✗").red().bold(),
            Mark::Weak => style("!").yellow(),
            Mark::Note => style("·").dim(),
        };
        let gap = " ".repeat(width.saturating_sub(measure_text_width(&self.name)));
        // Reasons of several lines, such as Python's, stay one row of the table.
        let detail = self.detail.split_whitespace().collect::<Vec<_>>().join(" ");
        format!("  {mark} {}{gap}  {detail}", self.name).trim_end().to_owned()
    }
}

/// Prints all sections and what they come to on standard output. When nobody reads them, the exit code still tells.
pub(super) fn print(sections: &[Section], verdict: &str) {
    let checks = sections.iter().flat_map(|section| &section.checks);
    let width = checks.map(|check| measure_text_width(&check.name)).max().unwrap_or(0).min(NAME_COLUMN);
    let mut text = format!("{} {}\n", style("Taipan").bold(), env!("CARGO_PKG_VERSION"));
    for section in sections {
        text += &["\n", &style(section.title).bold().to_string(), "\n"].concat();
        for check in &section.checks {
            text += &[&check.line(width), "\n"].concat();
        }
    }
    text += &["\n", verdict, "\n"].concat();
    let _nobody_reads = io::stdout().lock().write_all(text.as_bytes());
}
