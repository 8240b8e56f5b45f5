//! Which files the runs of one message share (H2).
//!
//! A message's workspace is a list: the files attached to the message, and those that its runs generated. Their bytes
//! are the user's files, so a file that expires or is deleted is gone from every workspace at once.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use tokio::fs;

use super::ExecutionError;
use crate::{
    catalog::{FileRecord, Source},
    identifiers::{FileId, MessageId, UserId},
};

/// The folder of all workspaces, in `DATA_DIR`.
const FOLDER: &str = "message_workspaces";
/// How the names of workspaces end; what has another name was never finished.
const ENDING: &str = ".json";
/// How long a workspace lives that is not used.
const IDLE: Duration = Duration::from_secs(7 * 24 * 3600);
/// How many files a workspace remembers: the latest.
const MOST_FILES: usize = 1000;

/// The workspaces of all messages, a small file each: `message_workspaces/{user_id}/{message_id}.json`.
#[derive(Clone, Debug)]
pub(super) struct MessageWorkspaces {
    folder: Arc<Path>,
}

/// What is remembered of a message's runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MessageWorkspace {
    /// When a run last began or ended in it.
    used_at: DateTime<Utc>,
    /// Files that were given to a run of the message or made by one, besides those attached to the message itself.
    files: Vec<FileId>,
}

impl MessageWorkspaces {
    pub(super) fn in_folder(data_dir: &Path) -> Self {
        Self { folder: data_dir.join(FOLDER).into() }
    }

    /// Uses a message's workspace once more, adding files to it. The user's lock is held.
    pub(super) async fn add(
        &self,
        user: UserId,
        message: &MessageId,
        files: impl IntoIterator<Item = FileId>,
        now: DateTime<Utc>,
    ) -> Result<MessageWorkspace, ExecutionError> {
        let path = self.of_user(user).join(format!("{message}{ENDING}"));
        let there = read(&path).await.map_err(ExecutionError::Workspace)?;
        let mut workspace =
            there.filter(|there| !there.is_idle(now)).unwrap_or(MessageWorkspace { used_at: now, files: Vec::new() });
        workspace.used_at = now;
        for file in files {
            if !workspace.files.contains(&file) {
                workspace.files.push(file);
            }
        }
        let beyond = workspace.files.len().saturating_sub(MOST_FILES);
        workspace.files.drain(..beyond);
        write(&path, &workspace).await.map_err(ExecutionError::Workspace)?;
        Ok(workspace)
    }

    /// Forgets the workspaces of all of a user's messages. The user's lock is held.
    pub(super) async fn remove_all(&self, user: UserId) -> Result<(), ExecutionError> {
        absent_is_none(fs::remove_dir_all(self.of_user(user)).await).map_err(ExecutionError::Workspace)?;
        Ok(())
    }

    /// Whoever has a workspace.
    pub(super) async fn users(&self) -> io::Result<Vec<UserId>> {
        let names = names(&self.folder).await?;
        Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
    }

    /// Forgets a user's workspaces that have not been used for long, and gives how many. The user's lock is held.
    pub(super) async fn remove_idle(&self, user: UserId, now: DateTime<Utc>) -> io::Result<u64> {
        let folder = self.of_user(user);
        let mut removed = 0;
        for name in names(&folder).await? {
            let path = folder.join(&name);
            // What was not written to its end, or is no workspace, is as good as none.
            let workspace = if name.ends_with(ENDING) { read(&path).await? } else { None };
            if workspace.is_none_or(|workspace| workspace.is_idle(now)) {
                absent_is_none(fs::remove_file(&path).await)?;
                removed += 1;
            }
        }
        // It stays if something is in it.
        let _ = fs::remove_dir(&folder).await;
        Ok(removed)
    }

    fn of_user(&self, user: UserId) -> PathBuf {
        self.folder.join(user.to_string())
    }
}

impl MessageWorkspace {
    /// Whether a file of the user is one that the message's runs find.
    pub(super) fn holds(&self, message: &MessageId, record: &FileRecord) -> bool {
        let is_attached = record.source == Source::Upload && record.message_id.as_ref() == Some(message);
        is_attached || self.files.contains(&record.file_id)
    }

    fn is_idle(&self, now: DateTime<Utc>) -> bool {
        now - self.used_at > TimeDelta::from_std(IDLE).unwrap_or(TimeDelta::MAX)
    }
}

/// `None` where there is none, or nothing that can be understood.
async fn read(path: &Path) -> io::Result<Option<MessageWorkspace>> {
    let text = absent_is_none(fs::read(path).await)?;
    Ok(text.and_then(|text| serde_json::from_slice(&text).ok()))
}

/// Writes all of it or nothing.
async fn write(path: &Path, workspace: &MessageWorkspace) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).await?;
    }
    let unfinished = path.with_extension("part");
    fs::write(&unfinished, serde_json::to_vec(workspace)?).await?;
    fs::rename(&unfinished, path).await
}

async fn names(folder: &Path) -> io::Result<Vec<String>> {
    let Some(mut entries) = absent_is_none(fs::read_dir(folder).await)? else { return Ok(Vec::new()) };
    let mut names = Vec::new();
    while let Some(entry) = entries.next_entry().await? {
        names.extend(entry.file_name().into_string());
    }
    Ok(names)
}

fn absent_is_none<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        result => result.map(Some),
    }
}
