//! Shows files and folders of the host to sandboxes that are locked already.
//!
//! The mounter keeps the view of the host that the zygote gives up. It mounts into a file system whose mounts spread
//! into every sandbox (each sees its own folder of it as `/mnt/in`), and what it mounts can only be read.

use std::{
    collections::HashMap,
    fs, io,
    os::fd::{AsFd as _, BorrowedFd, OwnedFd},
    path::{Path, PathBuf},
};

use rustix::{
    event::{PollFd, PollFlags, poll},
    fs::CWD,
    mount::{MountFlags, MountPropagationFlags, MoveMountFlags, OpenTreeFlags, move_mount, open_tree},
};

use super::super::{
    mounting::{Failure, Saying as _, detach, empty_file, folder, memory, restrict_detached, spread},
    wire::{
        control::{Mounted, Slot, ToMounter},
        packets,
    },
};

/// Shows files for as long as there is somebody to show them to.
pub(super) struct Mounter {
    slots: PathBuf,
    shown: HashMap<Slot, Vec<PathBuf>>,
}

impl Mounter {
    /// Makes the file system that spreads into sandboxes.
    pub(super) fn prepare(slots: PathBuf) -> Result<Self, Failure> {
        folder(&slots)?;
        memory(&slots, MountFlags::NOEXEC, "size=16m,mode=755")?;
        spread(&slots, MountPropagationFlags::SHARED)?;
        Ok(Self { slots, shown: HashMap::new() })
    }

    /// Does what it is asked, until nobody is left to ask or the zygote has ended.
    pub(super) fn serve(mut self, socket: &OwnedFd, zygote: BorrowedFd<'_>) {
        loop {
            let mut waiting = [PollFd::new(socket, PollFlags::IN), PollFd::from_borrowed_fd(zygote, PollFlags::IN)];
            match poll(&mut waiting, None) {
                Err(rustix::io::Errno::INTR) => continue,
                Err(_) => return,
                Ok(_) if !waiting[1].revents().is_empty() => return,
                Ok(_) => {}
            }
            let Ok(Some((request, _))) = packets::receive::<ToMounter>(socket) else { return };
            let answer: Mounted = self.answer(request);
            if packets::send(socket, &answer, &[]).is_err() {
                return;
            }
        }
    }

    fn answer(&mut self, request: ToMounter) -> Mounted {
        match request {
            ToMounter::Open { slot } => folder(&self.folder(slot)),
            ToMounter::Show { slot, files } => files.iter().try_for_each(|(from, name)| self.show(slot, from, name)),
            ToMounter::Hide { slot, below } => self.hide(slot, &below),
            ToMounter::Close { slot } => self.close(slot),
        }
    }

    fn folder(&self, slot: Slot) -> PathBuf {
        self.slots.join(slot.to_string())
    }

    fn show(&mut self, slot: Slot, from: &Path, name: &Path) -> Result<(), Failure> {
        let at = self.folder(slot).join(name);
        let found = fs::symlink_metadata(from).saying(from.display())?;
        if found.is_dir() {
            folder(&at)?;
        } else if found.is_file() {
            empty_file(&at)?;
        } else {
            return Err(format!("{}: it is neither a file nor a folder", from.display()));
        }
        show_read_only(from, &at)?;
        self.shown.entry(slot).or_default().push(at);
        Ok(())
    }

    fn hide(&mut self, slot: Slot, below: &Path) -> Result<(), Failure> {
        let below = self.folder(slot).join(below);
        let shown = self.shown.entry(slot).or_default();
        for at in shown.extract_if(.., |at| at.starts_with(&below)) {
            detach(&at)?;
        }
        // Nothing of the host is below this any more.
        match fs::remove_dir_all(&below) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error).saying(below.display()),
            _ => Ok(()),
        }
    }

    fn close(&mut self, slot: Slot) -> Result<(), Failure> {
        for at in self.shown.remove(&slot).unwrap_or_default().iter().rev() {
            detach(at)?;
        }
        // Nothing of the host is below this any more: what could not be taken away has ended this function.
        let folder = self.folder(slot);
        fs::remove_dir_all(&folder).saying(folder.display())
    }
}

/// Mounts in a way that nobody sees it before it is protected.
fn show_read_only(from: &Path, at: &Path) -> Result<(), Failure> {
    let flags = OpenTreeFlags::OPEN_TREE_CLONE
        | OpenTreeFlags::OPEN_TREE_CLOEXEC
        | OpenTreeFlags::AT_RECURSIVE
        | OpenTreeFlags::AT_SYMLINK_NOFOLLOW;
    let tree = open_tree(CWD, from, flags).saying(from.display())?;
    restrict_detached(tree.as_fd())?;
    move_mount(tree, "", CWD, at, MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH).saying(at.display())
}
