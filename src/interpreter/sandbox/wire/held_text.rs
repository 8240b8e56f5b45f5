//! Text that a sandbox has written and not sent yet, in memory that its worker can read.
//!
//! A sandbox that dies sends nothing more, and what its code printed last is often the reason. So what is held back
//! lies where it outlives the sandbox; and since the worker looks there now and then, nobody has to be woken for it.
//!
//! The memory holds one text: where it stands in all that was written, who wrote it, its length, its bytes. The sandbox
//! changes them in an order in which a reader sees either a whole text or none; whoever reads looks twice. What a
//! hostile sandbox writes there is no worse than what it could send.

use std::{
    io,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    ptr::NonNull,
    sync::atomic::{AtomicU32, Ordering, fence},
};

use rustix::{
    fs::{MemfdFlags, SealFlags, fcntl_add_seals, ftruncate, memfd_create},
    io::pread,
    mm::{MapFlags, ProtFlags, mmap},
};

/// How much text is held back, in bytes.
pub(crate) const MOST_HELD: usize = 32 * 1024;

/// Where in the memory the parts lie.
const PLACE: usize = 0;
const WRITER: usize = 8;
const STREAM: usize = 16;
const LENGTH: usize = 20;
const TEXT: usize = 24;
const SIZE: usize = TEXT + MOST_HELD;

/// What is held back, as the worker finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    /// How many bytes were written before it.
    pub(crate) place: u64,
    /// 1 is standard output, 2 standard error.
    pub(crate) stream: u8,
    /// The number of the thread.
    pub(crate) writer: u64,
    /// The text.
    pub(crate) bytes: Vec<u8>,
}

/// The worker's end.
#[derive(Debug)]
pub(crate) struct Window(OwnedFd);

impl Window {
    /// Makes the memory.
    pub(crate) fn open() -> io::Result<Self> {
        let memory = memfd_create("taipan-text", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
        ftruncate(&memory, SIZE as u64)?;
        fcntl_add_seals(&memory, SealFlags::SHRINK | SealFlags::GROW | SealFlags::SEAL)?;
        Ok(Self(memory))
    }

    /// What is held back now; `None` where that is nothing, or is being changed.
    pub(crate) fn look(&self) -> Option<Held> {
        let mut head = [0; TEXT];
        self.read(0, &mut head)?;
        let length = usize::try_from(number32(&head, LENGTH)).unwrap_or(0);
        if length == 0 || length > MOST_HELD {
            return None;
        }
        let mut bytes = vec![0; length];
        self.read(TEXT, &mut bytes)?;
        fence(Ordering::SeqCst);
        let mut again = [0; TEXT];
        self.read(0, &mut again)?;
        // A text grows at its end alone. The next one has another place.
        let is_whole = again[..LENGTH] == head[..LENGTH] && number32(&again, LENGTH) >= number32(&head, LENGTH);
        is_whole.then(|| Held {
            place: number64(&head, PLACE),
            stream: u8::try_from(number32(&head, STREAM)).unwrap_or(0),
            writer: number64(&head, WRITER),
            bytes,
        })
    }

    fn read(&self, at: usize, bytes: &mut [u8]) -> Option<()> {
        let count = pread(&self.0, &mut *bytes, at as u64).ok()?;
        (count == bytes.len()).then_some(())
    }
}

impl AsFd for Window {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

fn number32(head: &[u8; TEXT], at: usize) -> u32 {
    head[at..].first_chunk().map_or(0, |bytes| u32::from_ne_bytes(*bytes))
}

fn number64(head: &[u8; TEXT], at: usize) -> u64 {
    head[at..].first_chunk().map_or(0, |bytes| u64::from_ne_bytes(*bytes))
}

/// The sandbox's end.
#[derive(Debug)]
pub(crate) struct HeldText {
    memory: NonNull<u8>,
    /// Who wrote it.
    source: (u8, u64),
    length: usize,
    /// Bytes written before it.
    place: u64,
}

// SAFETY: the memory is this object's alone in this process, and stays until the process ends.
unsafe impl Send for HeldText {}

impl HeldText {
    /// Begins with nothing, in memory the worker has made.
    pub(crate) fn new(memory: OwnedFd) -> io::Result<Self> {
        // SAFETY: a new mapping, wherever there is room. It is never taken away.
        let mapped = unsafe {
            mmap(std::ptr::null_mut(), SIZE, ProtFlags::READ | ProtFlags::WRITE, MapFlags::SHARED, memory, 0)?
        };
        let memory = NonNull::new(mapped.cast()).ok_or(io::ErrorKind::OutOfMemory)?;
        Ok(Self { memory, source: (0, 0), length: 0, place: 0 })
    }

    /// Adds text; gives whether there was room, and it follows on what is held of the same thread and stream.
    pub(crate) fn add(&mut self, stream: u8, writer: u64, bytes: &[u8]) -> bool {
        if self.length + bytes.len() > MOST_HELD || (self.length > 0 && self.source != (stream, writer)) {
            return false;
        }
        if self.length == 0 {
            self.source = (stream, writer);
            self.put(PLACE, &self.place.to_ne_bytes());
            self.put(WRITER, &writer.to_ne_bytes());
            self.put(STREAM, &u32::from(stream).to_ne_bytes());
            fence(Ordering::SeqCst);
        }
        self.put(TEXT + self.length, bytes);
        self.set_length(self.length + bytes.len());
        true
    }

    /// What is held, with its stream and writer; `None` where that is nothing.
    pub(crate) fn held(&self) -> Option<(u8, u64, &[u8])> {
        // SAFETY: the first bytes of the text lie within the memory, and only this object changes them.
        let bytes = unsafe { std::slice::from_raw_parts(self.memory.add(TEXT).as_ptr(), self.length) };
        (self.length > 0).then_some((self.source.0, self.source.1, bytes))
    }

    /// So many bytes were sent that were not held.
    pub(crate) fn passed(&mut self, bytes: usize) {
        self.place += bytes as u64;
    }

    /// What was held has been sent.
    pub(crate) fn clear(&mut self) {
        self.passed(self.length);
        self.set_length(0);
    }

    fn set_length(&mut self, length: usize) {
        self.length = length;
        // SAFETY: the number lies within the memory, at a multiple of its size, and only this object changes it.
        let shown = unsafe { AtomicU32::from_ptr(self.memory.add(LENGTH).as_ptr().cast()) };
        // `add` lets in no more than fits a number of this size.
        shown.store(u32::try_from(length).unwrap_or(0), Ordering::SeqCst);
        fence(Ordering::SeqCst);
    }

    fn put(&mut self, at: usize, bytes: &[u8]) {
        // SAFETY: `add` has seen to it that the bytes end within the memory, which nothing else in this process uses.
        unsafe { self.memory.add(at).copy_from_nonoverlapping(NonNull::from(bytes).cast(), bytes.len()) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends() -> (Window, HeldText) {
        let window = Window::open().unwrap();
        let text = HeldText::new(window.as_fd().try_clone_to_owned().unwrap()).unwrap();
        (window, text)
    }

    #[test]
    fn what_is_held_is_seen_with_its_place() {
        let (window, mut text) = ends();
        assert_eq!(window.look(), None);
        assert!(text.add(1, 0, b"one") && text.add(1, 0, b", two"));
        let held = |place, stream, writer, bytes: &[u8]| Some(Held { place, stream, writer, bytes: bytes.to_vec() });
        assert_eq!(window.look(), held(0, 1, 0, b"one, two"));
        text.clear();
        assert_eq!((window.look(), text.held()), (None, None));
        text.passed(100);
        assert!(text.add(2, 7, b"three"));
        assert_eq!(window.look(), held(108, 2, 7, b"three"));
    }

    #[test]
    fn one_text_is_of_one_writer_and_has_its_limit() {
        let (window, mut text) = ends();
        assert!(text.add(1, 0, b"a"));
        assert!(!text.add(2, 0, b"b") && !text.add(1, 1, b"b"));
        assert!(!text.add(1, 0, &vec![b'c'; MOST_HELD]));
        assert!(text.add(1, 0, &vec![b'c'; MOST_HELD - 1]));
        assert_eq!(window.look().unwrap().bytes.len(), MOST_HELD);
    }

    #[test]
    fn a_length_that_cannot_be_is_nothing() {
        let (window, mut text) = ends();
        text.add(1, 0, b"a");
        text.put(LENGTH, &u32::MAX.to_ne_bytes());
        assert_eq!(window.look(), None);
    }
}
