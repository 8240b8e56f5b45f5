//! The JSON document of `taipan run --json`.

use std::{
    borrow::Cow,
    io::{self, BufWriter, Write},
};

use serde::Serialize;

use super::{plan::Bounds, saving::Saved, stored::Ended, summary};
use crate::{Ending, FailedPackage, Outcome, formats::Kind, identifiers::FileId};

/// Everything a run came to; keys and their order are fixed.
#[derive(Serialize)]
struct Document<'a> {
    success: bool,
    output: &'a str,
    stdout: &'a str,
    stderr: &'a str,
    result: Option<&'a str>,
    error: Option<ErrorPart<'a>>,
    ending: &'static str,
    /// Seconds.
    execution_time: f64,
    generated_files: Vec<FilePart<'a>>,
    installed_packages: &'a [String],
    failed_packages: &'a [FailedPackage],
}

#[derive(Serialize)]
struct ErrorPart<'a> {
    kind: &'static str,
    #[serde(rename = "type")]
    type_name: &'a str,
    message: String,
    traceback: &'a str,
}

#[derive(Serialize)]
struct FilePart<'a> {
    filename: &'a str,
    path: Cow<'a, str>,
    #[serde(rename = "type")]
    kind: Kind,
    size: u64,
    sha256: &'a str,
    /// Where the run was a user's and the file was stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    file_id: Option<&'a str>,
}

/// Writes the document and the end of its line.
pub(super) fn print(ended: &Ended, saved: &Saved, bounds: Bounds, out: impl Write) -> io::Result<()> {
    let outcome = &ended.outcome;
    let ids = ended.ids().chain(std::iter::repeat(None));
    let files = outcome.generated_files.iter().zip(&saved.files).zip(ids);
    let document = Document {
        success: outcome.success(),
        output: &outcome.output,
        stdout: &outcome.stdout,
        stderr: &outcome.stderr,
        result: outcome.result.as_ref().map(|value| value.text.as_str()),
        error: error_part(outcome, bounds),
        ending: outcome.ending.name(),
        execution_time: outcome.execution_time.as_secs_f64(),
        generated_files: files
            .map(|((file, at), id)| FilePart {
                filename: &file.name,
                path: at.path.to_string_lossy(),
                kind: file.kind,
                size: file.size,
                sha256: &file.sha256,
                file_id: id.map(FileId::as_str),
            })
            .collect(),
        installed_packages: &outcome.installed_packages,
        failed_packages: &outcome.failed_packages,
    };
    let mut out = BufWriter::new(out);
    // An error of the stream comes back as what it is, such as a closed pipe.
    serde_json::to_writer(&mut out, &document).map_err(io::Error::from)?;
    writeln!(out)?;
    out.flush()
}

/// What went wrong, in the same form however the run ended.
fn error_part(outcome: &Outcome, bounds: Bounds) -> Option<ErrorPart<'_>> {
    let (kind, type_name) = match &outcome.ending {
        Ending::Completed | Ending::Exited(0) => return None,
        Ending::Raised(exception) => {
            return Some(ErrorPart {
                kind: "exception",
                type_name: &exception.type_name,
                message: exception.message.clone(),
                traceback: &exception.traceback,
            });
        }
        Ending::Exited(code) => {
            let message = format!("The code ended with exit code {code}.");
            return Some(ErrorPart { kind: "exit", type_name: "SystemExit", message, traceback: "" });
        }
        Ending::TimedOut => ("timeout", "TimedOut"),
        Ending::OutOfMemory => ("memory", "OutOfMemory"),
        Ending::Killed { .. } => ("killed", "Killed"),
        Ending::Cancelled => ("cancelled", "Cancelled"),
    };
    let message = summary::stopped_sentence(&outcome.ending, bounds);
    Some(ErrorPart { kind, type_name, message, traceback: outcome.stopped_at.as_deref().unwrap_or_default() })
}
