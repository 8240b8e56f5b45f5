//! Messages on a stream of bytes: four bytes of length, then the message in the encoding `postcard`.

use serde::{Serialize, de::DeserializeOwned};
use thiserror::Error;

/// Bytes in front of each message.
const HEADER: usize = size_of::<u32>();
/// As much memory is kept for the next messages, in bytes; what a longer one took is given back.
const KEPT: usize = 1024 * 1024;

/// Why a stream of messages cannot be read on.
#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum FrameError {
    /// A message says that it is longer than any may be.
    #[error("a message of {0} bytes is longer than allowed")]
    TooLong(usize),
    /// The bytes are not a message.
    #[error("a message cannot be read")]
    Unreadable,
}

/// Encodes one message.
///
/// # Errors
/// When it is longer than a length can say.
pub(crate) fn encode<M: Serialize>(message: &M) -> Result<Vec<u8>, FrameError> {
    let mut bytes = postcard::to_extend(message, vec![0; HEADER]).map_err(|_| FrameError::Unreadable)?;
    let length = bytes.len() - HEADER;
    let header = u32::try_from(length).map_err(|_| FrameError::TooLong(length))?;
    bytes[..HEADER].copy_from_slice(&header.to_le_bytes());
    Ok(bytes)
}

/// Takes bytes as they come and gives messages.
#[derive(Debug)]
pub(crate) struct Decoder {
    buffer: Vec<u8>,
    /// Where in the buffer the next message begins.
    start: usize,
    longest: usize,
}

impl Decoder {
    /// A decoder for messages of at most so many bytes.
    pub(crate) fn new(longest: usize) -> Self {
        Self { buffer: Vec::new(), start: 0, longest }
    }

    /// Takes what was read. While a message is not whole nothing is moved, so that each byte is moved at most once.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
            if self.buffer.len() < KEPT {
                self.buffer.shrink_to(KEPT);
            }
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole message; `None` until there is one.
    ///
    /// # Errors
    /// When what was read is no message. There is no way to go on after that.
    pub(crate) fn next<M: DeserializeOwned>(&mut self) -> Result<Option<M>, FrameError> {
        let Some((header, rest)) = self.buffer[self.start..].split_first_chunk::<HEADER>() else { return Ok(None) };
        let length = usize::try_from(u32::from_le_bytes(*header)).unwrap_or(usize::MAX);
        if length > self.longest {
            return Err(FrameError::TooLong(length));
        }
        let Some(bytes) = rest.get(..length) else { return Ok(None) };
        match postcard::take_from_bytes(bytes) {
            Ok((message, [])) => {
                self.start += HEADER + length;
                Ok(Some(message))
            }
            _ => Err(FrameError::Unreadable),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_however_the_bytes_are_cut() {
        let bytes = [encode(&(1_u8, "one")).unwrap(), encode(&(2_u8, "two")).unwrap()].concat();
        for cut in 0..=bytes.len() {
            let mut decoder = Decoder::new(16);
            let mut messages: Vec<(u8, String)> = Vec::new();
            for part in [&bytes[..cut], &bytes[cut..]] {
                decoder.feed(part);
                while let Some(message) = decoder.next().unwrap() {
                    messages.push(message);
                }
            }
            assert_eq!(messages, [(1, "one".to_owned()), (2, "two".to_owned())]);
        }
    }

    #[test]
    fn a_message_that_is_too_long_is_refused_before_it_is_there() {
        let mut decoder = Decoder::new(16);
        decoder.feed(&17_u32.to_le_bytes());
        assert_eq!(decoder.next::<u8>(), Err(FrameError::TooLong(17)));
    }

    #[test]
    fn the_memory_of_a_long_message_is_given_back() {
        let mut decoder = Decoder::new(16 * KEPT);
        decoder.feed(&encode(&vec![1_u8; 8 * KEPT]).unwrap());
        assert_eq!(decoder.next::<Vec<u8>>().unwrap().map(|bytes| bytes.len()), Some(8 * KEPT));
        decoder.feed(&encode(&1_u8).unwrap());
        assert!(decoder.buffer.capacity() <= KEPT);
        assert_eq!(decoder.next(), Ok(Some(1_u8)));
    }

    #[test]
    fn bytes_that_are_no_message_or_more_than_one_are_refused() {
        let mut decoder = Decoder::new(16);
        decoder.feed(&[1, 0, 0, 0, 0xff]);
        assert_eq!(decoder.next::<bool>(), Err(FrameError::Unreadable));
        let mut decoder = Decoder::new(16);
        decoder.feed(&[2, 0, 0, 0, 1, 1]);
        assert_eq!(decoder.next::<bool>(), Err(FrameError::Unreadable));
    }
}
