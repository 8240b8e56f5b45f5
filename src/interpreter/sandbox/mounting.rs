//! Mounting, with errors that say what was mounted where.

use std::{
    ffi::{CStr, CString},
    fmt,
    fs::{self, File},
    io,
    os::{
        fd::{AsRawFd as _, BorrowedFd},
        unix::ffi::OsStrExt as _,
    },
    path::Path,
};

use rustix::{
    fs::CWD,
    io::Errno,
    mount::{MountFlags, MountPropagationFlags, UnmountFlags, mount, mount_bind_recursive, mount_change, unmount},
};

/// What keeps a sandbox from a `/proc` of its own.
const PROC_HIDDEN: &str = "a sandbox can have no /proc of its own, since parts of this system's /proc are hidden";

/// What could not be done, as the middle of a sentence.
pub(super) type Failure = String;

/// Says what was tried, in front of an error.
pub(super) trait Saying<T> {
    /// "`what`: the error".
    fn saying(self, what: impl fmt::Display) -> Result<T, Failure>;
}

impl<T, E: fmt::Display> Saying<T> for Result<T, E> {
    fn saying(self, what: impl fmt::Display) -> Result<T, Failure> {
        self.map_err(|error| format!("{what}: {error}"))
    }
}

/// How what is seen through a mount may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Read, and code executed from it.
    Read,
    /// Read alone.
    ReadFiles,
}

/// Shows a folder or file with everything mounted below it at another place.
pub(super) fn bind(from: &Path, to: &Path) -> Result<(), Failure> {
    mount_bind_recursive(from, to).saying(format_args!("showing {} at {}", from.display(), to.display()))
}

/// Mounts an empty file system in memory, with `options` such as `size=64m,mode=700`.
pub(super) fn memory(at: &Path, flags: MountFlags, options: &str) -> Result<(), Failure> {
    let options = CString::new(options).saying("options")?;
    let flags = flags | MountFlags::NOSUID | MountFlags::NODEV;
    mount("tmpfs", at, "tmpfs", flags, &*options).saying(format_args!("a file system in memory at {}", at.display()))
}

/// Mounts a view of the processes of this process's own namespace.
pub(super) fn processes(at: &Path) -> Result<(), Failure> {
    let flags = MountFlags::NOSUID | MountFlags::NODEV | MountFlags::NOEXEC;
    mount("proc", at, "proc", flags, None).map_err(|error| match error {
        // The kernel shows nobody more of `/proc` than he saw before.
        Errno::PERM => format!(
            "{PROC_HIDDEN} ({error}); in a container allow all of it (with Docker `--security-opt \
             systempaths=unconfined`)"
        ),
        error => format!("the processes at {}: {error}", at.display()),
    })
}

/// Changes how mounts below a place are seen by others.
pub(super) fn spread(at: &Path, how: MountPropagationFlags) -> Result<(), Failure> {
    mount_change(at, how).saying(format_args!("the spreading of mounts at {}", at.display()))
}

/// Takes a mount away with everything below it, at once for whoever looks and later for whoever still uses it.
pub(super) fn detach(at: &Path) -> Result<(), Failure> {
    unmount(at, UnmountFlags::DETACH).saying(format_args!("taking away {}", at.display()))
}

/// Makes a mount, and with `everything_below` also those below it, such that nothing is changed through it, no
/// device is used and nobody gains rights.
pub(super) fn restrict(at: &Path, how: Use, everything_below: bool) -> Result<(), Failure> {
    let path = CString::new(at.as_os_str().as_bytes()).saying("path")?;
    let below = if everything_below { libc::AT_RECURSIVE } else { 0 };
    set_attributes(CWD, &path, how, below).saying(format_args!("protecting {}", at.display()))
}

/// The same for files alone, on mounts that are nowhere yet.
pub(super) fn restrict_detached(tree: BorrowedFd<'_>) -> Result<(), Failure> {
    set_attributes(tree, c"", Use::Read, libc::AT_RECURSIVE | libc::AT_EMPTY_PATH).saying("protecting a file")
}

fn set_attributes(folder: BorrowedFd<'_>, path: &CStr, how: Use, flags: i32) -> io::Result<()> {
    let mut set = libc::MOUNT_ATTR_RDONLY | libc::MOUNT_ATTR_NOSUID | libc::MOUNT_ATTR_NODEV;
    if how == Use::ReadFiles {
        set |= libc::MOUNT_ATTR_NOEXEC;
    }
    // SAFETY: a plain structure of integers, for which zero is "nothing".
    let mut attributes: libc::mount_attr = unsafe { std::mem::zeroed() };
    attributes.attr_set = set;
    // SAFETY: the path and the structure live until the call returns, and its size is given with it.
    let done = unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            folder.as_raw_fd(),
            path.as_ptr(),
            flags,
            &raw const attributes,
            size_of::<libc::mount_attr>(),
        )
    };
    if done < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Makes a folder, and those above it.
pub(super) fn folder(at: &Path) -> Result<(), Failure> {
    fs::create_dir_all(at).saying(format_args!("the folder {}", at.display()))
}

/// Makes an empty file to mount something on, and the folders above it.
pub(super) fn empty_file(at: &Path) -> Result<(), Failure> {
    at.parent().map_or(Ok(()), folder)?;
    File::create(at).map(drop).saying(format_args!("the file {}", at.display()))
}
