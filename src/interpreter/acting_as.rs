//! Making files where this program's own user has no name.
//!
//! A sandbox's folder belongs to its user namespace. Root can read and change everything in it but make or name nothing: its
//! number means nothing there. So whoever makes something acts as the folder's owner for that moment.

use std::{fs, io, os::unix::fs::MetadataExt as _, path::Path};

use rustix::process::geteuid;

/// Does something to files as the owner of a folder, where this program is run by root and the folder is not root's.
/// Elsewhere it is simply done.
pub(crate) fn owner_of<R>(folder: &Path, work: impl FnOnce() -> io::Result<R>) -> io::Result<R> {
    if !geteuid().is_root() {
        return work();
    }
    let owner = fs::metadata(folder)?;
    if owner.uid() == 0 {
        return work();
    }
    let _acting = Acting::start(owner.uid(), owner.gid());
    work()
}

/// This thread is somebody else to file systems until this is dropped.
struct Acting {
    user: libc::uid_t,
    group: libc::gid_t,
}

impl Acting {
    fn start(user: u32, group: u32) -> Self {
        // SAFETY: plain system calls, which concern this thread alone. The group comes first: changing the user takes
        // the right to change the group.
        let (group, user) = unsafe { (libc::setfsgid(group), libc::setfsuid(user)) };
        Self { user: user.cast_unsigned(), group: group.cast_unsigned() }
    }
}

impl Drop for Acting {
    fn drop(&mut self) {
        // SAFETY: as above; back to what it was.
        unsafe {
            libc::setfsuid(self.user);
            libc::setfsgid(self.group);
        }
    }
}
