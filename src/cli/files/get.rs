//! `taipan files get`: a stored file, brought to a folder.

use std::{
    io,
    path::{Path, PathBuf},
};

use tokio::io::AsyncWriteExt as _;

use super::{Desk, find};
use crate::{
    cli::{Exit, Failure, terminal::say},
    executions::{OpenFile, UserFiles},
    formats::measures::ByteSize,
    identifiers::UserId,
};

impl Desk<'_> {
    pub(super) async fn get(&self, file: &str, out: &Path) -> Result<Exit, Failure> {
        if out == Path::new("-") {
            let record = find(self.files, self.user, file).await?;
            return print(self.files.open_file(self.user, record.file_id.as_str()).await?).await;
        }
        let (target, size) = save_file(self.files, self.user, file, out).await?;
        say(&format!("⬇️ {} ({})", target.display(), ByteSize(size)));
        Ok(Exit::Done)
    }
}

/// Copies a stored file, by its id or name, to a folder. Gives where it is then, and how large.
pub(in super::super) async fn save_file(
    files: &UserFiles,
    user: UserId,
    file: &str,
    folder: &Path,
) -> Result<(PathBuf, u64), Failure> {
    let record = find(files, user, file).await?;
    let opened = files.open_file(user, record.file_id.as_str()).await?;
    let target = folder.join(&record.filename);
    save(opened, folder, &target).await.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            Failure::wrong_use(format!("{} is there already: name another folder with --out.", target.display()))
        }
        _ => Failure::interpreter(format!(
            "{} could not be saved in {}: {error}. Make room, or name another folder with --out.",
            record.filename,
            folder.display()
        )),
    })?;
    Ok((target, record.file_size))
}

/// Copies the content; under its own name when it is whole, and in nobody's place.
async fn save(mut opened: OpenFile, folder: &Path, target: &Path) -> io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let part = tempfile::Builder::new().prefix(".taipan-").tempfile_in(folder)?;
    let mut copy = tokio::fs::File::from_std(part.reopen()?);
    tokio::io::copy(&mut opened.content.file, &mut copy).await?;
    copy.flush().await?;
    part.persist_noclobber(target).map(drop).map_err(|failed| failed.error)
}

async fn print(mut opened: OpenFile) -> Result<Exit, Failure> {
    let mut stdout = tokio::io::stdout();
    let copied = async {
        tokio::io::copy(&mut opened.content.file, &mut stdout).await?;
        stdout.flush().await
    };
    match copied.await {
        Ok(()) => Ok(Exit::Done),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Exit::ReaderGone),
        Err(error) => Err(Failure::interpreter(format!(
            "The file could not be written to standard output: {error}. Make room, or send it elsewhere."
        ))),
    }
}
