//! Following a run, and what became of the files it was given.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::Stream;

use super::{inputs::GivenFile, reads::Reads};
use crate::{
    catalog::{FileRecord, Source},
    identifiers::FileId,
    interpreter::{CancelHandle, Event, InterpreterError, Outcome, Run},
};

/// A run of the interpreter with files of a user.
#[derive(Debug)]
pub(super) struct Followed {
    run: Run,
    given: Vec<GivenFile>,
    reads: Reads,
}

/// What became of the files that a run was given.
#[derive(Clone, Debug, Default)]
pub(super) struct Traces {
    /// Those it has read.
    pub(super) read: Vec<FileId>,
    /// Those of earlier runs that it made once more just as they were: to the interpreter nothing has changed, to whoever
    /// runs the same code again they are what it makes (H7).
    pub(super) made_again: Vec<FileRecord>,
}

impl Followed {
    pub(super) fn new(run: Run, given: Vec<GivenFile>, reads: Reads) -> Self {
        Self { run, given, reads }
    }

    pub(super) fn cancel_handle(&self) -> CancelHandle {
        self.run.cancel_handle()
    }

    pub(super) fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Option<Event>> {
        Pin::new(&mut self.run).poll_next(context)
    }

    /// Waits for the end of the code. Events that nobody took are dropped.
    pub(super) async fn ended(self) -> Result<(Outcome, Traces), InterpreterError> {
        let outcome = self.run.outcome().await?;
        // What people sent is theirs, also where the code opened it for writing.
        let is_made_again = |record: &FileRecord| {
            record.source == Source::Generated && outcome.made_again.iter().any(|id| id == record.file_id.as_str())
        };
        let made_again = self.given.into_iter().map(|file| file.record).filter(is_made_again).collect();
        Ok((outcome, Traces { read: self.reads.finish(), made_again }))
    }
}
