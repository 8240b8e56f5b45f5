//! seccomp: a list of the system calls that a sandbox may make; everything else is answered with an error.
//!
//! Answered, not ended: a library that tries something new finds out and goes another way, where a filter that kills
//! would lose runs to the next version of libc. There are two answers:
//!
//! - `EPERM` to what is known and refused; Python makes `PermissionError` of it.
//! - `ENOSYS` to what is not known, to `clone3` and to `io_uring`: libc and others then use what older kernels have.
//!   x32's calls have numbers that are not known.
//!
//! Only calls of another processor type (those of 32-bit programs, by `int 0x80`) end the process: no library makes
//! any, and their numbers mean something else.

use std::io;

use libc::c_long;
use seccompiler::{BackendError, BpfProgram, apply_filter};

use super::{
    Network,
    call_arguments::by_arguments,
    decision_tree::{Answer, program},
    system_calls::{ALLOWED, ALLOWED_HERE, REFUSED, REFUSED_HERE},
};

/// The list as the kernel reads it, made once and used for each sandbox.
#[derive(Clone, Debug)]
pub(crate) struct Filters {
    program: BpfProgram,
}

impl Filters {
    /// Translates the list for the kernel.
    ///
    /// # Errors
    /// On processors for which there is no list.
    pub(crate) fn compile(network: Network) -> Result<Self, String> {
        let program = answers(network).and_then(program);
        program
            .map(|program| Self { program })
            .map_err(|error| format!("The list of system calls could not be translated: {error}."))
    }

    /// Puts the list in force for this thread and all that it starts; there is no way back.
    ///
    /// # Errors
    /// When the kernel has no seccomp filters, or a container forbids them.
    pub(crate) fn apply(&self) -> Result<(), String> {
        apply_filter(&self.program).map_err(|error| {
            format!(
                "System calls could not be restricted: {error}. The kernel needs CONFIG_SECCOMP_FILTER, and a \
                 container's profile must allow the calls `prctl` and `seccomp`."
            )
        })
    }
}

/// What each known call is answered.
fn answers(network: Network) -> Result<Vec<(c_long, Answer)>, BackendError> {
    let refused = REFUSED.iter().chain(REFUSED_HERE).map(|call| (*call, Answer::Refused));
    let allowed = ALLOWED.iter().chain(ALLOWED_HERE).map(|call| (*call, Answer::Allowed));
    let depending = by_arguments(network)?.into_iter().map(|(call, rules)| (call, Answer::allowed_if(rules)));
    Ok(refused.chain(allowed).chain(depending).collect())
}

/// Tries to trace, to make a namespace, to open a socket and to use `io_uring`.
///
/// # Errors
/// What was answered otherwise than by this list.
pub(crate) fn verify(network: Network) -> Result<(), String> {
    // SAFETY: none of these calls gets a pointer, and all are to be refused before they do anything.
    let call = |number, argument: c_long| unsafe { libc::syscall(number, argument, 0, 0, 0) };
    let refused = [
        ("ptrace", libc::SYS_ptrace, libc::PTRACE_TRACEME.into(), libc::EPERM),
        ("unshare", libc::SYS_unshare, libc::CLONE_NEWUSER.into(), libc::EPERM),
        ("bpf", libc::SYS_bpf, -1, libc::EPERM),
        ("io_uring_setup", libc::SYS_io_uring_setup, 0, libc::ENOSYS),
        ("clone3", libc::SYS_clone3, 0, libc::ENOSYS),
    ];
    let socket = ("socket", libc::SYS_socket, libc::AF_NETLINK.into(), libc::EPERM);
    let offline = ("socket", libc::SYS_socket, libc::AF_INET.into(), libc::EPERM);
    let sockets = if network == Network::Off { [socket, offline] } else { [socket, socket] };
    for (name, number, argument, expected) in refused.into_iter().chain(sockets) {
        let answer = call(number, argument);
        let error = io::Error::last_os_error();
        if answer != -1 || error.raw_os_error() != Some(expected) {
            return Err(format!("The system call `{name}` is not refused."));
        }
    }
    Ok(())
}
