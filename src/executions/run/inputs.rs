//! The files that a run is given: where they lie, and nothing is copied (X4).

use std::path::PathBuf;

use super::{
    super::{ExecutionError, Executions},
    RunRequest,
};
use crate::{
    catalog::{FileRecord, Selection},
    files::Place,
    identifiers::{FileId, UserId},
    interpreter::{InputFile, Request},
};

/// A file of the user that a run is given.
#[derive(Clone, Debug)]
pub(super) struct GivenFile {
    pub(super) record: FileRecord,
    pub(super) path: PathBuf,
}

impl Executions {
    /// The files of the user that this run finds, oldest first: of equal names the newest stands in its folder.
    pub(super) async fn given_files(
        &self,
        user: UserId,
        request: &RunRequest,
    ) -> Result<Vec<GivenFile>, ExecutionError> {
        let mut records = self.records(user, &Selection::All, self.now()).await?;
        let is_theirs = |id: &FileId| records.iter().any(|record| record.file_id == *id);
        if !request.attached.iter().all(is_theirs) {
            return Err(ExecutionError::FileNotFound);
        }
        if let Some(message) = &request.message {
            let _held = self.locks.hold(user).await;
            let workspace = self.workspaces.add(user, message, request.attached.clone(), self.now()).await?;
            records.retain(|record| workspace.holds(message, record));
        }
        self.on_disk(records).await
    }

    async fn on_disk(&self, records: Vec<FileRecord>) -> Result<Vec<GivenFile>, ExecutionError> {
        let (records, places): (Vec<_>, Vec<_>) = records
            .into_iter()
            .filter_map(|record| record.file_path.parse::<Place>().ok().map(|place| (record, place)))
            .unzip();
        let paths = self.store.paths(places).await?;
        let given = |(record, path): (FileRecord, Option<PathBuf>)| {
            if path.is_none() {
                // The next cleanup removes the record.
                tracing::error!(user = %record.user_id, path = record.file_path, "a record has no bytes");
            }
            Some(GivenFile { path: path?, record })
        };
        Ok(records.into_iter().zip(paths).filter_map(given).collect())
    }
}

/// The run as the interpreter is asked for it.
pub(super) fn for_interpreter(user: UserId, request: &RunRequest, files: &[GivenFile]) -> Request {
    let mut asked = Request::new(&request.code).owner(user.to_string()).args(&request.args);
    asked.stdin.clone_from(&request.stdin);
    asked.timeout = request.timeout;
    asked.source_name.clone_from(&request.source_name);
    asked.in_session = request.in_session;
    let inputs =
        files.iter().map(|file| InputFile::new(file.record.file_id.as_str(), &file.path).named(&file.record.filename));
    inputs.fold(asked, Request::input)
}
