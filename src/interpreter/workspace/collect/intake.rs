//! Taking in one found thing after the other, within the limits.

use std::{
    collections::HashSet,
    ffi::OsStr,
    fs::File,
    io,
    os::{fd::OwnedFd, unix::ffi::OsStrExt},
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use rustix::{
    fs::{FileType, Mode, Stat, mkdirat, readlinkat, renameat},
    io::Errno,
};

use super::{Collection, CollectionLimits, keeping::Keeping, out_of_time};
use crate::interpreter::{
    GeneratedFile, acting_as,
    workspace::{
        Workspace, beneath,
        contents::{self, Contents, Refusal},
        inputs::{Inputs, PlacedInput, open_original},
        live, names,
        root::KeptFolder,
        walk::Found,
    },
};

const BUFFER_BYTES: usize = 256 * 1024;
/// Where files go whose name no text can hold. Hidden, so that it is not collected itself.
const RENAMED_FOLDER: &str = ".taipan-renamed";

/// A collection in the making.
pub(super) struct Intake<'run> {
    workspace: &'run Workspace,
    limits: &'run CollectionLimits,
    until: Instant,
    left: u64,
    buffer: Vec<u8>,
    renamed: Option<OwnedFd>,
    /// Indices of the files whose shown name is not their own and has to be made unique.
    odd_names: Vec<usize>,
    keeping: Option<Keeping<'run>>,
    collection: Collection,
}

impl<'run> Intake<'run> {
    pub(super) fn new(
        workspace: &'run Workspace,
        limits: &'run CollectionLimits,
        until: Instant,
        keeping: Option<Keeping<'run>>,
    ) -> Self {
        Self {
            workspace,
            limits,
            until,
            left: limits.max_total_bytes,
            buffer: vec![0; BUFFER_BYTES],
            renamed: None,
            odd_names: Vec::new(),
            keeping,
            collection: Collection::default(),
        }
    }

    pub(super) fn take(&mut self, found: &Found) {
        match found.file_type {
            FileType::RegularFile => self.take_regular(found),
            FileType::Symlink => self.take_link(found),
            FileType::Fifo => self.collection.omit(&found.path, 0, "It is a pipe, not a regular file."),
            FileType::Socket => self.collection.omit(&found.path, 0, "It is a socket, not a regular file."),
            FileType::CharacterDevice | FileType::BlockDevice => {
                self.collection.omit(&found.path, 0, "It is a device, not a regular file.");
            }
            // The walk enters folders itself; what has no type any more is gone.
            FileType::Directory | FileType::Unknown => {}
        }
    }

    /// The collection, sorted and with each name once.
    pub(super) fn finish(mut self) -> Collection {
        self.make_names_unique();
        self.collection.files.sort_by(|one, other| one.name.cmp(&other.name));
        self.collection
    }

    fn inputs(&self) -> Option<&Inputs> {
        self.workspace.inputs.as_deref()
    }

    fn take_link(&mut self, found: &Found) {
        let target = readlinkat(&found.folder, &found.name, Vec::new()).unwrap_or_default();
        let target = Path::new(OsStr::from_bytes(target.to_bytes()));
        let input = self.inputs().and_then(|inputs| inputs.files.iter().find(|input| input.is_behind(target)));
        match input {
            Some(_) if self.inputs().is_some_and(|inputs| inputs.standing_at(&found.path).is_some()) => {}
            Some(input) => {
                let reason = format!("It is a link to '{}', a file that was given to the run.", input.name);
                self.collection.omit(&found.path, 0, reason);
            }
            None => self.collection.omit(&found.path, 0, "It is a link, and links are not followed."),
        }
    }

    fn take_regular(&mut self, found: &Found) {
        let input = self.inputs().and_then(|inputs| inputs.standing_at(&found.path)).cloned();
        if self.is_full() && input.is_none() {
            let size = beneath::stat_name(&found.folder, &found.name).map_or(0, |stat| live::size(&stat));
            return self.omit_beyond_count(&found.path, size);
        }
        let (file, stat) = match beneath::open_regular(&found.folder, &found.name) {
            Ok(opened) => opened,
            Err(error) => return self.collection.omit(&found.path, 0, format!("It cannot be read: {error}.")),
        };
        if self.keeping.as_ref().is_some_and(|keeping| keeping.is_known(&found.path, &stat)) {
            return;
        }
        let size = live::size(&stat);
        let free_of_charge = input.as_ref().map_or(0, |input| input.size);
        let allowance = self.left.saturating_add(free_of_charge);
        let contents = if size > allowance {
            Err(Refusal::TooLarge)
        } else {
            self.read(File::from(file), &names::shown(&found.path), allowance)
        };
        match contents {
            Ok(contents) if input.as_ref().is_some_and(|input| self.is_unchanged(input, &contents)) => {
                self.collection.made_again.extend(input.map(|input| input.id));
                if let Some(keeping) = &mut self.keeping {
                    keeping.know(found, &stat);
                }
            }
            Ok(_) if self.is_full() => self.omit_beyond_count(&found.path, size),
            Ok(contents) => {
                self.left -= contents.size.saturating_sub(free_of_charge);
                self.add(found, &stat, contents);
            }
            Err(refusal) => {
                let reason = self.reason(&refusal);
                self.collection.omit(&found.path, size, reason);
            }
        }
    }

    fn read(&mut self, file: File, name: &str, allowance: u64) -> Result<Contents, Refusal> {
        let Some(keeping) = &mut self.keeping else {
            return contents::read(file, name, allowance, self.until, &mut self.buffer);
        };
        let copying = keeping.copying(file).map_err(Refusal::Uncopied)?;
        contents::read(copying, name, allowance, self.until, &mut self.buffer)
    }

    fn is_full(&self) -> bool {
        self.collection.files.len() >= self.limits.max_files
    }

    fn omit_beyond_count(&mut self, path: &Path, size: u64) {
        let reason = format!("A run may leave {} files, and this is one more.", self.limits.max_files);
        self.collection.omit(path, size, reason);
    }

    fn reason(&self, refusal: &Refusal) -> String {
        match refusal {
            Refusal::TooLarge => {
                let limit = megabytes(self.limits.max_total_bytes);
                format!("The files of a run may have {limit} MB together, and this one does not fit.")
            }
            Refusal::TooLate => out_of_time(self.limits),
            Refusal::Unreadable(error) => format!("It cannot be read: {error}."),
            Refusal::Uncopied(error) => format!("It cannot be copied: {error}."),
        }
    }

    /// Whether the run's own copy of an input is still what the input is.
    fn is_unchanged(&mut self, input: &PlacedInput, contents: &Contents) -> bool {
        if contents.size != input.size {
            return false;
        }
        let Ok(original) = open_original(&input.original) else { return false };
        contents::read(original, &input.name, input.size, self.until, &mut self.buffer)
            .is_ok_and(|original| original.sha256 == contents.sha256)
    }

    fn add(&mut self, found: &Found, stat: &Stat, contents: Contents) {
        let (path, folder) = match self.place_of(found, stat) {
            Ok(place) => place,
            Err(reason) => return self.collection.omit(&found.path, contents.size, reason),
        };
        if !names::is_shown_as_is(found.path.as_os_str()) {
            self.odd_names.push(self.collection.files.len());
        }
        let name = names::shown(&found.path);
        self.collection.files.push(GeneratedFile {
            name,
            kind: contents.file_type.kind,
            file_type: contents.file_type.name.to_owned(),
            size: contents.size,
            sha256: contents.sha256,
            path,
            folder: Some(folder),
        });
    }

    /// Where the file lies, and what keeps it; or why it cannot be had.
    fn place_of(&mut self, found: &Found, stat: &Stat) -> Result<(PathBuf, Arc<KeptFolder>), String> {
        if let Some(keeping) = &mut self.keeping {
            return keeping.accept(found, stat).map_err(|error| format!("It cannot be copied: {error}."));
        }
        let path = self.readable_path(found);
        let path = path.map_err(|error| format!("Its name is not UTF-8 and cannot be changed: {error}."))?;
        Ok((path, Arc::clone(&self.workspace.folder)))
    }

    /// The file's path, which has to be text when an outcome crosses to another process: a file whose path is not is
    /// moved to one that is.
    fn readable_path(&mut self, found: &Found) -> io::Result<PathBuf> {
        if found.path.to_str().is_some() {
            return Ok(self.workspace.path().join(&found.path));
        }
        let name = format!("{}-{}", self.collection.files.len(), names::clean_last_part(&found.path));
        acting_as::owner_of(self.workspace.path(), || {
            let folder = match self.renamed.take() {
                Some(folder) => folder,
                None => self.make_renamed_folder()?,
            };
            let renamed = renameat(&found.folder, &found.name, &folder, name.as_str());
            self.renamed = Some(folder);
            Ok(renamed?)
        })?;
        Ok(self.workspace.path().join(RENAMED_FOLDER).join(name))
    }

    fn make_renamed_folder(&self) -> io::Result<OwnedFd> {
        match mkdirat(&self.workspace.directory, RENAMED_FOLDER, Mode::RWXU) {
            Ok(()) | Err(Errno::EXIST) => beneath::open_path(&self.workspace.directory, Path::new(RENAMED_FOLDER)),
            Err(error) => Err(error.into()),
        }
    }

    /// Names that had to be changed to be shown give way to those that did not.
    fn make_names_unique(&mut self) {
        if self.odd_names.is_empty() {
            return;
        }
        let odd: HashSet<usize> = self.odd_names.iter().copied().collect();
        let files = &mut self.collection.files;
        let as_they_are = files.iter().enumerate().filter(|(index, _)| !odd.contains(index));
        let mut taken: HashSet<String> = as_they_are.map(|(_, file)| file.name.clone()).collect();
        for &index in &self.odd_names {
            let plain = files[index].name.clone();
            let mut number = 1;
            while !taken.insert(files[index].name.clone()) {
                number += 1;
                files[index].name = names::numbered(&plain, number);
            }
        }
    }
}

/// Megabytes with one decimal.
fn megabytes(bytes: u64) -> String {
    let tenths = bytes.saturating_mul(10) / (1024 * 1024);
    format!("{}.{}", tenths / 10, tenths % 10)
}
