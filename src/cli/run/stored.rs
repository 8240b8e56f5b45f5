//! A run as one of the users: his stored files are there, and what the code makes is stored among them.

use tokio::fs::File;

use super::{Screen, follow};
use crate::{
    Interpreter, Outcome, Request, app,
    cli::{Failure, stop::Stop},
    config::Settings,
    executions::{AnsweredFile, Executions, Keeping, RunRequest, Upload, UserFiles},
    formats::measures::counted,
    identifiers::{FileId, UserId},
};

/// How a run ended, and what became of its files.
pub(super) struct Ended {
    pub(super) outcome: Outcome,
    /// In the order of the outcome's own list; none where nobody asked for them to be stored.
    pub(super) stored: Vec<Keeping>,
}

impl Ended {
    /// The ids under which files were stored.
    pub(super) fn ids(&self) -> impl Iterator<Item = Option<&FileId>> {
        self.stored.iter().map(|keeping| match keeping {
            Keeping::Stored(record) => Some(&record.file_id),
            Keeping::NotStored { .. } => None,
        })
    }

    /// What is said of them.
    pub(super) fn remarks(&self) -> Vec<String> {
        let ids: Vec<_> = self.ids().flatten().map(FileId::as_str).collect();
        let mut lines = Vec::new();
        if !ids.is_empty() {
            lines.push(format!("💾 Stored {}: {}", counted(ids.len(), "file"), ids.join(", ")));
        }
        for (file, keeping) in self.outcome.generated_files.iter().zip(&self.stored) {
            if let Keeping::NotStored { reason } = keeping {
                lines.push(format!("⚠️ {} was not stored: {reason}", file.name));
            }
        }
        lines
    }
}

/// Runs the code as `user`. Files given besides are stored first.
pub(super) async fn run(
    interpreter: &Interpreter,
    (user, request): (UserId, Request),
    settings: &Settings,
    screen: &mut Screen,
    stop: &Stop,
) -> Result<Ended, Failure> {
    let files = app::user_files(settings).await.map_err(|error| Failure::interpreter(error.to_string()))?;
    let executions = app::executions(settings, interpreter.clone(), files.clone());
    let ended = run_with(&executions, &files, (user, request), screen, stop).await;
    files.close().await;
    ended
}

async fn run_with(
    executions: &Executions,
    files: &UserFiles,
    (user, request): (UserId, Request),
    screen: &mut Screen,
    stop: &Stop,
) -> Result<Ended, Failure> {
    for given in &request.input_files {
        let source = File::open(&given.path).await.map_err(|error| {
            Failure::wrong_use(format!("The file {} cannot be read: {error}. Check its rights.", given.path.display()))
        })?;
        files.save_upload(user, Upload::named(&given.name), source).await?;
    }
    let mut wanted = RunRequest::new(request.code).args(request.args);
    (wanted.stdin, wanted.timeout, wanted.source_name) = (request.stdin, request.timeout, request.source_name);
    let run = executions.run(user, wanted).await?;
    let answer = follow(run, screen, stop).await?;
    let stored = answer.generated_files.into_iter().map(|AnsweredFile { keeping, .. }| keeping).collect();
    Ok(Ended { outcome: answer.outcome, stored })
}
