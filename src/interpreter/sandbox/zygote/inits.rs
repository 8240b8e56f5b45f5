//! The first processes of sandboxes.
//!
//! User code must not be the first process of its namespace: signals it sends to itself would be lost. So each
//! sandbox's first process is a tiny one that only waits, made by a process that was forked before Python started
//! and is small itself. When it is killed, the kernel ends every process of the namespace.

use std::{
    io,
    os::fd::{AsFd as _, OwnedFd},
};

use rustix::{
    io::{read, retry_on_intr, write},
    process::{Pid, PidfdFlags, getppid, pidfd_open, set_parent_process_death_signal},
    thread::{LinkNameSpaceType, UnshareFlags, move_into_link_name_space},
};

use super::{fork, identity::unshare, own_process_namespace};

/// What leads to the maker of first processes.
pub(super) struct Inits {
    asking: OwnedFd,
    answers: OwnedFd,
}

/// A sandbox's first process.
pub(super) struct Init {
    /// A handle on it.
    pub(super) process: OwnedFd,
    /// Its namespace of processes.
    pub(super) namespace: OwnedFd,
}

impl Inits {
    /// Starts the maker.
    pub(super) fn start() -> io::Result<Self> {
        let (asked, asking) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
        let (answers, answering) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
        if fork()?.is_none() {
            drop((asking, answers));
            // Whatever ends this ends it for good.
            let _ = make_all(&asked, &answering);
            end(1);
        }
        Ok(Self { asking, answers })
    }

    /// Makes a first process in a new namespace.
    pub(super) fn make(&self) -> io::Result<Init> {
        let mut answer = [0; size_of::<i32>()];
        retry_on_intr(|| write(&self.asking, &[0]))?;
        let count = retry_on_intr(|| read(&self.answers, &mut answer))?;
        let answer = i32::from_ne_bytes(answer);
        let (true, Some(process)) = (count == size_of::<i32>(), Pid::from_raw(answer.max(0))) else {
            let reason = io::Error::from_raw_os_error(-answer);
            return Err(io::Error::other(format!("no process could be made for a sandbox: {reason}")));
        };
        let path = format!("/proc/{}/ns/pid", process.as_raw_nonzero());
        let flags = rustix::fs::OFlags::RDONLY | rustix::fs::OFlags::CLOEXEC;
        let namespace = rustix::fs::open(path, flags, rustix::fs::Mode::empty())?;
        Ok(Init { process: pidfd_open(process, PidfdFlags::empty())?, namespace })
    }
}

fn make_all(asked: &OwnedFd, answering: &OwnedFd) -> io::Result<()> {
    end_with_parent()?;
    // The system takes ended children away by itself.
    // SAFETY: a disposition without a function of ours.
    unsafe { libc::signal(libc::SIGCHLD, libc::SIG_IGN) };
    let own = own_process_namespace()?;
    let mut request = [0];
    while retry_on_intr(|| read(asked, &mut request))? == 1 {
        let made = unshare(UnshareFlags::NEWPID).and_then(|()| fork());
        let answer = match made {
            Ok(None) => wait_for_ever()?,
            Ok(Some(child)) => child.as_raw_nonzero().get(),
            // There may be room for another later.
            Err(error) => -error.raw_os_error().unwrap_or(libc::EAGAIN),
        };
        move_into_link_name_space(own.as_fd(), Some(LinkNameSpaceType::ProcessID))?;
        retry_on_intr(|| write(answering, &answer.to_ne_bytes()))?;
    }
    Ok(())
}

/// What a first process does: it needs nothing but its life.
fn wait_for_ever() -> io::Result<i32> {
    // Without a parent it is about to be ended.
    let _ = end_with_parent();
    super::super::protections::descriptors::close_all_but(&[])?;
    loop {
        // SAFETY: waits for a signal; there are no arguments.
        unsafe { libc::pause() };
    }
}

/// Has this process killed when the one that forked it ends.
pub(in super::super) fn end_with_parent() -> io::Result<()> {
    let parent = getppid();
    set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    // It may have ended before the wish was made.
    if getppid() == parent { Ok(()) } else { Err(io::Error::other("the parent has ended")) }
}

/// Ends this process without running anything that belongs to the one it is a copy of.
pub(in super::super) fn end(code: i32) -> ! {
    // SAFETY: ends the process at once.
    unsafe { libc::_exit(code) }
}
