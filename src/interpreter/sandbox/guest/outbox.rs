//! What a sandbox says to its worker.
//!
//! Text that comes in quick succession is gathered for a moment, so that a flood costs little; the first line after a
//! pause goes out at once, so that progress is seen. What is held back can be seen by the worker (`wire::held_text`),
//! so it is neither lost when this process dies nor late when nothing follows.

use std::{
    io::Write as _,
    os::unix::net::UnixStream,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::super::wire::{
    conversation::FromGuest,
    frames,
    held_text::{HeldText, MOST_HELD},
};

/// How long text is held back at least, once some was sent.
const MOMENT: Duration = Duration::from_millis(2);

/// Where everything goes that is for the worker, in order.
pub(super) struct Outbox(Mutex<Outgoing>);

struct Outgoing {
    socket: UnixStream,
    text: HeldText,
    sent: Option<Instant>,
}

impl Outbox {
    pub(super) fn new(socket: UnixStream, text: HeldText) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Outgoing { socket, text, sent: None })))
    }

    fn lock(&self) -> MutexGuard<'_, Outgoing> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a message now, after what is held back.
    pub(super) fn send(&self, message: &FromGuest) {
        let mut outgoing = self.lock();
        let mut bytes = outgoing.held();
        if let Ok(message) = frames::encode(message) {
            bytes.extend(message);
        }
        outgoing.send(&bytes);
        outgoing.text.clear();
    }

    /// Lets the worker have text, now or in a moment.
    pub(super) fn write(&self, stream: u8, writer: u64, bytes: &[u8]) {
        let mut outgoing = self.lock();
        if !outgoing.text.add(stream, writer, bytes) {
            outgoing.release();
            if !outgoing.text.add(stream, writer, bytes) {
                return outgoing.send_at_once(stream, writer, bytes);
            }
        }
        // A line's end is written by itself, and follows at once.
        if bytes.ends_with(b"\n") && outgoing.sent.is_none_or(|sent| sent.elapsed() >= MOMENT) {
            outgoing.release();
        }
    }
}

impl Outgoing {
    /// What is held back, as a message.
    fn held(&self) -> Vec<u8> {
        self.text.held().map(|(stream, writer, bytes)| message(stream, writer, bytes)).unwrap_or_default()
    }

    fn release(&mut self) {
        self.send(&self.held());
        self.text.clear();
        self.sent = Some(Instant::now());
    }

    /// Sends more text than is ever held back.
    fn send_at_once(&mut self, stream: u8, writer: u64, bytes: &[u8]) {
        for part in bytes.chunks(MOST_HELD) {
            self.send(&message(stream, writer, part));
            self.text.passed(part.len());
        }
        self.sent = Some(Instant::now());
    }

    fn send(&self, bytes: &[u8]) {
        // Where the worker does not listen any more, this process is about to be ended.
        let _ = (&self.socket).write_all(bytes);
    }
}

fn message(stream: u8, writer: u64, bytes: &[u8]) -> Vec<u8> {
    frames::encode(&FromGuest::Wrote { stream, writer, bytes: bytes.to_vec() }).unwrap_or_default()
}
