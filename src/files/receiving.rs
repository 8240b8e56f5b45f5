//! Taking a file in: first its bytes, then, once its id is settled, its name.

use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use rustix::fs::{CWD, Mode, OFlags, openat};
use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::{
    Name, Place, Store, StoreError,
    blocking::Blocking,
    digests::Digests,
    folder::OwnerFolder,
    unfinished::{BUFFER_BYTES, Unfinished, Writer, Written},
};
use crate::{
    formats::Detected,
    identifiers::{FileId, UserId},
};

/// A file whose bytes are all there, under a name that nobody knows. Dropping it removes them, unless it was
/// [kept](Self::keep).
#[derive(Debug)]
pub struct Received {
    /// What it is called.
    pub name: Name,
    /// Whose it is.
    pub owner: UserId,
    /// How many bytes it has.
    pub size: u64,
    /// Its hashes, from which its id is made.
    pub digests: Digests,
    /// What it was found to be, by its name and its content.
    pub detected: Detected,
    unfinished: Option<Unfinished>,
    blocking: Blocking,
}

impl Store {
    /// Takes in what somebody sends, of which no more than a buffer is in memory at a time.
    ///
    /// Nothing of it is left over where this fails or is dropped before its end.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] beyond `limit` bytes, [`StoreError::Source`] where the sender fails, and whatever the
    /// disk says.
    pub async fn receive(
        &self,
        owner: UserId,
        name: Name,
        mut source: impl AsyncRead + Unpin,
        limit: u64,
    ) -> Result<Received, StoreError> {
        let (root, called) = (Arc::clone(&self.root), name.clone());
        let mut writer = self.blocking.run(move || Writer::start(&root, owner, called, limit)).await?;
        let mut buffer = vec![0; BUFFER_BYTES];
        loop {
            let filled = fill(&mut source, &mut buffer).await;
            let count = filled.map_err(|error| StoreError::Source { name: name.shown().to_owned(), error })?;
            if count == 0 {
                break;
            }
            let writing = move || {
                writer.write(&buffer[..count])?;
                Ok((writer, buffer))
            };
            (writer, buffer) = self.blocking.run(writing).await?;
        }
        let written = self.blocking.run(move || writer.finish()).await?;
        Ok(self.received(owner, name, written))
    }

    /// Takes in a copy of a file of this machine. It is not waited for like a pipe, and no link at its name is followed.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] beyond `limit` bytes, [`StoreError::Source`] where the file cannot be read, and
    /// whatever the disk says. Nothing of it is left over then.
    pub async fn receive_copy(
        &self,
        owner: UserId,
        name: Name,
        original: PathBuf,
        limit: u64,
    ) -> Result<Received, StoreError> {
        let (root, called) = (Arc::clone(&self.root), name.clone());
        let copying = move || {
            let unreadable = |error| StoreError::Source { name: called.shown().to_owned(), error };
            let mut original = open_original(&original).map_err(unreadable)?;
            let mut writer = Writer::start(&root, owner, called, limit)?;
            writer.copy(&mut original)?;
            writer.finish()
        };
        let written = self.blocking.run(copying).await?;
        Ok(self.received(owner, name, written))
    }

    fn received(&self, owner: UserId, name: Name, written: Written) -> Received {
        let Written { unfinished, digests, detected, size } = written;
        let (unfinished, blocking) = (Some(unfinished), self.blocking.clone());
        Received { name, owner, size, digests, detected, unfinished, blocking }
    }
}

impl Received {
    /// Gives the file its own name, by which it is found from now on, and makes sure that it lasts. The same content under
    /// this id is replaced. Kept again, it gets another id.
    ///
    /// The record comes after this: bytes without one are swept, a record without bytes would be a file that cannot
    /// be read (S11).
    ///
    /// # Errors
    /// [`StoreError::Taken`] where another content has this id: the file may be kept under another one. Whatever the
    /// disk says; if the file has its name by then, it is bytes without a record.
    pub async fn keep(&mut self, id: &FileId) -> Result<Place, StoreError> {
        let place = Place::of(self.owner, id, self.name.shown());
        let mut unfinished = self.unfinished.take().ok_or(StoreError::Missing)?;
        let name = place.name.clone();
        let keeping = move || {
            let kept = rename(&mut unfinished, name);
            Ok((unfinished, kept))
        };
        let (unfinished, kept) = self.blocking.run(keeping).await?;
        self.unfinished = Some(unfinished);
        kept.map(|()| place)
    }
}

fn rename(file: &mut Unfinished, to: String) -> Result<(), StoreError> {
    if file.name != to {
        let folder = &file.folder;
        match folder.rename(&file.name, &to) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                if !have_same_content(folder, &file.name, &to)? {
                    return Err(StoreError::Taken(to));
                }
                folder.replace(&file.name, &to)?;
            }
            renamed => renamed?,
        }
        file.name = to;
    }
    // Were it dropped from here on, whoever has the same file as his own would lose it.
    file.is_kept = true;
    Ok(file.folder.sync()?)
}

fn have_same_content(folder: &OwnerFolder, one: &str, other: &str) -> Result<bool, StoreError> {
    // What is there and cannot be read, a link for instance, is something else.
    let Ok((mut other, other_size)) = folder.open_file(other) else { return Ok(false) };
    let (mut one, one_size) = folder.open_file(one)?;
    if one_size != other_size {
        return Ok(false);
    }
    let (mut from_one, mut from_other) = (Vec::with_capacity(BUFFER_BYTES), Vec::with_capacity(BUFFER_BYTES));
    loop {
        from_one.clear();
        from_other.clear();
        (&mut one).take(BUFFER_BYTES as u64).read_to_end(&mut from_one)?;
        (&mut other).take(BUFFER_BYTES as u64).read_to_end(&mut from_other)?;
        if from_one != from_other {
            return Ok(false);
        }
        if from_one.is_empty() {
            return Ok(true);
        }
    }
}

/// Reads until the buffer is full or nothing comes any more.
async fn fill(source: &mut (impl AsyncRead + Unpin), buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match source.read(&mut buffer[filled..]).await? {
            0 => break,
            count => filled += count,
        }
    }
    Ok(filled)
}

fn open_original(path: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = File::from(openat(CWD, path, flags, Mode::empty())?);
    let is_regular = file.metadata()?.is_file();
    is_regular.then_some(file).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"))
}
