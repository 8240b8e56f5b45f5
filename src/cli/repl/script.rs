//! Input that nobody types: a file or a pipe, run statement by statement as it comes.

use std::{
    collections::VecDeque,
    io::{self, Read as _},
    mem,
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio::task::spawn_blocking;

use super::{
    super::run::{MAX_CODE_BYTES, decode_code},
    Failure,
    session::Session,
};

const NAME: &str = "The code on standard input";
/// What comes within this time, in nanoseconds, is taken together: a block may go on in it.
const TOGETHER: i64 = 50_000_000;

/// Standard input, cut into statements.
#[derive(Default)]
pub(super) struct Script {
    /// What is not a whole input yet.
    begun: Vec<u8>,
    whole: VecDeque<String>,
    has_ended: bool,
}

impl Script {
    /// The next input; `None` at the end.
    pub(super) async fn next(&mut self, session: &Session) -> Result<Option<String>, Failure> {
        loop {
            if let Some(input) = self.whole.pop_front() {
                return Ok(Some(input));
            }
            if self.has_ended {
                return Ok(None);
            }
            let most = usize::try_from(MAX_CODE_BYTES).unwrap_or(usize::MAX) - self.begun.len();
            let reading = spawn_blocking(move || read_what_is_there(most)).await;
            let read = reading.map_err(io::Error::other).and_then(|read| read);
            let (bytes, has_ended) =
                read.map_err(|error| Failure::wrong_use(format!("{NAME} cannot be read: {error}.")))?;
            self.begun.extend(bytes);
            self.has_ended = has_ended;
            self.cut(session).await?;
        }
    }

    /// Takes the whole inputs out of what was read.
    async fn cut(&mut self, session: &Session) -> Result<(), Failure> {
        if self.has_ended && !self.begun.ends_with(b"\n") {
            self.begun.push(b'\n');
        }
        let lines_end = memchr::memrchr(b'\n', &self.begun).map_or(0, |at| at + 1);
        let rest = self.begun.split_off(lines_end);
        let text = decode_code(NAME, mem::replace(&mut self.begun, rest))?;
        let lines: Vec<_> = text.split_inclusive('\n').collect();
        let ends = session.ends_of_inputs(&text, self.has_ended).await.unwrap_or_else(|| vec![lines.len()]);
        let mut start = 0;
        for end in ends {
            let Some(input) = lines.get(start..end) else { break };
            self.whole.push_back(input.concat());
            start = end;
        }
        let mut left = lines[start..].concat();
        if self.has_ended {
            // It is not whole and never will be; running it says what is missing.
            self.whole.push_back(left);
        } else {
            left.push_str(&String::from_utf8_lossy(&self.begun));
            self.begun = left.into_bytes();
        }
        Ok(())
    }
}

/// Waits for something to read, and takes what comes with it. Gives whether that was the end.
fn read_what_is_there(most: usize) -> io::Result<(Vec<u8>, bool)> {
    let mut stdin = io::stdin().lock();
    let mut read = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = match stdin.read(&mut buffer) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if count == 0 {
            return Ok((read, true));
        }
        read.extend_from_slice(&buffer[..count]);
        if read.len() > most {
            return Err(io::Error::other(format!("a statement is longer than {MAX_CODE_BYTES} bytes")));
        }
        let together = Timespec { tv_sec: 0, tv_nsec: TOGETHER };
        let more = poll(&mut [PollFd::new(&io::stdin(), PollFlags::IN)], Some(&together));
        if !more.is_ok_and(|ready| ready > 0) {
            return Ok((read, false));
        }
    }
}
