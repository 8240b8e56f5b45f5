//! What a sandbox sees of the file system: the zygote's root, which it cannot change, and folders of its own.

use std::{os::fd::OwnedFd, path::Path};

use rustix::{
    fs::{Mode, OFlags, open},
    mount::{MountFlags, MountPropagationFlags},
    process::chdir,
    thread::UnshareFlags,
};

use super::super::{
    Limits,
    mounting::{Failure, Saying as _, Use, bind, detach, memory, processes, restrict, spread},
    wire::control::Slot,
    zygote::{identity::unshare, root::SLOTS},
};

/// Where the code works.
pub(in super::super) const WORKSPACE: &str = "/mnt/data";
/// Where the files it was given are.
pub(in super::super) const INPUTS: &str = "/mnt/in";

/// Arranges the places; gives a handle on the folder the code works in.
pub(super) fn arrange(slot: Slot, limits: &Limits) -> Result<OwnedFd, Failure> {
    unshare(UnshareFlags::NEWNS | UnshareFlags::NEWIPC | UnshareFlags::NEWUTS).saying("own mounts")?;
    rustix::system::sethostname(b"sandbox").saying("the host's name")?;
    // What the mounter mounts is seen here; what is mounted here is seen by nobody.
    spread(Path::new("/"), MountPropagationFlags::DOWNSTREAM | MountPropagationFlags::REC)?;
    let inputs = Path::new(INPUTS);
    bind(&Path::new(SLOTS).join(slot.to_string()), inputs)?;
    restrict(inputs, Use::ReadFiles, false)?;
    detach(Path::new(SLOTS))?;
    own_folder(WORKSPACE, limits.disk_bytes(), limits.workspace_entries)?;
    own_folder("/tmp", limits.temporary_bytes, limits.temporary_entries)?;
    own_folder("/dev/shm", limits.temporary_bytes, limits.temporary_entries)?;
    processes(Path::new("/proc"))?;
    chdir(WORKSPACE).saying("entering the folder")?;
    open(WORKSPACE, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()).saying("the folder")
}

fn own_folder(at: &str, bytes: u64, entries: u64) -> Result<(), Failure> {
    let options = format!("size={bytes},nr_inodes={entries},mode=700");
    memory(Path::new(at), MountFlags::empty(), &options)
}
