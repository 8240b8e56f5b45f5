//! Copy on write: the originals never change, whatever the code opens for writing.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use rustix::fs::fstat;

use super::{Inputs, PlacedInput, open_original};
use crate::interpreter::workspace::{
    live::{lock, stamp},
    names,
};

/// Links that lead from one to the next are followed this far, as in the kernel.
const MAX_LINKS: usize = 40;

/// What the run's own copy of an input starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CopyStart {
    /// All bytes of the original: the code appends, or changes some of them.
    Content,
    /// Nothing: the code opens it to write it anew.
    Empty,
}

impl Inputs {
    /// Call it before code opens a path for writing. Where the path leads to an original (by the link in the folder,
    /// by a link or hard link the code made, or directly), the run gets its own copy, and the answer is the path to
    /// open instead. `None`: the path leads to no original and can be opened as it is.
    ///
    /// Relative paths are taken from the run's folder. Two threads may ask at once; one copies and both get the copy.
    ///
    /// # Errors
    /// When the copy cannot be made, for instance because the disk is full. The link stands as before.
    pub(crate) fn make_writable(&self, path: &Path, start: CopyStart) -> io::Result<Option<PathBuf>> {
        let path = self.folder.join(path);
        let Some(_) = self.original_behind(&path) else { return Ok(None) };
        let _one_at_a_time = lock(&self.copying);
        // Another thread may have made the copy while this one waited.
        let Some(input) = self.original_behind(&path) else { return Ok(Some(path)) };
        if let Some(place) = self.place_in_folder(&path) {
            self.copy_to(input, &place, start)?;
            return Ok(Some(path));
        }
        // The original itself was named. If its own place in the folder leads to it still, that becomes the copy.
        if self.original_behind(&input.path).is_some() || fs::symlink_metadata(&input.path).is_err() {
            self.copy_to(input, &input.path, start)?;
        }
        Ok(Some(input.path.clone()))
    }

    fn original_behind(&self, path: &Path) -> Option<&PlacedInput> {
        let file = fs::metadata(path).ok()?;
        self.files.iter().find(|input| input.is(&file))
    }

    /// The last name within the folder on the way that a path leads to its file.
    fn place_in_folder(&self, path: &Path) -> Option<PathBuf> {
        let mut place = None;
        let mut path = path.to_owned();
        for _ in 0..MAX_LINKS {
            let parent = fs::canonicalize(path.parent()?).ok()?;
            path = parent.join(path.file_name()?);
            if parent.starts_with(&self.folder) {
                place = Some(path.clone());
            }
            match fs::read_link(&path) {
                Ok(target) => path = parent.join(target),
                Err(_) => break,
            }
        }
        place
    }

    /// The copy takes the place's name in one step, so that nobody sees half of it.
    fn copy_to(&self, input: &PlacedInput, place: &Path, start: CopyStart) -> io::Result<()> {
        static COPIES: AtomicU64 = AtomicU64::new(0);
        let number = COPIES.fetch_add(1, Ordering::Relaxed);
        let new = self.folder.join(format!(".taipan-copy-{number}"));
        let copied = self.write_copy(input, place, &new, start).and_then(|()| fs::rename(&new, place));
        if copied.is_err() {
            // The error to tell is the first one.
            let _ = fs::remove_file(&new);
        }
        copied
    }

    fn write_copy(&self, input: &PlacedInput, place: &Path, new: &Path, start: CopyStart) -> io::Result<()> {
        let mut copy: File = OpenOptions::new().write(true).create_new(true).mode(0o600).open(new)?;
        if start == CopyStart::Content {
            // Shares blocks on file systems that can, and copies in the kernel on others.
            io::copy(&mut open_original(&input.original)?, &mut copy)?;
        }
        if let (Some(live), Ok(name)) = (&self.live, place.strip_prefix(&self.folder)) {
            live.pass_over(&names::shown(name), stamp(&fstat(&copy)?));
        }
        Ok(())
    }
}
