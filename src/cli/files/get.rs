//! `taipan files get`: a stored file, brought to a folder.

use std::{io, path::Path};

use tokio::io::AsyncWriteExt as _;

use super::Desk;
use crate::{
    cli::{Exit, Failure, measures::ByteSize, terminal::say},
    executions::OpenFile,
};

impl Desk<'_> {
    pub(super) async fn get(&self, file: &str, out: &Path) -> Result<Exit, Failure> {
        let record = self.find(file).await?;
        let opened = self.files.open_file(self.user, record.file_id.as_str()).await?;
        if out == Path::new("-") {
            return print(opened).await;
        }
        let (name, size) = (record.filename, ByteSize(record.file_size));
        let target = out.join(&name);
        save(opened, out, &target).await.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => {
                Failure::wrong_use(format!("{} is there already: name another folder with --out.", target.display()))
            }
            _ => Failure::interpreter(format!(
                "{name} could not be saved in {}: {error}. Make room, or name another folder with --out.",
                out.display()
            )),
        })?;
        say(&format!("⬇️ {} ({size})", target.display()));
        Ok(Exit::Done)
    }
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
