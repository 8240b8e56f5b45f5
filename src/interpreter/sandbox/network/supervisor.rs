//! Answers what a sandbox asks about: makes its sockets, judges where it wants to connect to, and connects.

use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    os::fd::{AsFd as _, OwnedFd, RawFd},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Instant,
};

use libc::c_int;
use rustix::{
    event::{PollFd, PollFlags, Timespec},
    io::Errno,
    net::{AddressFamily, SocketFlags, SocketType, ipproto, sockopt},
    process::PidfdGetfdFlags,
};

use super::{
    attempt::{Attempts, Bell, Destination, LONGEST, Question},
    notification::{self, Call, Listener, Notification},
    resolver,
    rules::{self, OutwardRules},
};

/// A socket address of any family fits (`sockaddr_storage`).
const LONGEST_ADDRESS: usize = 128;

/// The thread that answers one sandbox. Dropping it refuses whatever the sandbox asks from then on, gives up
/// connections that are being made, and waits for the threads: some milliseconds, at most a second.
#[derive(Debug)]
pub(in crate::interpreter::sandbox) struct Supervisor {
    bell: Arc<Bell>,
    stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Supervisor {
    /// Answers the questions of a sandbox until it ends.
    ///
    /// `listener` is what `install` gave there, `sandbox` a descriptor of its process. That process must be dumpable
    /// (`PR_SET_DUMPABLE`) and of this user, or this process must have `CAP_SYS_PTRACE`.
    ///
    /// # Errors
    /// When this process may not take descriptors of the sandbox's (`PermissionDenied`), or no thread can be started.
    pub(in crate::interpreter::sandbox) fn start(
        listener: OwnedFd,
        sandbox: OwnedFd,
        rules: Arc<OutwardRules>,
    ) -> io::Result<Self> {
        match rustix::process::pidfd_getfd(&sandbox, 0, PidfdGetfdFlags::empty()) {
            // It need not have that descriptor.
            Ok(_) | Err(Errno::BADF) => {}
            Err(errno) => return Err(errno.into()),
        }
        let (bell, stopping) = (Arc::new(Bell::new()?), Arc::new(AtomicBool::new(false)));
        let watch = Watch {
            attempts: Attempts::new(Arc::clone(&bell), LONGEST),
            listener: Arc::new(Listener::new(listener)),
            sandbox,
            rules,
            bell: Arc::clone(&bell),
            stopping: Arc::clone(&stopping),
        };
        let thread = thread::Builder::new().name("taipan-network".to_owned()).spawn(move || watch.keep())?;
        Ok(Self { bell, stopping, thread: Some(thread) })
    }
}

#[cfg(test)]
impl Supervisor {
    /// Whether the thread has ended by itself.
    pub(super) fn has_ended(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Release);
        self.bell.ring();
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been reported by itself.
            let _ = thread.join();
        }
    }
}

/// What the supervisor's thread works with.
struct Watch {
    attempts: Attempts,
    listener: Arc<Listener>,
    sandbox: OwnedFd,
    rules: Arc<OutwardRules>,
    bell: Arc<Bell>,
    stopping: Arc<AtomicBool>,
}

/// What there is to do.
enum News {
    Question,
    /// Something ended, or is late.
    Attempts,
    /// The sandbox is gone.
    End,
}

impl Watch {
    fn keep(mut self) {
        while !self.stopping.load(Ordering::Acquire) {
            let late = self.attempts.settle();
            match self.wait(late) {
                Ok(News::Question) => match self.listener.receive() {
                    Ok(Some(notification)) => self.decide(&notification),
                    Ok(None) => {}
                    Err(_) => break,
                },
                Ok(News::Attempts) | Err(Errno::INTR) => {}
                Ok(News::End) | Err(_) => break,
            }
        }
    }

    fn wait(&self, late: Option<Instant>) -> Result<News, Errno> {
        // While all attempts are taken, further questions wait, and with them the threads that ask.
        let questions = if self.attempts.is_full() { PollFlags::empty() } else { PollFlags::IN };
        let mut waiting = [
            PollFd::new(&*self.listener, questions),
            PollFd::new(&self.sandbox, PollFlags::IN),
            PollFd::new(self.bell.descriptor(), PollFlags::IN),
        ];
        let left = late.map(|late| late.saturating_duration_since(Instant::now()));
        let left = left.map(Timespec::try_from).transpose().map_err(|_| Errno::INVAL)?;
        rustix::event::poll(&mut waiting, left.as_ref())?;
        let [listener, sandbox, bell] = waiting.map(|one| one.revents());
        if !bell.is_empty() {
            self.bell.silence();
        }
        if !sandbox.is_empty() || listener.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            return Ok(News::End);
        }
        Ok(if listener.contains(PollFlags::IN) { News::Question } else { News::Attempts })
    }

    fn decide(&mut self, notification: &Notification) {
        let question = Question { listener: Arc::clone(&self.listener), id: notification.id };
        match notification.call {
            Call::Socket { domain, kind } => {
                if let Err(errno) = self.give_socket(notification.id, domain, kind) {
                    question.answer(Err(errno));
                }
            }
            Call::Connect { descriptor, address, length } => {
                let address = self.address_at(notification, address, length);
                let judged = address.and_then(|address| self.judge(address));
                match judged.and_then(|destination| Ok((self.take_socket(descriptor)?, destination))) {
                    Ok((socket, destination)) => self.attempts.begin(socket, destination, question),
                    Err(errno) => question.answer(Err(errno)),
                }
            }
            Call::Unknown => question.answer(Err(Errno::PERM)),
        }
    }

    /// Makes a TCP socket of this process's network namespace, the sandbox's own being empty.
    fn give_socket(&self, id: u64, domain: c_int, kind: c_int) -> Result<(), Errno> {
        let family = match domain {
            libc::AF_INET => AddressFamily::INET,
            libc::AF_INET6 => AddressFamily::INET6,
            _ => return Err(Errno::PERM),
        };
        let mut flags = SocketFlags::CLOEXEC;
        flags.set(SocketFlags::NONBLOCK, kind & libc::SOCK_NONBLOCK != 0);
        let socket = rustix::net::socket_with(family, SocketType::STREAM, flags, Some(ipproto::TCP))?;
        self.listener.give(id, socket.as_fd(), kind & libc::SOCK_CLOEXEC != 0)
    }

    /// Reads an address from the sandbox's memory. What is there may change at any time; this copy does not.
    fn address_at(&self, notification: &Notification, place: u64, length: c_int) -> Result<SocketAddr, Errno> {
        let length = usize::try_from(length).map_err(|_| Errno::INVAL)?;
        let mut bytes = [0; LONGEST_ADDRESS];
        let bytes = bytes.get_mut(..length).ok_or(Errno::INVAL)?;
        notification::read_memory(notification.thread, place, bytes)?;
        if !self.listener.still_waits(notification.id) {
            return Err(Errno::PERM);
        }
        socket_address(bytes)
    }

    fn judge(&self, address: SocketAddr) -> Result<Destination, Errno> {
        if address == resolver::NAMESERVER {
            let resolvers = self.rules.resolvers().map_or_else(resolver::of_this_host, |given| Ok(given.to_vec()));
            return resolvers.map(Destination::Nameserver).map_err(|_| Errno::HOSTUNREACH);
        }
        let rules = self.rules.refreshed().map_err(|_| Errno::PERM)?;
        rules::allowed(address, &rules).map(|()| Destination::Outward(address)).map_err(|refusal| {
            tracing::debug!(%address, %refusal, "a sandbox may not connect");
            Errno::PERM
        })
    }

    /// Takes a copy of a descriptor of the sandbox's that must be a TCP socket.
    fn take_socket(&self, descriptor: RawFd) -> Result<OwnedFd, Errno> {
        let socket = rustix::process::pidfd_getfd(&self.sandbox, descriptor, PidfdGetfdFlags::empty())?;
        let family = sockopt::socket_domain(&socket)?;
        let is_internet = family == AddressFamily::INET || family == AddressFamily::INET6;
        if is_internet && sockopt::socket_protocol(&socket)? == Some(ipproto::TCP) {
            Ok(socket)
        } else {
            Err(Errno::PERM)
        }
    }
}

/// Reads a socket address as the kernel would. Of families other than those of the internet none is allowed, nor is
/// `AF_UNSPEC`, which would undo a connection.
fn socket_address(bytes: &[u8]) -> Result<SocketAddr, Errno> {
    let (family, rest) = bytes.split_first_chunk().ok_or(Errno::INVAL)?;
    match c_int::from(u16::from_ne_bytes(*family)) {
        libc::AF_INET if bytes.len() >= size_of::<libc::sockaddr_in>() => {
            let (port, rest) = rest.split_first_chunk().ok_or(Errno::INVAL)?;
            let address: [u8; 4] = *rest.first_chunk().ok_or(Errno::INVAL)?;
            Ok(SocketAddr::from((Ipv4Addr::from(address), u16::from_be_bytes(*port))))
        }
        libc::AF_INET6 => {
            let (port, rest) = rest.split_first_chunk().ok_or(Errno::INVAL)?;
            let (_flow, rest) = rest.split_first_chunk::<4>().ok_or(Errno::INVAL)?;
            let address: [u8; 16] = *rest.first_chunk().ok_or(Errno::INVAL)?;
            // Only link-local addresses have a scope, and none of them is allowed.
            Ok(SocketAddr::from((Ipv6Addr::from(address), u16::from_be_bytes(*port))))
        }
        libc::AF_INET => Err(Errno::INVAL),
        _ => Err(Errno::PERM),
    }
}
