//! What a run came to, as clients read it (X1).

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    executions::{Answer, AnsweredFile, Keeping, RunError},
    http::files::content_url,
    interpreter::{Display, Omitted},
};

/// What a run came to.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ExecutionAnswer {
    execution_id: String,
    /// Whether the code ran to its end.
    success: bool,
    /// Standard output and error as they came.
    output: String,
    stdout: String,
    stderr: String,
    /// The value of the last expression, as a notebook shows it.
    result: Option<ShownValue>,
    /// Values that the code showed with `display()`.
    displays: Vec<ShownValue>,
    /// Why the code did not run to its end.
    error: Option<ErrorOfRun>,
    /// `completed`, `raised`, `exited`, `timed_out`, `out_of_memory`, `killed` or `cancelled`.
    ending: &'static str,
    generated_files: Vec<GeneratedFileDocument>,
    /// The ids of those that were stored.
    generated_file_ids: Vec<String>,
    installed_packages: Vec<String>,
    failed_packages: Vec<FailedPackageDocument>,
    /// How many seconds the code ran, without queueing and installing.
    execution_time: f64,
    /// What was cut or left out because of a limit.
    omitted: OmittedDocument,
    /// Sentences about what else happened.
    notes: Vec<String>,
}

/// A value as it is shown to people.
#[derive(Debug, Serialize, ToSchema)]
struct ShownValue {
    text: String,
    /// As the code wrote it: show it in a sandbox only.
    html: Option<String>,
    markdown: Option<String>,
    /// Whether something was cut because it was too long.
    cut: bool,
}

/// Why code did not run to its end.
#[derive(Debug, Serialize, ToSchema)]
struct ErrorOfRun {
    /// `exception`, `timeout`, `memory`, `killed`, `cancelled` or `exit`.
    kind: &'static str,
    /// The exception's class, or the ending's name.
    r#type: String,
    message: String,
    /// With the line in the code.
    traceback: String,
}

/// A file that the code made or changed.
#[derive(Debug, Serialize, ToSchema)]
struct GeneratedFileDocument {
    filename: String,
    /// Its kind: `data`, `image`, `text` …
    r#type: &'static str,
    /// Its size in bytes.
    size: u64,
    /// Without one it was not stored.
    file_id: Option<String>,
    /// Where its content is.
    url: Option<String>,
    /// Why it was not stored.
    reason: Option<String>,
}

/// A package that could not be installed.
#[derive(Debug, Serialize, ToSchema)]
struct FailedPackageDocument {
    name: String,
    reason: String,
}

/// What limits took away from a run.
#[derive(Debug, Serialize, ToSchema)]
struct OmittedDocument {
    /// Bytes of output that are in the generated file `output.txt`.
    output_in_file: u64,
    /// Bytes of output that were dropped.
    output_dropped: u64,
    /// Calls of `display()` that were left out.
    displays: u64,
    files: Vec<OmittedFileDocument>,
    /// Files that were left out and are not named.
    more_files: u64,
}

/// A file that was left out.
#[derive(Debug, Serialize, ToSchema)]
struct OmittedFileDocument {
    name: String,
    size: u64,
    reason: String,
}

impl From<&Answer> for ExecutionAnswer {
    fn from(answer: &Answer) -> Self {
        let outcome = &answer.outcome;
        let failed = outcome.failed_packages.iter();
        Self {
            execution_id: answer.run_id.clone(),
            success: outcome.success(),
            output: outcome.output.clone(),
            stdout: outcome.stdout.clone(),
            stderr: outcome.stderr.clone(),
            result: outcome.result.as_ref().map(ShownValue::from),
            displays: outcome.displays.iter().map(ShownValue::from).collect(),
            error: answer.error.as_ref().map(ErrorOfRun::from),
            ending: outcome.ending.name(),
            generated_files: answer.generated_files.iter().map(GeneratedFileDocument::from).collect(),
            generated_file_ids: answer.generated_file_ids.iter().map(ToString::to_string).collect(),
            installed_packages: outcome.installed_packages.clone(),
            failed_packages: failed
                .map(|failed| FailedPackageDocument { name: failed.name.clone(), reason: failed.reason.clone() })
                .collect(),
            execution_time: outcome.execution_time.as_secs_f64(),
            omitted: OmittedDocument::from(&outcome.omitted),
            notes: outcome.notes.clone(),
        }
    }
}

impl From<&Display> for ShownValue {
    fn from(value: &Display) -> Self {
        let value = value.clone();
        Self { text: value.text, html: value.html, markdown: value.markdown, cut: value.cut }
    }
}

impl From<&RunError> for ErrorOfRun {
    fn from(error: &RunError) -> Self {
        let RunError { kind, type_name, message, traceback } = error.clone();
        Self { kind, r#type: type_name, message, traceback }
    }
}

impl From<&AnsweredFile> for GeneratedFileDocument {
    fn from(answered: &AnsweredFile) -> Self {
        let (file_id, reason) = match &answered.keeping {
            Keeping::Stored(record) => (Some(record.file_id.to_string()), None),
            Keeping::NotStored { reason } => (None, Some(reason.clone())),
        };
        Self {
            filename: answered.file.name.clone(),
            r#type: answered.file.kind.name(),
            size: answered.file.size,
            url: file_id.as_deref().map(content_url),
            file_id,
            reason,
        }
    }
}

impl From<&Omitted> for OmittedDocument {
    fn from(omitted: &Omitted) -> Self {
        let files = omitted.files.iter();
        Self {
            output_in_file: omitted.output_in_file,
            output_dropped: omitted.output_dropped,
            displays: omitted.displays,
            files: files
                .map(|file| OmittedFileDocument {
                    name: file.name.clone(),
                    size: file.size,
                    reason: file.reason.clone(),
                })
                .collect(),
            more_files: omitted.more_files,
        }
    }
}
