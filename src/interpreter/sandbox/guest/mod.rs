//! The inside of a sandbox: from the fork to the last word.
//!
//! - [`places`]: what it sees of the file system.
//! - [`locking`]: every right it does not need is given up, in the one order in which that works; [`verifying`]: and
//!   whether that holds.
//! - [`outbox`]: what code writes, on its way out.
//! - [`run`]: a run as the code's own functions need it.
//! - [`rehearsal`]: what finds out which [`pages`] of memory a first run touches, to make them ready ahead.

mod locking;
mod outbox;
mod pages;
mod places;
mod rehearsal;
mod run;
mod verifying;

use std::{
    io::{Read as _, Write as _},
    os::{
        fd::{AsFd as _, OwnedFd},
        unix::net::UnixStream,
    },
    sync::{Arc, Mutex},
    time::Duration,
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::Signal,
    stdio::{dup2_stderr, dup2_stdout},
};

use self::{outbox::Outbox, rehearsal::Rehearsal, run::GuestRun};

pub(super) use self::{
    places::{INPUTS, WORKSPACE},
    run::PACKAGES,
};
use super::{
    Limits,
    mounting::{Failure, Saying as _},
    protections::{Layer, Network, namespaces::Namespaces, seccomp::Filters},
    wire::{
        control::{Setup, Slot},
        conversation::{FromGuest, LONGEST_TO_GUEST, Order, ToGuest},
        frames::{self, Decoder},
        held_text::HeldText,
        packets,
    },
};
use crate::interpreter::python::{EndedRun, PythonThread, Surroundings};

/// What asks the code of a sandbox to stop.
pub(super) const STOP_SIGNAL: Signal = Signal::USR2;
/// What is read at once of what the worker says, in bytes.
const READ_BYTES: usize = 64 * 1024;
/// How long a new sandbox is idle before it makes ready what its run may need.
const MOMENT: Duration = Duration::from_millis(2);

/// What the zygote makes ready for all sandboxes.
pub(super) struct Preparation {
    filters: Filters,
    limits: Limits,
    network: Network,
    required: Vec<Layer>,
    /// The program's own namespaces.
    outside: Namespaces,
    /// Whether a sandbox has tried the layers already.
    is_tried: bool,
    rehearsal: Rehearsal,
}

impl Preparation {
    pub(super) fn new(setup: &Setup, outside: Namespaces) -> Result<Self, Failure> {
        Ok(Self {
            filters: Filters::compile(setup.network)?,
            limits: setup.limits,
            network: setup.network,
            required: setup.required.clone(),
            outside,
            is_tried: false,
            rehearsal: Rehearsal::default(),
        })
    }

    /// Finds out what sandboxes can make ready while they wait. Without, first runs take longer.
    pub(super) fn rehearse(&mut self, python: &PythonThread<'_>) {
        let held = rehearsal::practise(python).and_then(|()| Rehearsal::hold(python));
        match held {
            Ok(rehearsal) => self.rehearsal = rehearsal,
            Err(reason) => {
                // Standard error leads to the log of the program.
                let _ = writeln!(std::io::stderr(), "nothing is made ready for first runs: {reason}");
            }
        }
    }

    /// Notes that a sandbox was made, which tries the layers for all that follow.
    pub(super) fn has_made_one(&mut self) {
        self.is_tried = true;
    }

    /// Makes this process, a fresh copy of the zygote, a sandbox, and serves until there is nothing more to do.
    pub(super) fn become_guest(&self, python: &PythonThread<'_>, slot: Slot, given: [OwnedFd; 4]) -> ! {
        let served = self.live(python, slot, given);
        let code = match served {
            Ok(()) => 0,
            Err(reason) => {
                // Descriptor 2 leads to the parent, which reads there why a sandbox did not become ready.
                let _ = writeln!(std::io::stderr(), "{reason}");
                1
            }
        };
        // SAFETY: ends the process at once; nothing that is the zygote's may run here.
        unsafe { libc::_exit(code) }
    }

    fn live(&self, python: &PythonThread<'_>, slot: Slot, given: [OwnedFd; 4]) -> Result<(), Failure> {
        let [socket, stdout, stderr, memory] = given;
        dup2_stderr(stderr).saying("standard error")?;
        dup2_stdout(stdout).saying("standard output")?;
        let text = HeldText::new(memory).saying("memory for text")?;
        let folder = places::arrange(slot, &self.limits)?;
        let prepared = frames::encode(&FromGuest::Prepared).saying("a message")?;
        packets::send_bytes(&socket, &prepared, &[folder.as_fd()]).saying("the first message")?;
        drop(folder);
        self.rehearsal.always.make_ready(|| true);
        let reports = locking::lock(self, socket.as_fd(), !self.is_tried)?;
        let mut conversation = Conversation::new(socket.into(), text)?;
        set_signals();
        python.confine().saying("Python")?;
        conversation.outbox.send(&FromGuest::Ready(reports));
        // Who takes sandboxes as fast as they are made takes this one within a moment, and has better use for the time.
        if !conversation.is_waited_for(MOMENT) {
            self.rehearsal.usually.make_ready(|| !conversation.is_waited_for(Duration::ZERO));
        }
        conversation.serve(python)
    }
}

/// Lets faults end the process, and lets writing too much be an error as in any Python.
///
/// Rust's own handlers of faults, which tell of a full stack, let a signal pass that somebody sent. Python would ignore
/// the others itself, had it been told to see to signals.
fn set_signals() {
    let faults = [libc::SIGSEGV, libc::SIGBUS].map(|signal| (signal, libc::SIG_DFL));
    let errors = [libc::SIGXFSZ, libc::SIGPIPE].map(|signal| (signal, libc::SIG_IGN));
    for (signal, disposition) in faults.into_iter().chain(errors) {
        // SAFETY: a disposition without a function of ours.
        unsafe { libc::signal(signal, disposition) };
    }
}

/// What the worker and this sandbox say to each other.
struct Conversation {
    outbox: Arc<Outbox>,
    incoming: Arc<Mutex<Incoming>>,
}

/// What comes from the worker.
struct Incoming {
    socket: UnixStream,
    decoder: Decoder,
}

impl Conversation {
    fn new(socket: UnixStream, text: HeldText) -> Result<Self, Failure> {
        let reading = socket.try_clone().saying("the socket")?;
        let incoming = Incoming { socket: reading, decoder: Decoder::new(LONGEST_TO_GUEST) };
        Ok(Self { outbox: Outbox::new(socket, text), incoming: Arc::new(Mutex::new(incoming)) })
    }

    /// Whether there is something to do within so long.
    fn is_waited_for(&self, within: Duration) -> bool {
        let incoming = run::lock(&self.incoming);
        let within = Timespec::try_from(within).ok();
        poll(&mut [PollFd::new(&incoming.socket, PollFlags::IN)], within.as_ref()).is_ok_and(|ready| ready > 0)
    }

    /// Runs what it is given, one after the other, until the worker has nothing more.
    fn serve(&mut self, python: &PythonThread<'_>) -> Result<(), Failure> {
        let mut earlier: Option<EndedRun> = None;
        loop {
            let Some(message) = run::lock(&self.incoming).next()? else { return Ok(()) };
            let ToGuest::Run(order) = message else { return Err("an answer to nothing".to_owned()) };
            earlier = Some(self.run(python, order, earlier)?);
        }
    }

    fn run(&self, python: &PythonThread<'_>, order: Order, earlier: Option<EndedRun>) -> Result<EndedRun, Failure> {
        let run = Arc::new(GuestRun::new(order, Arc::clone(&self.outbox), Arc::clone(&self.incoming))?);
        let (end, ended) = python.execute(&(run as Arc<dyn Surroundings>), earlier)?;
        self.outbox.send(&FromGuest::Ended(end));
        Ok(ended)
    }
}

impl Incoming {
    /// Waits for a message; `None` when the worker is gone.
    fn next(&mut self) -> Result<Option<ToGuest>, Failure> {
        let mut buffer = vec![0; READ_BYTES];
        loop {
            if let Some(message) = self.decoder.next().saying("the worker")? {
                return Ok(Some(message));
            }
            match self.socket.read(&mut buffer) {
                Ok(0) => return Ok(None),
                Ok(count) => self.decoder.feed(&buffer[..count]),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error).saying("the worker"),
            }
        }
    }
}
