//! The file of earlier inputs: bounded, and nobody else's to read.

use std::{
    fs::{self, OpenOptions, Permissions},
    io,
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
};

/// Inputs that are kept.
pub(super) const MOST_INPUTS: usize = 1000;
/// Bytes of an input that is kept; what is larger was hardly typed.
pub(super) const LONGEST_INPUT: usize = 64 * 1024;

const READABLE_BY_ITS_OWNER: u32 = 0o600;

/// Makes the file where it is missing, and its owner's alone.
pub(super) fn prepare(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let file = OpenOptions::new().append(true).create(true).mode(READABLE_BY_ITS_OWNER).open(path)?;
    file.set_permissions(Permissions::from_mode(READABLE_BY_ITS_OWNER))
}
