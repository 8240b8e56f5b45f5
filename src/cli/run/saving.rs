//! Brings the generated files to the folder that was asked for, and loses none on the way.

use std::{
    fs, io, mem,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use crate::{GeneratedFile, Outcome};

/// What became of the generated files.
pub(super) struct Saved {
    /// In the order of the outcome's own list.
    pub(super) files: Vec<SavedFile>,
    /// Sentences about what could not be saved where it should be, and where it is instead.
    pub(super) problems: Vec<String>,
    /// Some files lie nowhere but in the run's own folder.
    needs_run_folder: bool,
}

/// A generated file and its place.
pub(super) struct SavedFile {
    /// Path relative to the run's folder.
    pub(super) name: String,
    /// Where it is now.
    pub(super) path: PathBuf,
    /// What happened to it.
    pub(super) place: Place,
}

/// Where a file was saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In the folder that was asked for.
    New,
    /// There too, instead of an older file of that name.
    Replaced,
    /// Somewhere else, because that was not possible.
    Elsewhere,
}

impl Saved {
    /// Lets the outcome go, but not the only copy of a file.
    pub(super) fn keep(&self, outcome: Outcome) {
        if self.needs_run_folder {
            mem::forget(outcome);
        }
    }
}

/// Saves every file in `out`; where that fails in a new folder for temporary files; else it stays where it is.
pub(super) fn save(outcome: &Outcome, out: &Path) -> Saved {
    let mut rescue = Rescue::default();
    let mut saved = Saved { files: Vec::new(), problems: Vec::new(), needs_run_folder: false };
    for file in &outcome.generated_files {
        let name = file.name.clone();
        match put(file, out) {
            Ok((path, place)) => saved.files.push(SavedFile { name, path, place }),
            Err(error) => {
                let path = rescue.put(file).unwrap_or_else(|_| file.path.clone());
                let is_rescued = path != file.path;
                saved.needs_run_folder |= !is_rescued;
                saved.problems.push(format!(
                    "{name} could not be saved in {}: {error}. It is kept as {}; {}.",
                    out.display(),
                    path.display(),
                    if is_rescued { "move it from there" } else { "copy it before Taipan starts again and cleans up" }
                ));
                saved.files.push(SavedFile { name, path, place: Place::Elsewhere });
            }
        }
    }
    saved
}

/// A folder for what cannot be saved where it should be; made when it is needed.
#[derive(Default)]
struct Rescue(Option<PathBuf>);

impl Rescue {
    /// Moves the file there, which a full disk allows as long as it is the same disk, or else copies it.
    fn put(&mut self, file: &GeneratedFile) -> io::Result<PathBuf> {
        let folder = self.folder()?;
        let target = folder.join(&file.name);
        fs::create_dir_all(target.parent().unwrap_or(&folder))?;
        match fs::rename(&file.path, &target) {
            Ok(()) => Ok(target),
            Err(_) => put(file, &folder).map(|(path, _)| path),
        }
    }

    fn folder(&mut self) -> io::Result<PathBuf> {
        if let Some(folder) = &self.0 {
            return Ok(folder.clone());
        }
        let folder = tempfile::Builder::new().prefix("taipan-out-").tempdir()?.keep();
        self.0 = Some(folder.clone());
        Ok(folder)
    }
}

/// Puts a file at `folder/name`. It gets its name when it is whole, so a full disk costs no older file.
fn put(file: &GeneratedFile, folder: &Path) -> io::Result<(PathBuf, Place)> {
    let target = folder.join(&file.name);
    let parent = target.parent().unwrap_or(folder);
    fs::create_dir_all(parent)?;
    let place = if target.symlink_metadata().is_ok() { Place::Replaced } else { Place::New };
    // Not the rights that the code gave it: it could let everybody run it as the one who saves it.
    let usual = fs::Permissions::from_mode(0o666);
    let mut part = tempfile::Builder::new().prefix(".taipan-").permissions(usual).tempfile_in(parent)?;
    io::copy(&mut fs::File::open(&file.path)?, part.as_file_mut())?;
    part.persist(&target).map_err(|failed| failed.error)?;
    Ok((target, place))
}
