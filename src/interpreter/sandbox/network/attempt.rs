//! Connections that are being made, each on a thread of its own, since a sandbox's socket may be a blocking one.

use std::{
    io,
    net::SocketAddr,
    os::fd::OwnedFd,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use rustix::{
    event::EventfdFlags,
    io::Errno,
    net::{self, Shutdown},
};

use super::{notification::Listener, relay};

/// As many connections of one sandbox are made at once; others wait.
const MAX_ATTEMPTS: usize = 16;

/// After so long a connection that nobody answers is given up.
pub(super) const LONGEST: Duration = Duration::from_secs(60);

/// Between two tries to wake a thread that is being waited for.
const PAUSE: Duration = Duration::from_millis(2);

/// Enough for a connection or the relay of a nameserver.
const STACK: usize = 256 * 1024;

/// Where a socket is to be connected to; judged already.
pub(super) enum Destination {
    /// An address outside.
    Outward(SocketAddr),
    /// The made-up nameserver, with the resolvers that stand behind it.
    Nameserver(Vec<SocketAddr>),
}

/// A call that waits for its answer.
pub(super) struct Question {
    pub(super) listener: Arc<Listener>,
    pub(super) id: u64,
}

impl Question {
    pub(super) fn answer(&self, answer: Result<(), Errno>) {
        self.listener.answer(self.id, answer);
    }
}

/// Wakes the supervisor's thread; can be waited for with `poll`.
#[derive(Debug)]
pub(super) struct Bell(OwnedFd);

impl Bell {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self(rustix::event::eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?))
    }

    pub(super) fn descriptor(&self) -> &OwnedFd {
        &self.0
    }

    pub(super) fn ring(&self) {
        // It cannot fail before it rang 2⁶⁴ times unheard.
        let _ = rustix::io::write(&self.0, &1_u64.to_ne_bytes());
    }

    /// Silences it; who waits next waits for the next ring.
    pub(super) fn silence(&self) {
        // Nothing to read is silence too.
        let _ = rustix::io::read(&self.0, &mut [0_u8; 8]);
    }
}

/// What an attempt's thread and the supervisor's share.
struct State {
    /// Until `connect` has returned. Kept for longer, it would keep the connection open after the sandbox closed it.
    socket: Mutex<Option<Arc<OwnedFd>>>,
    given_up: AtomicBool,
    over: AtomicBool,
}

impl State {
    fn socket(&self) -> MutexGuard<'_, Option<Arc<OwnedFd>>> {
        self.socket.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Attempt {
    state: Arc<State>,
    until: Instant,
    thread: JoinHandle<()>,
}

impl Attempt {
    /// Makes a connection that is under way fail, and what is relayed end.
    fn give_up(&self) {
        self.state.given_up.store(true, Ordering::Release);
        if let Some(socket) = &*self.state.socket() {
            // A socket that is not being connected yet needs no shutting down.
            let _ = net::shutdown(socket, Shutdown::Both);
        }
    }

    fn is_over(&self) -> bool {
        self.state.over.load(Ordering::Acquire) || self.thread.is_finished()
    }
}

/// The connections of one sandbox that are being made. Dropping it gives them up and waits for their threads.
pub(super) struct Attempts {
    going_on: Vec<Attempt>,
    bell: Arc<Bell>,
    longest: Duration,
}

impl Attempts {
    /// Rings the bell whenever one has ended; gives up one that takes longer than this.
    pub(super) fn new(bell: Arc<Bell>, longest: Duration) -> Self {
        Self { going_on: Vec::with_capacity(MAX_ATTEMPTS), bell, longest }
    }

    pub(super) fn is_full(&self) -> bool {
        self.going_on.len() >= MAX_ATTEMPTS
    }

    /// Connects the socket and answers the question with what came of it.
    pub(super) fn begin(&mut self, socket: OwnedFd, destination: Destination, question: Question) {
        let socket = Arc::new(socket);
        let state = Arc::new(State {
            socket: Mutex::new(Some(Arc::clone(&socket))),
            given_up: AtomicBool::new(false),
            over: AtomicBool::new(false),
        });
        let (own, bell) = (Arc::clone(&state), Arc::clone(&self.bell));
        let (listener, id) = (Arc::clone(&question.listener), question.id);
        let thread = thread::Builder::new().name("taipan-connect".to_owned()).stack_size(STACK).spawn(move || {
            connect(&own, socket, destination, &question);
            drop(question);
            own.over.store(true, Ordering::Release);
            bell.ring();
        });
        match thread {
            Ok(thread) => self.going_on.push(Attempt { state, until: Instant::now() + self.longest, thread }),
            Err(_) => listener.answer(id, Err(Errno::AGAIN)),
        }
    }

    /// Removes those that ended, gives up those that take too long, and says when that is next to be done.
    pub(super) fn settle(&mut self) -> Option<Instant> {
        for ended in self.going_on.extract_if(.., |attempt| attempt.is_over()) {
            // A panic of a thread has been reported by itself.
            let _ = ended.thread.join();
        }
        let now = Instant::now();
        for late in self.going_on.iter_mut().filter(|attempt| attempt.until <= now) {
            late.give_up();
            late.until = now + PAUSE;
        }
        self.going_on.iter().map(|attempt| attempt.until).min()
    }
}

impl Drop for Attempts {
    fn drop(&mut self) {
        for attempt in self.going_on.drain(..) {
            // More than once: a thread that is about to connect is not stopped by what happened before.
            while !attempt.thread.is_finished() {
                attempt.give_up();
                thread::sleep(PAUSE);
            }
            let _ = attempt.thread.join();
        }
    }
}

fn connect(state: &State, socket: Arc<OwnedFd>, destination: Destination, question: &Question) {
    let let_go = |socket: Arc<OwnedFd>| drop((state.socket().take(), socket));
    match destination {
        Destination::Outward(address) => {
            let outcome = net::connect(&socket, &address);
            let_go(socket);
            let given_up = outcome.is_err() && state.given_up.load(Ordering::Acquire);
            question.answer(if given_up { Err(Errno::TIMEDOUT) } else { outcome });
        }
        Destination::Nameserver(resolvers) => {
            let met = relay::meet(&socket, &state.given_up);
            let_go(socket);
            match met {
                Ok((asking, outcome)) => {
                    question.answer(outcome);
                    relay::serve(asking, &resolvers, &state.given_up);
                }
                Err(errno) => question.answer(Err(errno)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::sandboxed, *};

    #[test]
    fn a_connection_that_nobody_answers_is_given_up() {
        let (address, _kept) = sandboxed::silence();
        let bell = Arc::new(Bell::new().unwrap());
        let mut attempts = Attempts::new(Arc::clone(&bell), Duration::from_millis(50));
        let socket = net::socket(net::AddressFamily::INET, net::SocketType::STREAM, None).unwrap();
        // Nobody hears this answer.
        let listener = Arc::new(Listener::new(rustix::event::eventfd(0, EventfdFlags::CLOEXEC).unwrap()));
        attempts.begin(socket, Destination::Outward(address), Question { listener, id: 1 });
        let start = Instant::now();
        while attempts.settle().is_some() {
            thread::sleep(PAUSE);
            assert!(start.elapsed() < Duration::from_secs(20), "it goes on for ever");
        }
        assert!(start.elapsed() >= Duration::from_millis(50), "it was given up at once");
    }
}
