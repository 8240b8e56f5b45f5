//! What a run generated, found by going through its folder once the code is done.

mod intake;
mod keeping;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use self::intake::Intake;
pub(crate) use self::keeping::{Collected, Keeping};
use super::{
    Filling, Inputs, Workspace, names,
    walk::{Unseen, Walk, WalkLimits},
};
use crate::interpreter::{GeneratedFile, OmittedFile};

/// Files left out that are named; the others are counted.
const MAX_OMITTED_NAMED: usize = 100;

/// How much a run may leave, and how long is spent on finding it.
#[derive(Clone, Debug)]
pub(crate) struct CollectionLimits {
    /// Generated files.
    pub(crate) max_files: usize,
    /// Their bytes together. A changed input counts only with what it has grown by.
    pub(crate) max_total_bytes: u64,
    /// Levels of sub-folders.
    pub(crate) max_depth: usize,
    /// Names looked at, of any sort.
    pub(crate) max_entries_walked: usize,
    /// Time for finding, reading and hashing.
    pub(crate) time_budget: Duration,
}

impl Default for CollectionLimits {
    fn default() -> Self {
        Self {
            max_files: 1000,
            max_total_bytes: 500 * 1024 * 1024,
            max_depth: 32,
            max_entries_walked: 100_000,
            time_budget: Duration::from_secs(30),
        }
    }
}

/// The files of a run.
#[derive(Debug, Default)]
pub(crate) struct Collection {
    /// What it created or changed, sorted by name. They keep the run's folder.
    pub(crate) files: Vec<GeneratedFile>,
    /// The ids of inputs that the run made its own and that are what they were.
    pub(crate) made_again: Vec<String>,
    /// What was left out, with reasons; at most 100 of them.
    pub(crate) omitted: Vec<OmittedFile>,
    /// What was left out and is not named.
    pub(crate) more_omitted: u64,
    /// Sentences about what could not be seen.
    pub(crate) notes: Vec<String>,
}

impl Collection {
    fn omit(&mut self, path: &Path, size: u64, reason: impl Into<String>) {
        if self.omitted.len() < MAX_OMITTED_NAMED {
            self.omitted.push(OmittedFile { name: names::shown(path), size, reason: reason.into() });
        } else {
            self.more_omitted += 1;
        }
    }
}

impl Workspace {
    /// Finds what the run generated. Takes microseconds for a folder in which nothing is; never fails, follows a
    /// link, waits for a pipe or runs on: what cannot be had is in the notes.
    pub(crate) fn collect(&self, limits: &CollectionLimits) -> Collection {
        self.collect_for(limits, None)
    }

    /// The same in a folder that the next run of a session goes on with: only what was not there before, or has
    /// changed, is generated, and copied to where that run cannot change it.
    pub(crate) fn collect_and_keep(&self, limits: &CollectionLimits, keeping: Keeping<'_>) -> Collection {
        self.collect_for(limits, Some(keeping))
    }

    fn collect_for(&self, limits: &CollectionLimits, keeping: Option<Keeping<'_>>) -> Collection {
        match self.filling() {
            Ok(Filling::Empty) => Collection::default(),
            Ok(Filling::Something) => self.collect_files(limits, keeping),
            Ok(Filling::Gone) => only_note("The run's folder was removed while the code ran; its files are lost."),
            Err(error) => only_note(format!("The run's folder cannot be read, so its files are lost: {error}.")),
        }
    }

    fn collect_files(&self, limits: &CollectionLimits, keeping: Option<Keeping<'_>>) -> Collection {
        if self.folder.inode_at_path().ok() != Some(self.as_prepared.inode) {
            return only_note("The run's folder was moved away while the code ran; the files in it are not listed.");
        }
        self.restore_rights();
        let until = Instant::now() + limits.time_budget;
        let walk_limits = WalkLimits { max_depth: limits.max_depth, max_entries: limits.max_entries_walked, until };
        let mut walk = match Walk::start(&self.directory, walk_limits) {
            Ok(walk) => walk,
            Err(error) => {
                return only_note(format!("The run's folder cannot be read, so its files are lost: {error}."));
            }
        };
        let mut intake = Intake::new(self, limits, until, keeping);
        for found in walk.by_ref() {
            intake.take(&found);
        }
        let mut collection = intake.finish();
        collection.notes.extend(unseen_notes(walk.unseen, limits));
        collection.notes.extend(self.inputs.as_deref().map(changed_originals).unwrap_or_default());
        collection
    }
}

fn only_note(note: impl Into<String>) -> Collection {
    Collection { notes: vec![note.into()], ..Collection::default() }
}

fn unseen_notes(unseen: Unseen, limits: &CollectionLimits) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(path) = unseen.too_deep {
        let (depth, path) = (limits.max_depth, names::shown(&path));
        notes.push(format!("Folders more than {depth} levels deep were not searched for files, such as '{path}'."));
    }
    if unseen.is_too_full {
        let most = limits.max_entries_walked;
        notes.push(format!("The run's folder holds more than {most} names; only so many were looked at."));
    }
    for (path, error) in unseen.unreadable {
        notes.push(format!("The folder '{}' cannot be read: {error}.", names::shown(&path)));
    }
    if unseen.is_too_late {
        notes.push(out_of_time(limits) + " What was found by then is listed.");
    }
    notes
}

fn changed_originals(inputs: &Inputs) -> Vec<String> {
    let changed = inputs.files.iter().filter(|input| input.has_changed());
    changed.map(|input| format!("The original of '{}' changed while the code ran.", input.name)).collect()
}

fn out_of_time(limits: &CollectionLimits) -> String {
    format!("Reading the run's files took longer than {:.2} s.", limits.time_budget.as_secs_f64())
}
