//! What a sandbox says to its worker.
//!
//! Text that comes in quick succession is gathered for a moment, so that a flood costs little; the first word after a
//! pause goes out at once, so that progress is seen.

use std::{
    io::Write as _,
    os::unix::net::UnixStream,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak},
    thread,
    time::{Duration, Instant},
};

use super::super::wire::{conversation::FromGuest, frames};

/// How long text may be held back.
const MOMENT: Duration = Duration::from_millis(2);
/// How much of it, in bytes.
const MOST_HELD: usize = 32 * 1024;
/// The stack of the thread that sends what is held back, in bytes.
const STACK_BYTES: usize = 64 * 1024;

/// Where everything goes that is for the worker, in order.
pub(super) struct Outbox {
    inner: Mutex<Held>,
    filled: Condvar,
}

struct Held {
    socket: UnixStream,
    /// Text of one writer that is not a message yet.
    text: Option<(u8, u64, Vec<u8>)>,
    sent: Option<Instant>,
    has_sender: bool,
}

impl Outbox {
    pub(super) fn new(socket: UnixStream) -> Arc<Self> {
        let held = Held { socket, text: None, sent: None, has_sender: false };
        Arc::new(Self { inner: Mutex::new(held), filled: Condvar::new() })
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a message now, after what is held back.
    pub(super) fn send(&self, message: &FromGuest) {
        let mut held = self.lock();
        held.release();
        held.send(message);
    }

    /// Sends text within a moment.
    pub(super) fn write(self: &Arc<Self>, stream: u8, writer: u64, bytes: &[u8]) {
        let mut held = self.lock();
        match &mut held.text {
            Some((its_stream, its_writer, text)) if (*its_stream, *its_writer) == (stream, writer) => {
                text.extend_from_slice(bytes);
            }
            _ => {
                held.release();
                held.text = Some((stream, writer, bytes.to_vec()));
            }
        }
        let is_much = held.text.as_ref().is_some_and(|(_, _, text)| text.len() >= MOST_HELD);
        let is_late = held.sent.is_none_or(|sent| sent.elapsed() >= MOMENT);
        if is_much || is_late || !self.has_sender(&mut held) {
            held.release();
            held.sent = Some(Instant::now());
        } else {
            drop(held);
            self.filled.notify_one();
        }
    }

    /// Whether a thread sends what is held back; it is started when it is first needed.
    fn has_sender(self: &Arc<Self>, held: &mut Held) -> bool {
        if !held.has_sender {
            let outbox = Arc::downgrade(self);
            let sender = thread::Builder::new().name("taipan-outbox".to_owned()).stack_size(STACK_BYTES);
            // Without one, nothing is held back.
            held.has_sender = sender.spawn(move || send_held(&outbox)).is_ok();
        }
        held.has_sender
    }
}

impl Held {
    fn release(&mut self) {
        if let Some((stream, writer, bytes)) = self.text.take() {
            for part in bytes.chunks(MOST_HELD) {
                self.send(&FromGuest::Wrote { stream, writer, bytes: part.to_vec() });
            }
        }
    }

    fn send(&mut self, message: &FromGuest) {
        // Where the worker does not listen any more, this process is about to be ended.
        if let Ok(bytes) = frames::encode(message) {
            let _ = self.socket.write_all(&bytes);
        }
    }
}

fn send_held(outbox: &Weak<Outbox>) {
    while let Some(outbox) = outbox.upgrade() {
        let held = outbox.lock();
        let held = outbox.filled.wait_while(held, |held| held.text.is_none()).unwrap_or_else(PoisonError::into_inner);
        drop(held);
        thread::sleep(MOMENT);
        let mut held = outbox.lock();
        held.release();
        held.sent = Some(Instant::now());
    }
}
