//! A sandbox that is being made, from the fork until it is ready.

use std::{
    os::{
        fd::{AsFd as _, OwnedFd},
        unix::net::UnixStream,
    },
    time::{Duration, Instant},
};

use rustix::{
    fs::{OFlags, fcntl_setfl},
    io::read,
    net::{AddressFamily, SocketFlags, SocketType, socketpair},
    pipe::{PipeFlags, pipe_with},
};

use super::{
    super::{
        mounting::{Failure, Saying as _},
        protections::LayerReport,
        wire::{
            conversation::{FromGuest, LONGEST_FROM_GUEST},
            frames::Decoder,
            held_text::Window,
            packets,
        },
    },
    written::Written,
    zygote::wait_until_readable,
};

/// How long a sandbox may take from the fork until it is ready.
const BECOMING_READY: Duration = Duration::from_secs(20);
/// How long a sandbox that failed may take to say why.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// What is read of a sandbox's words about why it did not become ready, in bytes.
const MOST_SAID: usize = 2000;

/// What there is of a sandbox so far.
pub(super) struct UnderWay {
    pub(super) socket: UnixStream,
    pub(super) output: [OwnedFd; 2],
    pub(super) written: Written,
    pub(super) decoder: Decoder,
    pub(super) folder: Option<OwnedFd>,
    pub(super) handles: Option<[OwnedFd; 2]>,
    /// Where the kernel asks about connections, with the network on.
    pub(super) questions: Option<OwnedFd>,
    pub(super) reports: Option<Vec<LayerReport>>,
    pub(super) until: Instant,
}

impl UnderWay {
    /// Begins with what leads to a sandbox; the other ends are for it.
    pub(super) fn begin() -> Result<(Self, [OwnedFd; 4]), Failure> {
        let (here, there) =
            socketpair(AddressFamily::UNIX, SocketType::STREAM, SocketFlags::CLOEXEC, None).saying("a socket")?;
        let (stdout, its_stdout) = output_pipe()?;
        let (stderr, its_stderr) = output_pipe()?;
        let window = Window::open().saying("memory for text")?;
        let its_window = window.as_fd().try_clone_to_owned().saying("memory for text")?;
        let under_way = Self {
            socket: here.into(),
            output: [stdout, stderr],
            written: Written::new(window),
            decoder: Decoder::new(LONGEST_FROM_GUEST),
            folder: None,
            handles: None,
            questions: None,
            reports: None,
            until: Instant::now() + BECOMING_READY,
        };
        Ok((under_way, [there, its_stdout, its_stderr, its_window]))
    }

    /// Takes what it says on its way: that its folder is there, where it asks about connections, that it is ready.
    pub(super) fn hear(&mut self) -> Result<(), Failure> {
        let mut buffer = [0; 4096];
        let (count, mut descriptors) = packets::receive_bytes(&self.socket, &mut buffer).saying("its socket")?;
        if count == 0 {
            return Err("it ended while it was made".to_owned());
        }
        self.decoder.feed(&buffer[..count]);
        while let Some(message) = self.decoder.next::<FromGuest>().saying("what it said")? {
            match (message, &self.folder, &self.reports) {
                (FromGuest::Prepared, None, None) if descriptors.len() == 1 => self.folder = descriptors.pop(),
                (FromGuest::Asks, Some(_), None) if self.questions.is_none() && descriptors.len() == 1 => {
                    self.questions = descriptors.pop();
                }
                (FromGuest::Ready(reports), Some(_), None) => self.reports = Some(reports),
                _ => return Err("it said something out of turn".to_owned()),
            }
        }
        Ok(())
    }

    /// What it wrote to standard error before it ended. It may still be about to: its socket closes first.
    pub(super) fn words(&mut self) -> String {
        wait_until_readable(&self.output[1], Instant::now() + LAST_WORDS);
        let mut said = vec![0; MOST_SAID];
        let count = read(&self.output[1], &mut said).unwrap_or(0);
        String::from_utf8_lossy(&said[..count]).trim().to_owned()
    }
}

/// A pipe that never keeps its reader waiting.
fn output_pipe() -> Result<(OwnedFd, OwnedFd), Failure> {
    let (reading, writing) = pipe_with(PipeFlags::CLOEXEC).saying("a pipe")?;
    fcntl_setfl(&reading, OFlags::NONBLOCK).saying("a pipe")?;
    Ok((reading, writing))
}
