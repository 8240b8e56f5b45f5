//! Questions of the seccomp filter: receiving them, and answering (`seccomp_unotify(2)`).

use std::{
    io, mem,
    os::fd::{AsFd, AsRawFd as _, BorrowedFd, OwnedFd, RawFd},
    ptr,
};

use libc::{c_int, c_long, c_ulong, pid_t};
use rustix::io::Errno;

/// More than a kernel's notification needs today, should one say more some day.
const ROOM: usize = 512;

/// The descriptor that the filter was installed with: where questions arrive and answers go.
#[derive(Debug)]
pub(super) struct Listener(OwnedFd);

/// A system call that waits for its answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Notification {
    /// Names the question in its answer.
    pub(super) id: u64,
    /// The thread that waits, by its number as this process sees it.
    pub(super) thread: pid_t,
    pub(super) call: Call,
}

/// What a sandbox wants to do.
#[derive(Debug, Clone, Copy)]
pub(super) enum Call {
    Socket {
        domain: c_int,
        kind: c_int,
    },
    Connect {
        descriptor: RawFd,
        address: u64,
        length: c_int,
    },
    /// A call that the filter does not ask about.
    Unknown,
}

/// A notification with room behind it.
#[repr(C)]
struct Received {
    notification: libc::seccomp_notif,
    room: [u8; ROOM],
}

impl Listener {
    pub(super) fn new(descriptor: OwnedFd) -> Self {
        Self(descriptor)
    }

    /// Takes the next question; none when the one that announced itself is gone, since its thread was interrupted.
    pub(super) fn receive(&self) -> io::Result<Option<Notification>> {
        // SAFETY: the structure is made of numbers, for which zero is a value; the kernel asks for it to be zeroed.
        let mut received: Received = unsafe { mem::zeroed() };
        // SAFETY: the descriptor is open, and the request writes one notification, for which there is ample room.
        let done = unsafe {
            libc::ioctl(
                self.0.as_raw_fd(),
                libc::SECCOMP_IOCTL_NOTIF_RECV,
                (&raw mut received).cast::<libc::seccomp_notif>(),
            )
        };
        if done == 0 {
            return Ok(Some(Notification::from(&received.notification)));
        }
        match Errno::from_io_error(&io::Error::last_os_error()) {
            Some(Errno::NOENT | Errno::INTR) => Ok(None),
            Some(errno) => Err(errno.into()),
            None => Err(io::ErrorKind::Other.into()),
        }
    }

    /// Whether the question still waits. If so, what was read from its thread's memory was that thread's, and not
    /// another's which got its number.
    pub(super) fn still_waits(&self, id: u64) -> bool {
        // SAFETY: the descriptor is open, and the request reads one number.
        unsafe { libc::ioctl(self.0.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_ID_VALID, &raw const id) == 0 }
    }

    /// Ends the call with success or an error. Nothing happens when it does not wait any more.
    ///
    /// The call itself is never carried out: the kernel would read its arguments again, and they may have changed.
    pub(super) fn answer(&self, id: u64, answer: Result<(), Errno>) {
        let error = answer.err().map_or(0, |errno| -errno.raw_os_error());
        let mut response = libc::seccomp_notif_resp { id, val: 0, error, flags: 0 };
        // SAFETY: the descriptor is open, and the request reads one response.
        let _gone = unsafe { libc::ioctl(self.0.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_SEND, &raw mut response) };
    }

    /// Puts a copy of a descriptor into the waiting process and ends the call with its number there.
    pub(super) fn give(&self, id: u64, descriptor: BorrowedFd<'_>, close_on_exec: bool) -> Result<(), Errno> {
        let mut addition = libc::seccomp_notif_addfd {
            id,
            flags: u32::try_from(libc::SECCOMP_ADDFD_FLAG_SEND).unwrap_or_default(),
            srcfd: descriptor.as_raw_fd().cast_unsigned(),
            newfd: 0,
            newfd_flags: if close_on_exec { libc::O_CLOEXEC.cast_unsigned() } else { 0 },
        };
        // SAFETY: both descriptors are open, and the request reads one addition.
        let number = unsafe { libc::ioctl(self.0.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_ADDFD, &raw mut addition) };
        if number >= 0 { Ok(()) } else { Err(last_errno()) }
    }
}

impl AsFd for Listener {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl From<&libc::seccomp_notif> for Notification {
    fn from(raw: &libc::seccomp_notif) -> Self {
        let arguments = raw.data.args;
        let call = match c_long::from(raw.data.nr) {
            libc::SYS_socket => Call::Socket { domain: number(arguments[0]), kind: number(arguments[1]) },
            libc::SYS_connect => {
                Call::Connect { descriptor: number(arguments[0]), address: arguments[1], length: number(arguments[2]) }
            }
            _ => Call::Unknown,
        };
        Self { id: raw.id, thread: raw.pid.cast_signed(), call }
    }
}

/// An argument that is an `int` is the lower half of its register.
#[expect(clippy::cast_possible_truncation, reason = "the kernel, too, looks at the lower half alone")]
fn number(argument: u64) -> c_int {
    argument as c_int
}

/// Copies from the memory of another process, all or nothing.
pub(super) fn read_memory(thread: pid_t, address: u64, into: &mut [u8]) -> Result<(), Errno> {
    let length = into.len();
    let place = usize::try_from(address).map_err(|_| Errno::FAULT)?;
    let local = libc::iovec { iov_base: into.as_mut_ptr().cast(), iov_len: length };
    let remote = libc::iovec { iov_base: ptr::without_provenance_mut(place), iov_len: length };
    // SAFETY: `local` is `into`, borrowed for writing; `remote` is looked up in the other process, by the kernel.
    let copied = unsafe { libc::process_vm_readv(thread, &raw const local, 1, &raw const remote, 1, 0 as c_ulong) };
    match usize::try_from(copied) {
        Ok(copied) if copied == length => Ok(()),
        Ok(_) => Err(Errno::FAULT),
        Err(_) => Err(last_errno()),
    }
}

fn last_errno() -> Errno {
    Errno::from_io_error(&io::Error::last_os_error()).unwrap_or(Errno::IO)
}
