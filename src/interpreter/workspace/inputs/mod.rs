//! The files a run is given: links in its folder, which become the run's own copies when it writes to them.

mod own_copy;

use std::{
    collections::HashSet,
    fs::{self, File, Metadata},
    io,
    os::{fd::OwnedFd, unix::fs::MetadataExt},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use rustix::{
    fs::{Mode, OFlags, mkdirat, open, symlinkat},
    io::Errno,
};

pub(crate) use self::own_copy::CopyStart;
use super::{beneath, live::Live, names};
use crate::interpreter::{InputFile, InterpreterError, acting_as};

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
    /// Where the link in the folder leads: to the original, or to where a sandbox sees it.
    link: PathBuf,
    /// Its size in bytes when it was placed.
    pub(crate) size: u64,
    /// Which file it is to the system, whatever path leads to it.
    identity: (u64, u64),
    modified: (i64, i64),
}

impl PlacedInput {
    /// A file as a sandbox finds it, with everything in its place already.
    pub(crate) fn found(id: String, name: String, path: PathBuf, original: PathBuf) -> io::Result<Self> {
        let metadata = fs::metadata(&original)?;
        Ok(Self::new((id, name), path, original.clone(), original, &metadata))
    }

    fn new((id, name): (String, String), path: PathBuf, original: PathBuf, link: PathBuf, metadata: &Metadata) -> Self {
        Self {
            id,
            name,
            path,
            original,
            link,
            size: metadata.len(),
            identity: (metadata.dev(), metadata.ino()),
            modified: modified(metadata),
        }
    }

    /// Where the link to it leads.
    pub(crate) fn link(&self) -> &Path {
        &self.link
    }

    /// Whether a link that leads there leads to this file.
    pub(super) fn is_behind(&self, link: &Path) -> bool {
        self.link == link
    }

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
    /// Who reports files; in a sandbox nobody does.
    live: Option<Arc<Live>>,
    copying: Mutex<()>,
}

/// Where the links to the files of a run lead.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LinksTo<'p> {
    /// To the files themselves.
    Originals,
    /// To `{folder}/{n}/{name}`, where a sandbox sees them.
    Below(&'p Path),
}

impl Inputs {
    /// The files that stand in a sandbox's folder already.
    pub(crate) fn standing_in(folder: &Path, files: Vec<PlacedInput>) -> Self {
        Self { files, folder: folder.to_owned(), live: None, copying: Mutex::new(()) }
    }

    /// Puts links to the files into the folder.
    pub(super) fn place(
        folder: (&Path, &OwnedFd),
        live: Arc<Live>,
        given: &[InputFile],
        links: LinksTo<'_>,
    ) -> Result<Self, InterpreterError> {
        let (folder, directory) = folder;
        let mut taken = HashSet::new();
        let mut files = Vec::with_capacity(given.len());
        // From the last to the first: of equal names the last one keeps it.
        for (index, file) in given.iter().enumerate().rev() {
            let name = names::clean(&file.name);
            let link = match links {
                LinksTo::Originals => file.path.clone(),
                LinksTo::Below(seen) => seen.join(index.to_string()).join(&name),
            };
            let aside =
                (!taken.insert(name.clone())).then(|| Path::new(names::SHADOWED_FOLDER).join(index.to_string()));
            let aside = aside.unwrap_or_default();
            let file = described(file, name, &folder.join(&aside), link)?;
            acting_as::owner_of(folder, || put_link(directory, &aside, &file)).map_err(InterpreterError::Workspace)?;
            files.push(file);
        }
        files.reverse();
        Ok(Self { files, folder: folder.to_owned(), live: Some(live), copying: Mutex::new(()) })
    }

    /// The file that stands in the folder itself under this name.
    pub(super) fn standing_at(&self, path: &Path) -> Option<&PlacedInput> {
        let path = self.folder.join(path);
        self.files.iter().find(|file| file.path == path)
    }
}

/// Puts a link into a sub-folder, which is made if need be. Code of an earlier run may have put links of its own on
/// the way; they are not followed.
fn put_link(directory: &OwnedFd, aside: &Path, file: &PlacedInput) -> io::Result<()> {
    let mut folder = beneath::open_path(directory, Path::new(""))?;
    for part in aside {
        match mkdirat(&folder, part, Mode::RWXU) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
        folder = beneath::open_path(&folder, Path::new(part))?;
    }
    match symlinkat(&file.link, &folder, &*file.name) {
        // A session's folder may have the code's own copy of the file.
        Ok(()) | Err(Errno::EXIST) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn described(file: &InputFile, name: String, place: &Path, link: PathBuf) -> Result<PlacedInput, InterpreterError> {
    let unusable = |error| InterpreterError::InputFile { path: file.path.clone(), error };
    if !file.path.is_absolute() {
        return Err(unusable(io::Error::new(io::ErrorKind::InvalidInput, "its path is not absolute")));
    }
    let metadata = open_original(&file.path).and_then(|original| original.metadata()).map_err(unusable)?;
    let path = place.join(&name);
    Ok(PlacedInput::new((file.id.clone(), name), path, file.path.clone(), link, &metadata))
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
