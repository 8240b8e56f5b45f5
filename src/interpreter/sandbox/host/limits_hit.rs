//! Which limits a run has hit: the error that the code got names none (X10).

use rustix::fs::StatVfs;

use super::super::Limits;
use crate::interpreter::python::CodeEnd;

/// What to tell of the limits that this run has hit. `folder` is what the system says of the one it worked in.
pub(super) fn notes(limits: &Limits, end: &CodeEnd, folder: Option<StatVfs>) -> Vec<String> {
    let mut notes = Vec::new();
    let megabytes = |bytes: u64| bytes / (1024 * 1024);
    let is_memory_error = match end {
        CodeEnd::Raised(exception) => exception.type_name.ends_with("MemoryError"),
        CodeEnd::OutOfMemory => true,
        _ => false,
    };
    if is_memory_error {
        notes.push(format!("The memory limit of {} MB was hit.", megabytes(limits.memory_bytes)));
    }
    if folder.as_ref().is_some_and(|folder| folder.f_bavail == 0) {
        notes.push(format!("The limit of {} MB for the run's files was hit.", megabytes(limits.workspace_bytes)));
    }
    if folder.is_some_and(|folder| folder.f_favail == 0) {
        notes.push(format!("The limit of {} files and folders of a run was hit.", limits.workspace_entries));
    }
    notes
}
