//! What the bot has written, so that its buttons, edits and deletions outlive a restart: a small file for each output.

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use tokio::{fs, task::spawn_blocking};

/// How long an output is remembered.
const LIFE: Duration = Duration::from_secs(7 * 24 * 3600);
/// How many outputs are remembered: the latest.
const MOST: usize = 10_000;
/// How much output is kept to be shown again, in bytes.
const MOST_TEXT: usize = 256 * 1024;
const ENDING: &str = ".json";

/// Something the bot wrote in answer to somebody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Output {
    /// Who asked for it.
    pub(super) owner: u64,
    /// Where it stands.
    pub(super) channel: u64,
    /// Its messages; the first has the buttons.
    pub(super) messages: Vec<u64>,
    /// The message it answers, which takes it along when it is deleted.
    pub(super) source: Option<u64>,
    /// What was run, if it is the output of code.
    pub(super) run: Option<RunOfOutput>,
    /// Whether it is still being written.
    pub(super) is_open: bool,
    /// When it was begun.
    pub(super) made_at: DateTime<Utc>,
}

/// The code whose output it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RunOfOutput {
    /// The code.
    pub(super) code: String,
    /// What it was given to read.
    pub(super) stdin: Option<String>,
    /// Which block of code of its source it is, if its source has it.
    pub(super) block: Option<usize>,
    /// What it printed, as far as that is kept.
    pub(super) output: String,
}

/// Everything the bot wrote lately. Clones are the same.
#[derive(Clone, Debug)]
pub(super) struct Outputs {
    folder: Arc<Path>,
    /// By their first message; what they hold is on disk.
    index: Arc<Mutex<HashMap<u64, Entry>>>,
}

#[derive(Clone, Debug)]
struct Entry {
    source: Option<u64>,
    made_at: DateTime<Utc>,
}

impl Output {
    fn first(&self) -> Option<u64> {
        self.messages.first().copied()
    }
}

impl Outputs {
    /// Reads what was written before the program was started, and gives what was never finished.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub(super) async fn open(folder: PathBuf, now: DateTime<Utc>) -> io::Result<(Self, Vec<Output>)> {
        let reading = folder.clone();
        let there = spawn_blocking(move || read_all(&reading, now)).await.map_err(io::Error::other)??;
        let index = there.iter().filter_map(|output| Some((output.first()?, Entry::of(output)))).collect();
        let open = there.into_iter().filter(|output| output.is_open).collect();
        Ok((Self { folder: folder.into(), index: Arc::new(Mutex::new(index)) }, open))
    }

    /// Remembers an output, in place of what was remembered of its first message.
    pub(super) async fn keep(&self, output: &Output) {
        let Some(first) = output.first() else { return };
        self.index().insert(first, Entry::of(output));
        let mut kept = output.clone();
        if let Some(run) = &mut kept.run {
            run.output.truncate(run.output.floor_char_boundary(MOST_TEXT));
        }
        if let Err(error) = self.write(first, &kept).await {
            tracing::error!(%error, "an output was not remembered; its buttons will not work after a restart");
        }
        self.forget_oldest().await;
    }

    /// What is remembered of a message of the bot's.
    pub(super) async fn of_message(&self, message: u64) -> Option<Output> {
        if !self.index().contains_key(&message) {
            return None;
        }
        let bytes = fs::read(self.path(message)).await.ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// The outputs that answer a message.
    pub(super) async fn of_source(&self, source: u64) -> Vec<Output> {
        let firsts: Vec<_> = {
            let index = self.index();
            index.iter().filter(|(_, entry)| entry.source == Some(source)).map(|(first, _)| *first).collect()
        };
        let mut outputs = Vec::new();
        for first in firsts {
            outputs.extend(self.of_message(first).await);
        }
        outputs
    }

    /// Forgets an output.
    pub(super) async fn forget(&self, message: u64) {
        self.index().remove(&message);
        // It is not there where it could not be written.
        let _ = fs::remove_file(self.path(message)).await;
    }

    async fn forget_oldest(&self) {
        let old = {
            let index = self.index();
            let oldest = index.iter().min_by_key(|(_, entry)| entry.made_at).filter(|_| index.len() > MOST);
            oldest.map(|(first, _)| *first)
        };
        if let Some(old) = old {
            self.forget(old).await;
        }
    }

    async fn write(&self, first: u64, output: &Output) -> io::Result<()> {
        let (path, bytes) = (self.path(first), serde_json::to_vec(output)?);
        let unfinished = path.with_extension("new");
        fs::write(&unfinished, bytes).await?;
        fs::rename(unfinished, path).await
    }

    fn path(&self, message: u64) -> PathBuf {
        self.folder.join(format!("{message}{ENDING}"))
    }

    fn index(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Entry>> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn of(output: &Output) -> Self {
        Self { source: output.source, made_at: output.made_at }
    }
}

/// What is there and not too old; the rest is removed. Blocks.
fn read_all(folder: &Path, now: DateTime<Utc>) -> io::Result<Vec<Output>> {
    std::fs::create_dir_all(folder)?;
    let mut there = Vec::new();
    let life = TimeDelta::from_std(LIFE).unwrap_or(TimeDelta::MAX);
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let output = std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Output>(&bytes).ok());
        match output.filter(|output| now - output.made_at < life) {
            Some(output) => there.push(output),
            // What was not written to its end is as good as none.
            None => std::fs::remove_file(&path).unwrap_or_default(),
        }
    }
    Ok(there)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(message: u64, source: u64, is_open: bool) -> Output {
        let run = RunOfOutput { code: "print(1)".to_owned(), stdin: None, block: Some(0), output: "1\n".to_owned() };
        Output {
            owner: 7,
            channel: 1,
            messages: vec![message, message + 1],
            source: Some(source),
            run: Some(run),
            is_open,
            made_at: DateTime::from_timestamp(1_767_225_600, 0).unwrap(),
        }
    }

    /// Issue 6, part 5
    #[tokio::test]
    async fn what_was_written_outlives_a_restart_and_what_was_not_finished_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let now = output(1, 1, false).made_at;
        let (outputs, open) = Outputs::open(folder.path().join("outputs"), now).await.unwrap();
        assert_eq!(open, []);
        outputs.keep(&output(10, 5, true)).await;
        outputs.keep(&output(20, 6, false)).await;

        let (outputs, open) = Outputs::open(folder.path().join("outputs"), now).await.unwrap();
        assert_eq!(open, [output(10, 5, true)]);
        assert_eq!(outputs.of_message(20).await, Some(output(20, 6, false)));
        assert_eq!(outputs.of_source(5).await, [output(10, 5, true)]);
        outputs.forget(10).await;
        assert_eq!(outputs.of_source(5).await, []);

        let later = now + TimeDelta::days(8);
        let (outputs, _) = Outputs::open(folder.path().join("outputs"), later).await.unwrap();
        assert_eq!(outputs.of_message(20).await, None);
    }
}
