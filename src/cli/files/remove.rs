//! `taipan files rm`: files are deleted.

use super::{Desk, find};
use crate::{
    cli::{Exit, Failure, terminal::say},
    executions::Deletion,
    formats::measures::counted,
};

impl Desk<'_> {
    /// Deletes the files that are named, or all of them. One that cannot be deleted does not keep the others from it.
    pub(super) async fn remove(&self, files: &[String], all: bool) -> Result<Exit, Failure> {
        if all {
            let Deletion { deleted, failed } = self.files.delete_all_files(self.user).await?;
            for failed in &failed {
                say(&format!("❌ {} could not be deleted: {}", failed.record.filename, failed.reason));
            }
            say(&format!("🗑️ Deleted {}.", counted(deleted.len(), "file")));
            return Ok(if failed.is_empty() { Exit::Done } else { Exit::InterpreterFailed });
        }
        let mut exit = Exit::Done;
        for file in files {
            match self.remove_one(file).await {
                Ok(name) => say(&format!("🗑️ Deleted {name}.")),
                Err(failure) => {
                    say(&format!("❌ {failure}"));
                    exit = failure.exit();
                }
            }
        }
        Ok(exit)
    }

    async fn remove_one(&self, file: &str) -> Result<String, Failure> {
        let record = find(self.files, self.user, file).await?;
        Ok(self.files.delete_file(self.user, record.file_id.as_str()).await?.filename)
    }
}
