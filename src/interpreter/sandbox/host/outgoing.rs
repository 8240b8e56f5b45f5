//! What a sandbox is told, as it reads it.

use std::{io, os::unix::net::UnixStream};

use rustix::{
    io::Errno,
    net::{SendFlags, send},
};

use super::super::wire::{conversation::ToGuest, frames};

/// What a sandbox is told and has not read yet. Nobody waits for one that does not read.
#[derive(Default)]
pub(super) struct Outgoing {
    bytes: Vec<u8>,
    told: usize,
}

impl Outgoing {
    /// Whether everything was read.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Tells the sandbox something, after what it has not read yet; as much as it reads now.
    ///
    /// # Errors
    /// When it is gone.
    pub(super) fn tell(&mut self, socket: &UnixStream, message: &ToGuest) -> io::Result<()> {
        let bytes = frames::encode(message).map_err(io::Error::other)?;
        self.bytes.extend_from_slice(&bytes);
        self.tell_on(socket)
    }

    /// The same with what is left.
    pub(super) fn tell_on(&mut self, socket: &UnixStream) -> io::Result<()> {
        while self.told < self.bytes.len() {
            match send(socket, &self.bytes[self.told..], SendFlags::DONTWAIT | SendFlags::NOSIGNAL) {
                Ok(count) => self.told += count,
                Err(Errno::AGAIN | Errno::INTR) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
        *self = Self::default();
        Ok(())
    }
}
