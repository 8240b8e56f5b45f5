//! What is said on standard error after a run.

use std::{io::stderr, path::Path};

use console::{measure_text_width, style};

use super::{
    plan::Bounds,
    saving::{Place, Saved},
};
use crate::{
    Ending, GeneratedFile, Outcome,
    cli::terminal::harmless,
    formats::measures::{ByteSize, Seconds, counted},
};

/// More files than this are counted, not listed.
const MAX_LISTED: usize = 100;
/// Sizes stand below each other as long as names are not longer than this.
const NAME_COLUMN: usize = 40;

/// How the run ended, where that is worth a word: the traceback, or the sentence about what stopped it.
pub(super) fn ending(outcome: &Outcome, bounds: Bounds) -> Vec<String> {
    let text = match &outcome.ending {
        Ending::Completed | Ending::Exited(_) => return Vec::new(),
        Ending::Raised(exception) => exception.traceback.trim_end().to_owned(),
        stopped => stopped_sentence(stopped, bounds),
    };
    let place = outcome.stopped_at.iter().map(|place| place.trim_end().to_owned());
    let as_error = |text: String| style(harmless(&stderr(), &text)).for_stderr().red().to_string();
    std::iter::once(text).chain(place).map(as_error).collect()
}

/// What stopped the run, in a sentence; empty when it ended by itself.
pub(super) fn stopped_sentence(ending: &Ending, bounds: Bounds) -> String {
    let what = match ending {
        Ending::Completed | Ending::Raised(_) | Ending::Exited(_) => return String::new(),
        Ending::TimedOut => format!("The code was stopped at its time limit of {}.", Seconds(bounds.time)),
        Ending::OutOfMemory => format!("The code was stopped at its memory limit of {}.", bounds.memory),
        Ending::Killed { signal: 0 } => "The process of the code ended before the code did.".to_owned(),
        Ending::Killed { signal } => match signal_name(*signal) {
            Some(name) => format!("The process of the code was killed by signal {signal} ({name})."),
            None => format!("The process of the code was killed by signal {signal}."),
        },
        Ending::Cancelled => "The run was cancelled.".to_owned(),
    };
    format!("{what} Output and files until then are kept.")
}

/// `SIGSEGV` for 11.
fn signal_name(signal: i32) -> Option<&'static str> {
    signal_hook::low_level::signal_name(signal)
}

/// What else came of the run: packages, files, what was left out, notes.
pub(super) fn aftermath(outcome: &Outcome, saved: &Saved) -> Vec<String> {
    let mut lines = packages(outcome);
    lines.extend(files(&outcome.generated_files, saved));
    lines.extend(left_out(outcome, saved));
    // Names are the code's.
    lines.into_iter().map(|line| harmless(&stderr(), &line).into_owned()).collect()
}

/// What was cut, left out, or could not be saved as asked, and the run's own notes.
pub(super) fn left_out(outcome: &Outcome, saved: &Saved) -> Vec<String> {
    let omitted = &outcome.omitted;
    let mut lines: Vec<String> = saved.problems.iter().map(|problem| format!("⚠️ {problem}")).collect();
    if omitted.output_in_file > 0 {
        lines.push(format!("✂️ {} more of output are in output.txt.", ByteSize(omitted.output_in_file)));
    }
    if omitted.output_dropped > 0 {
        lines.push(format!("✂️ {} of output beyond that were dropped.", ByteSize(omitted.output_dropped)));
    }
    if omitted.displays > 0 {
        lines.push(format!("✂️ {} more displayed values were not shown.", omitted.displays));
    }
    for file in &omitted.files {
        lines.push(format!("⚠️ {} ({}) was not kept: {}", file.name, ByteSize(file.size), file.reason));
    }
    if omitted.more_files > 0 {
        lines.push(format!("⚠️ {} more files were not kept.", omitted.more_files));
    }
    lines.extend(outcome.notes.iter().map(|note| format!("ℹ️ {note}")));
    lines
}

fn packages(outcome: &Outcome) -> Vec<String> {
    let mut lines = Vec::new();
    if !outcome.installed_packages.is_empty() {
        lines.push(format!("📦 Installed: {}", outcome.installed_packages.join(", ")));
    }
    for failed in &outcome.failed_packages {
        lines.push(format!("⚠️ {} could not be installed: {}", failed.name, failed.reason));
    }
    lines
}

/// The files that were saved where they should be, with emoji and size. The others have sentences of their own.
fn files(generated: &[GeneratedFile], saved: &Saved) -> Vec<String> {
    let mut here = generated.iter().zip(&saved.files).filter(|(_, at)| at.place != Place::Elsewhere).peekable();
    let Some((_, first)) = here.peek() else { return Vec::new() };
    let folder = folder_of(&first.path, &first.name);
    let listed: Vec<_> = here.by_ref().take(MAX_LISTED).collect();
    let more = here.count();
    let width = listed.iter().map(|(file, _)| measure_text_width(&file.name)).max().unwrap_or(0).min(NAME_COLUMN);

    let mut lines = vec![format!("📎 {} in {}:", counted(listed.len() + more, "file"), folder.display())];
    for (file, at) in listed {
        let name = &file.name;
        let gap = " ".repeat(width.saturating_sub(measure_text_width(name)));
        let replaced = if at.place == Place::Replaced { " (replaced)" } else { "" };
        lines.push(format!("  {} {name}{gap}  {}{replaced}", file.kind.emoji(), ByteSize(file.size)));
    }
    if more > 0 {
        lines.push(format!("  … and {more} more"));
    }
    lines
}

/// The folder in which `path` has the relative name `name`.
fn folder_of<'a>(path: &'a Path, name: &str) -> &'a Path {
    path.ancestors().nth(Path::new(name).components().count()).unwrap_or(path)
}
