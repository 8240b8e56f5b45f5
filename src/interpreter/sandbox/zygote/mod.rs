//! The zygote: a process that holds a warm Python, and is copied for each sandbox.
//!
//! Three processes are needed, since a process cannot both see the host and be confined:
//!
//! 1. The one that was started becomes the [`mounter`]. It prepares what sandboxes see of the host ([`root`]).
//! 2. Its child becomes an ordinary user with namespaces of its own ([`identity`]), then waits for
//! 3. its own child, the first process in them: the zygote proper, which starts Python and forks sandboxes
//!    ([`forking`]), each into a namespace whose first process is made by [`inits`].
//!
//! Each ends when the one before it does, and the first when this program closes its socket.

mod forking;
mod huge_pages;
pub(super) mod identity;
mod inits;
mod mounter;
pub(super) mod root;

use std::{
    fs::File,
    io,
    os::fd::{AsFd as _, OwnedFd},
    path::Path,
};

use rustix::{
    process::{Pid, PidfdFlags, WaitOptions, pidfd_open, waitpid},
    stdio::dup2_stdin,
};

pub(super) use self::inits::{end, end_with_parent};
use self::{forking::Zygote, identity::Rights, inits::Inits, mounter::Mounter, root::Staging};
use super::{
    mounting::{Failure, Saying as _},
    protections::namespaces::Namespaces,
    wire::{
        control::{FromZygote, Refusal, Setup},
        packets,
    },
};
use crate::interpreter::{StartError, python::Python};

/// Is the zygote, and its mounter, until whoever started this process closes its standard input.
pub(crate) fn run() -> ! {
    let Ok(control) = take_control() else { end(2) };
    let Ok(Some((setup, descriptors))) = packets::receive::<Setup>(&control) else { end(2) };
    let Ok([mounter]) = <[OwnedFd; 1]>::try_from(descriptors) else { end(2) };
    if let Err(reason) = split(&control, &mounter, &setup) {
        // Should nobody listen any more, nobody needs to know.
        let _ = packets::send(&control, &FromZygote::Refused(Refusal::Sandbox(reason)), &[]);
        end(1);
    }
    end(0)
}

/// The socket that stands where standard input does; `/dev/null` takes its place.
fn take_control() -> io::Result<OwnedFd> {
    let control = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), 3)?;
    dup2_stdin(File::open("/dev/null")?)?;
    Ok(control)
}

/// Becomes the mounter, and the zygote as its grandchild.
fn split(control: &OwnedFd, mounter_socket: &OwnedFd, setup: &Setup) -> Result<(), Failure> {
    let outside = Namespaces::current().saying("the program's namespaces")?;
    let rights = identity::own_mounts()?;
    let mut staging = Staging::build(&setup.staging, &setup.venv)?;
    let mounter = Mounter::prepare(staging.slots())?;
    staging.stand_in()?;
    let Some(child) = fork().saying("a process")? else {
        let confined = confine(control, &staging, setup, (rights, outside));
        let Err(reason) = confined;
        let _ = packets::send(control, &FromZygote::Refused(Refusal::Sandbox(reason)), &[]);
        end(1);
    };
    let child = pidfd_open(child, PidfdFlags::empty()).saying("a handle on a process")?;
    mounter.serve(mounter_socket, child.as_fd());
    Ok(())
}

/// What does not come back but to say why it could not begin.
enum Never {}

fn confine(
    control: &OwnedFd,
    staging: &Staging,
    setup: &Setup,
    (rights, outside): (Rights, Namespaces),
) -> Result<Never, Failure> {
    if rights == Rights::Roots {
        identity::become_ordinary()?;
    }
    end_with_parent().saying("the mounter")?;
    identity::own_namespaces()?;
    if let Some(child) = fork().saying("a process")? {
        // Ended, by whatever: the mounter notices that this process is gone.
        let _ = waitpid(Some(child), WaitOptions::empty());
        end(0);
    }
    end_with_parent().saying("the parent")?;
    staging.enter(&setup.resolver)?;
    let inits = Inits::start().saying("the maker of first processes")?;
    let python = match start_python(setup) {
        Ok(python) => python,
        Err(refusal) => {
            let _ = packets::send(control, &FromZygote::Refused(refusal), &[]);
            end(1);
        }
    };
    let zygote = Zygote::prepare(control, inits, setup, outside)?;
    let hello = FromZygote::Hello { version: python.version.clone() };
    packets::send(control, &hello, &[]).saying("the first answer")?;
    zygote.serve().saying("the zygote")?;
    end(0)
}

fn start_python(setup: &Setup) -> Result<&'static Python, Refusal> {
    let python = Python::start_here(Path::new(root::VENV), &setup.preload).map_err(|error| match error {
        StartError::Preload { module, reason, .. } => Refusal::Preload { module, reason },
        error => Refusal::Python(error.to_string().trim_end_matches('.').to_owned()),
    })?;
    let threads = std::fs::read_dir("/proc/self/task").map_or(0, Iterator::count);
    if threads == 1 {
        return Ok(python);
    }
    // A copy of a process has one thread: what others held at that moment stays locked in it.
    Err(Refusal::Sandbox(format!(
        "the modules imported ahead start threads of their own ({threads} run); preload others"
    )))
}

/// Copies this process, in which no Python runs yet and which has one thread; `None` in the copy.
fn fork() -> io::Result<Option<Pid>> {
    // SAFETY: this process has one thread, so the copy lacks nothing.
    match unsafe { libc::fork() } {
        0 => Ok(None),
        process => Pid::from_raw(process.max(0)).map(Some).ok_or_else(io::Error::last_os_error),
    }
}

/// A handle on the namespace of this process's children.
fn own_process_namespace() -> io::Result<OwnedFd> {
    let flags = rustix::fs::OFlags::RDONLY | rustix::fs::OFlags::CLOEXEC;
    Ok(rustix::fs::open("/proc/self/ns/pid", flags, rustix::fs::Mode::empty())?)
}
