//! From what a run left to its outcome, and the sending of it.

use std::time::Duration;

use tokio::sync::oneshot;

use super::super::{
    Ending, Outcome,
    active_run::{ActiveRun, Answer},
    python::{CodeEnd, StopReason},
    workspace::{Collection, CollectionLimits, Workspace},
};

/// Gathers everything the run produced.
pub(super) fn conclude(run: &ActiveRun, end: CodeEnd, workspace: &Workspace, limits: &CollectionLimits) -> Outcome {
    run.recording.settle();
    let collection = workspace.collect(limits);
    conclude_with(run, end, collection)
}

/// The same with files that were collected already.
pub(super) fn conclude_with(run: &ActiveRun, end: CodeEnd, collection: Collection) -> Outcome {
    let (ending, result, stopped_at) = read_end(run, end);
    let shown = |text| run.recording.without_folder(text);
    let mut outcome = outcome(run, ending, collection);
    if let Ending::Raised(exception) = &mut outcome.ending {
        for text in [&mut exception.message, &mut exception.traceback] {
            *text = shown(std::mem::take(text));
        }
    }
    outcome.result = result.map(|result| result.map_texts(shown));
    outcome.stopped_at = stopped_at.map(shown);
    outcome
}

fn read_end(run: &ActiveRun, end: CodeEnd) -> (Ending, Option<super::super::Display>, Option<String>) {
    let stop = run.stop.requested().map(|reason| match reason {
        StopReason::Cancelled => Ending::Cancelled,
        StopReason::TimedOut => Ending::TimedOut,
    });
    match (stop, end) {
        (None, CodeEnd::Completed(result)) => (Ending::Completed, result, None),
        (None, CodeEnd::Raised(exception)) => (Ending::Raised(exception), None, None),
        (None, CodeEnd::Exited(code)) => (Ending::Exited(code), None, None),
        // Nobody asked: the code raised the exception that stops code by itself.
        (None, CodeEnd::Stopped(place)) => (Ending::Cancelled, None, place),
        (None, CodeEnd::Killed(signal)) => (Ending::Killed { signal }, None, None),
        (_, CodeEnd::OutOfMemory) => (Ending::OutOfMemory, None, None),
        (Some(ending), CodeEnd::Completed(result)) => (ending, result, None),
        (Some(ending), CodeEnd::Stopped(place)) => (ending, None, place),
        (Some(ending), CodeEnd::Raised(exception)) => (ending, None, Some(exception.traceback)),
        (Some(ending), CodeEnd::Exited(_) | CodeEnd::Killed(_)) => (ending, None, None),
    }
}

fn outcome(run: &ActiveRun, ending: Ending, collection: Collection) -> Outcome {
    let recorded = run.recording.finish();
    let mut omitted = recorded.omitted;
    omitted.files = collection.omitted;
    omitted.more_files = collection.more_omitted;
    let mut notes = recorded.notes;
    notes.extend(collection.notes);
    let notes = notes.into_iter().map(|note| run.recording.without_folder(note)).collect();
    Outcome {
        ending,
        output: recorded.output,
        stdout: recorded.stdout,
        stderr: recorded.stderr,
        result: None,
        displays: recorded.displays,
        generated_files: collection.files,
        made_again: collection.made_again,
        installed_packages: recorded.installed,
        failed_packages: recorded.failed,
        stopped_at: None,
        execution_time: run.clock.elapsed(),
        omitted,
        notes,
    }
}

/// Gathers what a run produced that never had a folder.
pub(super) fn without_files(run: &ActiveRun, end: CodeEnd) -> Outcome {
    let (ending, _, _) = read_end(run, end);
    outcome(run, ending, Collection::default())
}

/// Answers a run that never started.
pub(super) fn answer_unstarted(run: &ActiveRun, ending: Ending) {
    if let Some(answer) = run.claim_answer() {
        let mut outcome = outcome(run, ending, Collection::default());
        outcome.execution_time = Duration::ZERO;
        send(run, answer, Ok(outcome));
    }
}

/// Sends the answer; who asked may be gone, and then the outcome's files go as well.
pub(super) fn send(run: &ActiveRun, answer: oneshot::Sender<Answer>, outcome: Answer) {
    if outcome.is_err() {
        run.recording.finish();
    }
    let _ = answer.send(outcome);
}
