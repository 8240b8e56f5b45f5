//! Which of the files that a run was given it has read (S9).

use std::{mem::MaybeUninit, os::fd::OwnedFd};

use rustix::fs::inotify::{self, CreateFlags, ReadFlags, WatchFlags};

use super::inputs::GivenFile;
use crate::identifiers::FileId;

const BUFFER_BYTES: usize = 4096;

/// Watches files for being read, by whoever and in whatever way: by the code, by a library in C, in a sandbox.
#[derive(Debug)]
pub(super) struct Reads {
    /// The kernel's queue; each watch ends with its first event, so that it holds no more than there are files. `None` where
    /// the system has no more queues to give.
    queue: Option<OwnedFd>,
    watched: Vec<(Option<i32>, FileId)>,
}

impl Reads {
    /// Starts watching. Takes microseconds for each file.
    pub(super) fn watch(files: &[GivenFile]) -> Self {
        let queue = match files {
            [] => None,
            _ => inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).ok(),
        };
        let watch = |file: &GivenFile| {
            let watch = inotify::add_watch(queue.as_ref()?, &file.path, WatchFlags::ACCESS | WatchFlags::ONESHOT);
            watch.ok()
        };
        let watched = files.iter().map(|file| (watch(file), file.record.file_id.clone())).collect();
        Self { queue, watched }
    }

    /// The files that were read. One that could not be watched counts as read: what is not known must not cost anybody
    /// a file.
    pub(super) fn finish(self) -> Vec<FileId> {
        let read = self.queue.as_ref().map(read_watches).unwrap_or_default();
        let was_read = |watch: &Option<i32>| watch.is_none_or(|watch| read.contains(&watch));
        self.watched.into_iter().filter(|(watch, _)| was_read(watch)).map(|(_, id)| id).collect()
    }
}

fn read_watches(queue: &OwnedFd) -> Vec<i32> {
    let mut buffer = [MaybeUninit::uninit(); BUFFER_BYTES];
    let mut events = inotify::Reader::new(queue, &mut buffer);
    let mut read = Vec::new();
    // Until nothing is in the queue any more.
    while let Ok(event) = events.next() {
        if event.events().contains(ReadFlags::ACCESS) {
            read.push(event.wd());
        }
    }
    read
}
