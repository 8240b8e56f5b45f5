//! `taipan files add`: files of this machine become a user's.

use std::{io, path::Path};

use super::Desk;
use crate::{
    catalog::FileRecord,
    cli::{Exit, Failure, terminal::say},
    executions::{Upload, UserFiles},
    formats::measures::ByteSize,
    identifiers::UserId,
};

impl Desk<'_> {
    /// Stores each file; one that cannot be stored does not keep the others from it (H8).
    pub(super) async fn add(&self, paths: &[impl AsRef<Path>]) -> Result<Exit, Failure> {
        let mut exit = Exit::Done;
        for path in paths.iter().map(AsRef::as_ref) {
            match add_file(self.files, self.user, path).await {
                Ok(record) => {
                    let (id, size) = (&record.file_id, ByteSize(record.file_size));
                    let end = match record.expires_at {
                        Some(end) => format!("until {}", self.date(end)),
                        None => "for ever".to_owned(),
                    };
                    say(&format!("✅ {} is stored as {id} ({size}, {end}).", record.filename));
                }
                Err(failure) => {
                    say(&format!("❌ {failure}"));
                    exit = failure.exit();
                }
            }
        }
        Ok(exit)
    }
}

/// Stores a file of this machine as one of a user's.
pub(in super::super) async fn add_file(files: &UserFiles, user: UserId, path: &Path) -> Result<FileRecord, Failure> {
    let unreadable = |reason: String| {
        Failure::wrong_use(format!("The file {} cannot be read: {reason}. Check its path and rights.", path.display()))
    };
    let name = path.file_name().ok_or_else(|| unreadable("it has no name".to_owned()))?;
    let found = tokio::fs::metadata(path).await.map_err(|error| unreadable(reason(&error)))?;
    if !found.is_file() {
        return Err(unreadable("it is not an ordinary file".to_owned()));
    }
    let source = tokio::fs::File::open(path).await.map_err(|error| unreadable(reason(&error)))?;
    let upload = Upload::named(name.to_string_lossy());
    Ok(files.save_upload(user, upload, source).await?)
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        _ => error.to_string(),
    }
}
