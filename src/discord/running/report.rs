//! What is said of a run that has ended (U4).

use std::time::Duration;

use crate::{
    catalog::FileRecord,
    discord::text::{
        escaping::{code, fenced, one_line, plain},
        times,
    },
    executions::{Answer, AnsweredFile, Keeping, RunError},
};

/// The longest output that is shown in the message, in characters.
pub(in crate::discord) const LONGEST_SHOWN: usize = 1900;
/// How much of a traceback is shown, in characters: its end, where the error is.
const LONGEST_TRACEBACK: usize = 1200;
/// How much of an error's message is shown on the first line, in characters.
const LONGEST_MESSAGE: usize = 300;
/// How many lines name files.
const MOST_NAMED: usize = 25;

/// What is said of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::discord) struct Report {
    /// Everything up to the files.
    pub(in crate::discord) text: String,
    /// The output, where it is sent as `output.txt`.
    pub(in crate::discord) output_file: Option<String>,
    /// What is said last, below the files.
    pub(in crate::discord) last: String,
    /// Everything it printed and showed.
    pub(in crate::discord) output: String,
}

/// What is said of a run, where files live so long.
pub(in crate::discord) fn made(answer: &Answer, life: Option<Duration>) -> Report {
    let output = output(answer);
    let (mut blocks, mut output_file) = (vec![headline(answer)], None);
    if let Some(error) = &answer.error
        && !error.traceback.is_empty()
    {
        blocks.push(fenced(&end_of(&error.traceback, LONGEST_TRACEBACK), ""));
    }
    if output.chars().count() > LONGEST_SHOWN {
        blocks.push("📄 Output:".to_owned());
        output_file = Some(output.clone());
    } else if !output.is_empty() {
        blocks.push(fenced(&output, ""));
    }
    blocks.extend(remarks(answer));
    blocks.extend(generated(&answer.generated_files, life));
    Report { text: blocks.join("\n"), output_file, last: last(answer), output }
}

/// What is said of the files that were made; nothing where there are none.
pub(in crate::discord) fn generated(files: &[AnsweredFile], life: Option<Duration>) -> Option<String> {
    if files.is_empty() {
        return None;
    }
    let mut lines = vec![format!("📎 **Generated {} file(s):**", files.len())];
    lines.extend(files.iter().take(MOST_NAMED).map(line));
    if files.len() > MOST_NAMED {
        lines.push(format!("• and {} more", files.len() - MOST_NAMED));
    }
    if let Some(stored) = files.iter().find_map(AnsweredFile::record) {
        lines.push(stored_until(stored, life));
    }
    for file in files.iter().take(MOST_NAMED) {
        if let Keeping::NotStored { reason } = &file.keeping {
            lines.push(format!("⚠️ {} is not stored: {}", code(&file.file.name), plain(reason, 200)));
        }
    }
    Some(lines.join("\n"))
}

fn line(file: &AnsweredFile) -> String {
    let file = &file.file;
    #[expect(clippy::cast_precision_loss, reason = "one decimal of a size needs no more than 52 bits")]
    let kb = file.size as f64 / 1024.0;
    format!("• {} ({}, {kb:.1} KB)", plain(&file.name, 100), file.kind)
}

fn stored_until(record: &FileRecord, life: Option<Duration>) -> String {
    match (record.expires_at, life) {
        (Some(end), Some(life)) => {
            format!("💾 Files available for {} hours (expires {})", times::hours(life), times::relative(end))
        }
        _ => "♾️ Files are stored permanently".to_owned(),
    }
}

fn headline(answer: &Answer) -> String {
    match &answer.error {
        None => "✅ Execution succeeded!".to_owned(),
        Some(RunError { type_name, message, .. }) => {
            let message = one_line(message, LONGEST_MESSAGE).replace("```", "ˋˋˋ");
            format!("❌ Error: {type_name}: {message}")
        }
    }
}

/// Everything the code printed, showed, and came to.
fn output(answer: &Answer) -> String {
    let outcome = &answer.outcome;
    let mut output = outcome.output.clone();
    for display in outcome.displays.iter().chain(&outcome.result) {
        if !output.is_empty() && !output.ends_with('\n') {
            output.push('\n');
        }
        output.push_str(&display.text);
    }
    if output.trim().is_empty() { String::new() } else { output }
}

/// What limits took away, and what else happened.
fn remarks(answer: &Answer) -> Vec<String> {
    let omitted = &answer.outcome.omitted;
    let mut remarks = Vec::new();
    if omitted.output_dropped > 0 {
        remarks.push(format!("✂️ {} more bytes of output were dropped.", omitted.output_dropped));
    }
    for file in omitted.files.iter().take(MOST_NAMED) {
        remarks.push(format!("⚠️ {}: {}", code(&one_line(&file.name, 100)), plain(&file.reason, 200)));
    }
    if omitted.more_files > 0 {
        remarks.push(format!("⚠️ {} more files were not kept.", omitted.more_files));
    }
    for package in answer.outcome.failed_packages.iter().take(MOST_NAMED) {
        remarks.push(format!("📦 {} was not installed: {}", code(&package.name), plain(&package.reason, 300)));
    }
    remarks.extend(answer.outcome.notes.iter().take(5).map(|note| format!("ℹ️ {}", plain(note, 300))));
    remarks
}

fn last(answer: &Answer) -> String {
    let mut last = format!("⏱️ Executed in {}s", times::seconds(answer.outcome.execution_time));
    if !answer.outcome.installed_packages.is_empty() {
        last.push_str("\n📦 Auto-installed: ");
        last.push_str(&plain(&answer.outcome.installed_packages.join(", "), 300));
    }
    last
}

/// The end of a text, on whole lines where it is cut.
fn end_of(text: &str, longest: usize) -> String {
    let text = text.trim_end();
    let Some((at, _)) = text.char_indices().rev().nth(longest) else { return text.to_owned() };
    let end = &text[at..];
    let whole = end.find('\n').map_or(end, |line| &end[line + 1..]);
    format!("…\n{whole}")
}
