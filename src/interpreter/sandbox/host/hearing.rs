//! What a sandbox says, taken into the recording of its run as far as it may be.

use super::{
    super::{
        super::{
            python::CodeEnd,
            recording::{Channel, Recording},
        },
        wire::{conversation::FromGuest, frames::Decoder},
    },
    bounds,
    written::Written,
};

/// A worker's ear at one sandbox.
pub(crate) struct Hearing {
    /// What was read of what it said, down to half a message.
    decoder: Decoder,
    /// What its code writes otherwise.
    written: Written,
}

/// What a worker has to see to itself.
pub(crate) enum Heard {
    /// The sandbox waits for packages behind these imports.
    Install(Vec<String>),
    /// The code has ended.
    Ended(CodeEnd),
}

impl Hearing {
    /// Goes on after what was said until the sandbox was ready.
    pub(crate) fn new(decoder: Decoder, written: Written) -> Self {
        Self { decoder, written }
    }

    /// Takes what was read.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        self.decoder.feed(bytes);
    }

    /// Takes in what was said, up to what the worker has to see to; `None` when that is all there is.
    ///
    /// # Errors
    /// What the sandbox did that none does by itself, as the end of a sentence. There is no way to go on after that.
    pub(crate) fn next(&mut self, recording: &Recording) -> Result<Option<Heard>, String> {
        loop {
            let message = self.decoder.next().map_err(|error| format!("sent something unreadable ({error})"))?;
            match message {
                None => return Ok(None),
                Some(FromGuest::Ended(end)) => return Ok(Some(Heard::Ended(bounds::end(end)))),
                Some(FromGuest::Install(imports)) => return Ok(Some(Heard::Install(imports))),
                Some(message) => self.take(message, recording)?,
            }
        }
    }

    fn take(&mut self, message: FromGuest, recording: &Recording) -> Result<(), String> {
        match message {
            FromGuest::Wrote { stream, writer, bytes } => {
                let Some(channel) = Channel::numbered(stream) else {
                    return Err("wrote to a stream that is not there".to_owned());
                };
                if bytes.len() > bounds::MOST_WRITTEN {
                    return Err("wrote too much at once".to_owned());
                }
                recording.write_bytes(channel, bounds::writer(writer), self.written.receive(&bytes));
            }
            FromGuest::Flush { writer } => recording.flush(bounds::writer(writer)),
            FromGuest::Display(display) => recording.display(display),
            FromGuest::Note(note) => recording.note(bounds::note(note)),
            FromGuest::Prepared
            | FromGuest::Asks
            | FromGuest::Ready(_)
            | FromGuest::Install(_)
            | FromGuest::Ended(_) => return Err("said something out of turn".to_owned()),
        }
        Ok(())
    }

    /// Takes what the code has written and the sandbox has not sent yet; all of it when the sandbox is over.
    pub(crate) fn look_at_held(&mut self, is_over: bool, recording: &Recording) {
        let Some(held) = self.written.look(is_over) else { return };
        if let Some(channel) = Channel::numbered(held.stream) {
            recording.write_bytes(channel, bounds::writer(held.writer), &held.bytes);
        }
    }
}
