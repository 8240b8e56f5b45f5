//! What a user's run came to.

use crate::{
    catalog::FileRecord,
    identifiers::FileId,
    interpreter::{Ending, GeneratedFile, Outcome},
};

/// What a user's run came to (X1), for every edge alike.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Answer {
    /// What the run is called in the journal.
    pub run_id: String,
    /// Output, values, packages, times, and what was cut. Its files can be read while this lives.
    pub outcome: Outcome,
    /// Why the code did not run to its end; `None` where it did.
    pub error: Option<RunError>,
    /// What the code made or changed, and what became of it.
    pub generated_files: Vec<AnsweredFile>,
    /// The ids of those that were stored.
    pub generated_file_ids: Vec<FileId>,
}

/// Why code did not run to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunError {
    /// `exception`, `timeout`, `memory`, `killed`, `cancelled` or `exit`.
    pub kind: &'static str,
    /// The exception's class, or the ending's name.
    pub type_name: String,
    /// What happened, as a text.
    pub message: String,
    /// Where in the code; empty where that is not known.
    pub traceback: String,
}

/// A file that a run generated.
#[derive(Clone, Debug, PartialEq)]
pub struct AnsweredFile {
    /// The file, whose bytes can be read while the answer lives.
    pub file: GeneratedFile,
    /// Whether it is one of the user's files now.
    pub keeping: Keeping,
}

/// What became of a generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// It is one of the user's files.
    Stored(Box<FileRecord>),
    /// It is delivered with the answer and then gone.
    NotStored {
        /// Why, in one sentence.
        reason: String,
    },
}

impl AnsweredFile {
    /// Its record, if it was stored.
    #[must_use]
    pub fn record(&self) -> Option<&FileRecord> {
        match &self.keeping {
            Keeping::Stored(record) => Some(record),
            Keeping::NotStored { .. } => None,
        }
    }
}

impl Answer {
    pub(super) fn new(run_id: String, outcome: Outcome, generated_files: Vec<AnsweredFile>) -> Self {
        let records = generated_files.iter().filter_map(AnsweredFile::record);
        let generated_file_ids = records.map(|record| record.file_id.clone()).collect();
        let error = RunError::of(&outcome);
        Self { run_id, outcome, error, generated_files, generated_file_ids }
    }
}

impl RunError {
    fn of(outcome: &Outcome) -> Option<Self> {
        let error = |kind, type_name: &str, message: String| {
            let traceback = outcome.stopped_at.clone().unwrap_or_default();
            Some(Self { kind, type_name: type_name.to_owned(), message, traceback })
        };
        match &outcome.ending {
            Ending::Completed | Ending::Exited(0) => None,
            Ending::Raised(exception) => Some(Self {
                kind: "exception",
                type_name: exception.type_name.clone(),
                message: exception.message.clone(),
                traceback: exception.traceback.clone(),
            }),
            Ending::Exited(code) => error("exit", "SystemExit", format!("The code ended with exit code {code}.")),
            Ending::TimedOut => error("timeout", "TimedOut", "The code was stopped at its time limit.".to_owned()),
            Ending::OutOfMemory => {
                error("memory", "OutOfMemory", "The code was stopped at its memory limit.".to_owned())
            }
            Ending::Killed { signal: 0 } => error("killed", "Killed", "The code ended its own process.".to_owned()),
            Ending::Killed { signal } => {
                error("killed", "Killed", format!("The process of the code was ended by signal {signal}."))
            }
            Ending::Cancelled => error("cancelled", "Cancelled", "The run was cancelled.".to_owned()),
        }
    }
}
