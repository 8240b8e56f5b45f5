//! Disks that become full, or read-only, and again what they were. Root has disks of its own, which nobody else sees and
//! which end with the test; to others happens what comes closest.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use rustix::{
    mount::{MountFlags, MountPropagationFlags, UnmountFlags, mount, mount_bind, mount_change, mount_remount, unmount},
    process::geteuid,
    thread::{UnshareFlags, unshare_unsafe},
};

pub(super) fn is_root() -> bool {
    geteuid().is_root()
}

/// Has what is mounted from now on seen by this thread and what it starts alone.
pub(super) fn mount_for_oneself() {
    // SAFETY: the thread shares its file descriptors as before, only the view of what is mounted becomes its own.
    unsafe { unshare_unsafe(UnshareFlags::NEWNS) }.unwrap();
    mount_change("/", MountPropagationFlags::PRIVATE | MountPropagationFlags::REC).unwrap();
}

/// A disk of so many megabytes.
pub(super) fn mount_disk(at: &Path, megabytes: usize) {
    let size = std::ffi::CString::new(format!("size={megabytes}m,mode=700")).unwrap();
    mount("tmpfs", at, "tmpfs", MountFlags::empty(), size.as_c_str()).unwrap();
}

pub(super) fn resize_disk(at: &Path, megabytes: usize) {
    let size = std::ffi::CString::new(format!("size={megabytes}m")).unwrap();
    mount_remount(at, MountFlags::empty(), size.as_c_str()).unwrap();
}

/// Lets nobody write into a folder, whatever goes on in it.
pub(super) fn make_read_only(folder: &Path) {
    if is_root() {
        // A disk on which something is being written cannot be made read-only; another view of it can.
        mount_bind(folder, folder).unwrap();
        mount_remount(folder, MountFlags::BIND | MountFlags::RDONLY, c"").unwrap();
    } else {
        each_folder(folder, 0o500);
    }
}

pub(super) fn make_writable_again(folder: &Path) {
    if is_root() {
        unmount(folder, UnmountFlags::DETACH).unwrap();
    } else {
        each_folder(folder, 0o700);
    }
}

fn each_folder(folder: &Path, mode: u32) {
    let inside = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    for folder in inside.chain([folder.to_owned()]) {
        // It may be removed in this moment.
        let _ = fs::set_permissions(folder, fs::Permissions::from_mode(mode));
    }
}
