//! What the model is told of a run: enough to go on, and never more than is bounded (A3).
//!
//! What the model has to remember about runs stands here, where it reads it at the right moment, rather than in a
//! longer prompt.

use std::fmt::Write as _;

use super::excerpt;
use crate::{
    executions::{Answer, AnsweredFile, Keeping},
    interpreter::{Display, FailedPackage, Omitted},
};

/// How much is shown of the beginning and of the end of each text, in bytes. Errors stand at the end.
const STDOUT: (usize, usize) = (4_000, 2_000);
const STDERR: (usize, usize) = (500, 1_500);
const VALUE: (usize, usize) = (3_000, 500);
const TRACEBACK: (usize, usize) = (500, 2_500);
const MESSAGE: (usize, usize) = (1_000, 200);
/// How many values that were shown with `display()`, and how much of each.
const DISPLAYS: usize = 5;
const DISPLAYED: (usize, usize) = (1_000, 200);
/// How many files, packages and notes are named.
const MOST_NAMED: usize = 20;
/// The longest name, reason or note, in bytes.
const LONGEST_NAME: usize = 300;

const NO_STATE: &str = "reminder: the next run starts anew, without the variables and imports of this one.";
const STATE: &str = "reminder: variables, imports and files are there in the next run.";
const FILES_ARE_SENT: &str = "reminder: the user gets these files by themselves; later code loads them by these ids.";

/// What the model is told of a run.
pub(in crate::chat) fn told(answer: &Answer, in_session: bool, remark: Option<&str>) -> String {
    let outcome = &answer.outcome;
    let mut told = Told(format!("status: {}\n", outcome.ending.name().replace('_', " ")));
    told.text("stdout", &outcome.stdout, STDOUT);
    told.text("stderr", &outcome.stderr, STDERR);
    for display in outcome.displays.iter().take(DISPLAYS) {
        told.display("displayed", display, DISPLAYED);
    }
    if let Some(value) = &outcome.result {
        told.display("value of the last expression", value, VALUE);
    }
    if let Some(error) = &answer.error {
        let message = format!("{}: {}", error.type_name, error.message);
        told.text("error", &message, MESSAGE);
        told.text("traceback", &error.traceback, TRACEBACK);
    }
    told.files(&answer.generated_files);
    told.list("packages installed", outcome.installed_packages.iter().cloned());
    told.list("packages that could not be installed", outcome.failed_packages.iter().map(failed));
    told.list("left out", left_out(&outcome.omitted, outcome.displays.len()).into_iter());
    let notes = outcome.notes.iter().map(String::as_str).chain(remark).map(str::to_owned);
    told.list("notes", notes);
    told.line(if in_session { STATE } else { NO_STATE });
    told.0.trim_end().to_owned()
}

/// A text that grows section by section.
struct Told(String);

impl Told {
    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    fn text(&mut self, title: &str, text: &str, (head, tail): (usize, usize)) {
        if !text.trim().is_empty() {
            let shown = excerpt(text.trim_end(), head, tail).text;
            self.line(&format!("{title}:\n{shown}"));
        }
    }

    fn display(&mut self, title: &str, display: &Display, limits: (usize, usize)) {
        self.text(title, &display.text, limits);
        if display.cut {
            self.line("[The value was longer than is shown.]");
        }
    }

    fn list(&mut self, title: &str, entries: impl Iterator<Item = String>) {
        let entries: Vec<_> = entries.collect();
        if entries.is_empty() {
            return;
        }
        self.line(&format!("{title}:"));
        for entry in entries.iter().take(MOST_NAMED) {
            self.line(&format!("- {}", short(entry)));
        }
        if entries.len() > MOST_NAMED {
            self.line(&format!("- and {} more", entries.len() - MOST_NAMED));
        }
    }

    fn files(&mut self, files: &[AnsweredFile]) {
        self.list("files", files.iter().map(file));
        if !files.is_empty() {
            self.line(FILES_ARE_SENT);
        }
    }
}

fn file(answered: &AnsweredFile) -> String {
    let file = &answered.file;
    let described = format!("{:?} ({}, {} bytes)", short(&file.name), file.file_type, file.size);
    match &answered.keeping {
        Keeping::Stored(record) => format!("{described}, id {}", record.file_id),
        Keeping::NotStored { reason } => format!("{described}, not kept: {reason}"),
    }
}

fn failed(package: &FailedPackage) -> String {
    format!("{}: {}", package.name, package.reason)
}

fn left_out(omitted: &Omitted, displays: usize) -> Vec<String> {
    let mut left_out = Vec::new();
    let mut count = |number: u64, what: &str| {
        if number > 0 {
            left_out.push(format!("{number} {what}"));
        }
    };
    count(omitted.output_in_file, "bytes of output, which are in output.txt");
    count(omitted.output_dropped, "bytes of output, which are lost");
    count(omitted.displays + displays.saturating_sub(DISPLAYS) as u64, "displayed values");
    count(omitted.more_files, "more files");
    left_out.extend(omitted.files.iter().map(|file| {
        let mut entry = String::new();
        // Writing to a string cannot fail.
        let _ = write!(entry, "the file {:?} ({} bytes): {}", short(&file.name), file.size, file.reason);
        entry
    }));
    left_out
}

fn short(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    let end = text.floor_char_boundary(LONGEST_NAME);
    if end < text.len() { format!("{}…", &text[..end]) } else { text }
}
