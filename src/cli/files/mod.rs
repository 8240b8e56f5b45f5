//! `taipan files`: looking after users' stored files.

mod add;
mod get;
mod list;
mod remove;

use tokio::runtime::Runtime;

pub(super) use self::{add::add_file, get::save_file};
use super::{Exit, Failure, FilesArguments, FilesCommand, start_runtime, stop::Stop};
use crate::{
    app,
    catalog::{FileRecord, Selection},
    config::Settings,
    executions::{ExecutionError, UserFiles},
    identifiers::UserId,
};

/// Does what was typed with one user's files.
pub(super) fn files(arguments: FilesArguments, settings: &Settings) -> Result<Exit, Failure> {
    let runtime: Runtime = start_runtime()?;
    runtime.block_on(async {
        let stop = Stop::listen()?;
        let files = app::user_files(settings).await.map_err(|error| Failure::interpreter(error.to_string()))?;
        let desk = Desk { files: &files, user: arguments.user, settings };
        let done = tokio::select! {
            done = desk.serve(arguments.command) => done,
            () = stop.asked() => Err(Failure::cancelled()),
        };
        files.close().await;
        done
    })
}

/// Whose files are looked after, and where they are.
struct Desk<'f> {
    files: &'f UserFiles,
    user: UserId,
    settings: &'f Settings,
}

impl Desk<'_> {
    async fn serve(&self, command: FilesCommand) -> Result<Exit, Failure> {
        match command {
            FilesCommand::List { json } => self.list(json).await,
            FilesCommand::Add { paths } => self.add(&paths).await,
            FilesCommand::Get { file, out } => self.get(&file, &out).await,
            FilesCommand::Rm { files, all } => self.remove(&files, all).await,
        }
    }
}

/// The file that somebody means: by its id, or by its name where that is only one file's (X2).
async fn find(files: &UserFiles, user: UserId, text: &str) -> Result<FileRecord, Failure> {
    match files.file_metadata(user, text).await {
        Err(ExecutionError::FileNotFound) => {}
        found => return found.map_err(Failure::from),
    }
    let mut named = files.list_files(user, &Selection::All).await?;
    named.retain(|record| record.filename == text);
    match named.len() {
        0 => Err(Failure::wrong_use(format!(
            "File not found or expired: {text}. `taipan files list` shows those there are."
        ))),
        1 => Ok(named.swap_remove(0)),
        count => Err(Failure::wrong_use(format!(
            "There are {count} files named {text}: give the id of one, which `taipan files list` shows."
        ))),
    }
}

impl From<ExecutionError> for Failure {
    fn from(error: ExecutionError) -> Self {
        Self::interpreter(error.to_string())
    }
}
