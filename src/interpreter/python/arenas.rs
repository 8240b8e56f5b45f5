//! Memory for Python's objects, side by side.
//!
//! Python takes memory for its objects from the system by the megabyte, at whatever addresses that gives. A process
//! that is to be copied again and again is copied faster when they lie side by side: the system can then keep them in
//! large pages.

use std::{
    ffi::c_void,
    ptr::{self, NonNull},
    sync::{Mutex, MutexGuard, PoisonError},
};

use pyo3::ffi;
use rustix::mm::{Advice, MapFlags, MprotectFlags, ProtFlags, madvise, mmap_anonymous, mprotect, munmap};

/// How much there is room for; what Python needs beyond it comes from anywhere.
const ROOM: usize = 512 * 1024 * 1024;
/// What takes less is no memory for objects, but stacks of frames, which come and go.
const LEAST: usize = 256 * 1024;
/// The size of a large page, in bytes.
const LARGE: usize = 2 * 1024 * 1024;

static ROOMS: Mutex<Option<Room>> = Mutex::new(None);

/// Addresses side by side. Only what is in use can be written to, since a limit on memory counts all that can.
struct Room {
    next: usize,
    usable: usize,
    end: usize,
    /// Pieces that Python has given back, with their sizes.
    free: Vec<(usize, usize)>,
}

/// Has Python take its memory from one room from now on. Before Python starts.
pub(super) fn lie_side_by_side() {
    let Some(room) = Room::open() else { return };
    *rooms() = Some(room);
    let mut arenas = ffi::PyObjectArenaAllocator { ctx: ptr::null_mut(), alloc: Some(take), free: Some(give_back) };
    // SAFETY: Python, which has not started, copies the structure; both functions live as long as the program.
    unsafe { ffi::PyObject_SetArenaAllocator(&raw mut arenas) };
}

fn rooms() -> MutexGuard<'static, Option<Room>> {
    ROOMS.lock().unwrap_or_else(PoisonError::into_inner)
}

extern "C" fn take(_: *mut c_void, size: usize) -> *mut c_void {
    let taken = rooms().as_mut().and_then(|room| room.take(size));
    taken.or_else(|| anywhere(size)).map_or(ptr::null_mut(), NonNull::as_ptr)
}

extern "C" fn give_back(_: *mut c_void, address: *mut c_void, size: usize) {
    if !rooms().as_mut().is_some_and(|room| room.give_back(address, size)) {
        // SAFETY: a mapping of `anywhere`, of this size, which nobody uses any more.
        let _ = unsafe { munmap(address, size) };
    }
}

fn anywhere(size: usize) -> Option<NonNull<c_void>> {
    // SAFETY: a new mapping at an address of the system's choice.
    let address =
        unsafe { mmap_anonymous(ptr::null_mut(), size, ProtFlags::READ | ProtFlags::WRITE, MapFlags::PRIVATE) };
    address.ok().and_then(NonNull::new)
}

impl Room {
    fn open() -> Option<Self> {
        let flags = MapFlags::PRIVATE | MapFlags::NORESERVE;
        // SAFETY: a new mapping at an address of the system's choice.
        let address = unsafe { mmap_anonymous(ptr::null_mut(), ROOM, ProtFlags::empty(), flags) }.ok()?;
        let start = (address as usize).next_multiple_of(LARGE);
        Some(Self { next: start, usable: start, end: address as usize + ROOM, free: Vec::new() })
    }

    fn take(&mut self, size: usize) -> Option<NonNull<c_void>> {
        if size < LEAST {
            return None;
        }
        if let Some(place) = self.free.iter().position(|(_, free)| *free == size) {
            return NonNull::new(self.free.swap_remove(place).0 as *mut c_void);
        }
        let after = self.next.checked_add(size).filter(|after| *after <= self.end)?;
        if after > self.usable {
            let more = (after - self.usable).next_multiple_of(LARGE).min(self.end - self.usable);
            let flags = MprotectFlags::READ | MprotectFlags::WRITE;
            // SAFETY: addresses of the mapping that nothing uses yet.
            unsafe { mprotect(self.usable as *mut c_void, more, flags) }.ok()?;
            self.usable += more;
        }
        let address = std::mem::replace(&mut self.next, after);
        NonNull::new(address as *mut c_void)
    }

    /// Whether the piece is of this room.
    fn give_back(&mut self, address: *mut c_void, size: usize) -> bool {
        if !(self.end - ROOM..self.end).contains(&(address as usize)) {
            return false;
        }
        // SAFETY: pages of the mapping that nobody uses any more; they are empty when they are used again.
        let _ = unsafe { madvise(address, size, Advice::LinuxDontNeed) };
        self.free.push((address as usize, size));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PIECE: usize = 1024 * 1024;

    #[test]
    fn pieces_lie_side_by_side_and_are_empty_when_they_are_used_again() {
        let mut room = Room::open().unwrap();
        let first = room.take(PIECE).unwrap();
        let second = room.take(PIECE).unwrap();
        assert_eq!(first.as_ptr() as usize % LARGE, 0);
        assert_eq!(second.as_ptr() as usize, first.as_ptr() as usize + PIECE);
        // SAFETY: the piece is writable, and nobody else has it.
        unsafe { first.cast::<u8>().write(1) };
        assert!(room.give_back(first.as_ptr(), PIECE));
        assert_eq!(room.take(PIECE), Some(first));
        // SAFETY: as above.
        assert_eq!(unsafe { first.cast::<u8>().read() }, 0);
    }

    #[test]
    fn what_is_small_or_does_not_fit_comes_from_elsewhere() {
        let mut room = Room::open().unwrap();
        assert_eq!(room.take(LEAST - 1), None);
        assert_eq!(room.take(ROOM + 1), None);
        let elsewhere = anywhere(PIECE).unwrap();
        assert!(!room.give_back(elsewhere.as_ptr(), PIECE));
        give_back(ptr::null_mut(), elsewhere.as_ptr(), PIECE);
        let pieces = std::iter::from_fn(|| room.take(PIECE)).count();
        assert!((ROOM / PIECE - 2..=ROOM / PIECE).contains(&pieces), "{pieces}");
    }
}
