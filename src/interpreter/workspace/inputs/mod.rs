//! The files a run is given: links in its folder, which become the run's own copies when it writes to them.

mod own_copy;

use std::{
    collections::HashSet,
    fs::{self, File, Metadata},
    io,
    os::unix::fs::{MetadataExt, symlink},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use rustix::fs::{Mode, OFlags, open};

pub(crate) use self::own_copy::CopyStart;
use super::{live::Live, names};
use crate::interpreter::{InputFile, InterpreterError};

/// A file as it stands in a run's folder.
#[derive(Clone, Debug)]
pub(crate) struct PlacedInput {
    /// The id code asks for.
    pub(crate) id: String,
    /// Its cleaned name.
    pub(crate) name: String,
    /// Where the code finds it: `{folder}/{name}`, or `{folder}/.files/{n}/{name}` where a later file has the name.
    pub(crate) path: PathBuf,
    /// Where the bytes lie.
    pub(crate) original: PathBuf,
    /// Its size in bytes when it was placed.
    pub(crate) size: u64,
    /// Which file it is to the system, whatever path leads to it.
    identity: (u64, u64),
    modified: (i64, i64),
}

impl PlacedInput {
    /// Whether this file is the one this metadata was taken from.
    fn is(&self, file: &Metadata) -> bool {
        self.identity == (file.dev(), file.ino())
    }

    /// Whether the original is no longer what it was when it was placed.
    pub(super) fn has_changed(&self) -> bool {
        fs::metadata(&self.original).map_or(true, |now| (now.len(), modified(&now)) != (self.size, self.modified))
    }
}

/// The files of one run, in the order in which they were given.
///
/// Shared between the worker and the functions that code calls; every method may be called from any thread.
pub(crate) struct Inputs {
    /// Each of the files given, also those whose name a later one took.
    pub(crate) files: Vec<PlacedInput>,
    folder: PathBuf,
    live: Arc<Live>,
    copying: Mutex<()>,
}

impl Inputs {
    /// Puts links to the files into the folder.
    pub(super) fn place(folder: &Path, live: Arc<Live>, given: &[InputFile]) -> Result<Self, InterpreterError> {
        let mut taken = HashSet::new();
        let mut files = Vec::with_capacity(given.len());
        // From the last to the first: of equal names the last one keeps it.
        for (index, file) in given.iter().enumerate().rev() {
            let name = names::clean(&file.name);
            let place = if taken.insert(name.clone()) {
                folder.to_owned()
            } else {
                let aside = folder.join(names::SHADOWED_FOLDER).join(index.to_string());
                fs::create_dir_all(&aside).map_err(InterpreterError::Workspace)?;
                aside
            };
            files.push(place_one(file, name, &place)?);
        }
        files.reverse();
        Ok(Self { files, folder: folder.to_owned(), live, copying: Mutex::new(()) })
    }

    /// The file that stands in the folder itself under this name.
    pub(super) fn standing_at(&self, path: &Path) -> Option<&PlacedInput> {
        let path = self.folder.join(path);
        self.files.iter().find(|file| file.path == path)
    }
}

fn place_one(file: &InputFile, name: String, place: &Path) -> Result<PlacedInput, InterpreterError> {
    let unusable = |error| InterpreterError::InputFile { path: file.path.clone(), error };
    if !file.path.is_absolute() {
        return Err(unusable(io::Error::new(io::ErrorKind::InvalidInput, "its path is not absolute")));
    }
    let metadata = open_original(&file.path).and_then(|original| original.metadata()).map_err(unusable)?;
    let path = place.join(&name);
    symlink(&file.path, &path).map_err(InterpreterError::Workspace)?;
    Ok(PlacedInput {
        id: file.id.clone(),
        name,
        path,
        original: file.path.clone(),
        size: metadata.len(),
        identity: (metadata.dev(), metadata.ino()),
        modified: modified(&metadata),
    })
}

/// Opens an original for reading; a folder, pipe or device is refused, and a pipe is not waited for.
pub(super) fn open_original(path: &Path) -> io::Result<File> {
    let regular = |file: Metadata| {
        file.is_file().then_some(()).ok_or(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"))
    };
    // Before opening, since opening some devices does something; and after it, since it may be another by then.
    regular(fs::metadata(path)?)?;
    let original = File::from(open(path, OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC, Mode::empty())?);
    regular(original.metadata()?)?;
    Ok(original)
}

fn modified(metadata: &Metadata) -> (i64, i64) {
    (metadata.mtime(), metadata.mtime_nsec())
}
