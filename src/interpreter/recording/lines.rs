//! Keeps lines of different threads whole (X12).
//!
//! The code's main thread is heard at once, as on a terminal. Other threads are heard line by line, and while the
//! main thread has begun a line and not ended it, they wait for its end.

use std::{borrow::Cow, collections::BTreeMap};

use super::Channel;

/// Text of a thread without an end of line is held back up to this many bytes.
const MAX_HELD: usize = 16 * 1024;

/// Who writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Writer {
    /// The thread that runs the code.
    Main,
    /// A thread the code has started.
    Thread(u64),
}

impl Writer {
    /// 0 for the main thread; those that code starts count from 1.
    pub(crate) fn number(self) -> u64 {
        match self {
            Self::Main => 0,
            Self::Thread(number) => number,
        }
    }

    /// The writer with this number.
    pub(crate) fn numbered(number: u64) -> Self {
        if number == 0 { Self::Main } else { Self::Thread(number) }
    }
}

/// What is held back, by thread.
#[derive(Default)]
pub(super) struct Lines {
    main_line_open: bool,
    begun: BTreeMap<u64, (Channel, String)>,
    ready: Vec<(Channel, String)>,
    ready_bytes: usize,
    /// Beginnings of characters, by who wrote them and where.
    undecoded: BTreeMap<(Writer, Channel), Vec<u8>>,
}

pub(super) type Sink<'s> = &'s mut dyn FnMut(Channel, &str);

impl Lines {
    pub(super) fn write(&mut self, channel: Channel, writer: Writer, text: &str, sink: Sink<'_>) {
        match writer {
            Writer::Main => {
                sink(channel, text);
                if let Some(last) = text.as_bytes().last() {
                    self.main_line_open = *last != b'\n';
                    if !self.main_line_open && !self.ready.is_empty() {
                        self.release(sink);
                    }
                }
            }
            Writer::Thread(thread) => self.write_of_thread(channel, thread, text, sink),
        }
    }

    fn write_of_thread(&mut self, channel: Channel, thread: u64, text: &str, sink: Sink<'_>) {
        if self.begun.get(&thread).is_some_and(|(begun, _)| *begun != channel) {
            self.flush_line(Writer::Thread(thread), sink);
        }
        let (_, held) = self.begun.entry(thread).or_insert_with(|| (channel, String::new()));
        held.push_str(text);
        let whole = match held.rfind('\n') {
            Some(end) => end + 1,
            None if held.len() > MAX_HELD => held.len(),
            None => return,
        };
        let rest = held.split_off(whole);
        let lines = std::mem::replace(held, rest);
        self.pass_on(channel, lines, sink);
    }

    fn pass_on(&mut self, channel: Channel, lines: String, sink: Sink<'_>) {
        if !self.main_line_open {
            return sink(channel, &lines);
        }
        self.ready_bytes += lines.len();
        self.ready.push((channel, lines));
        if self.ready_bytes > MAX_HELD {
            self.release(sink);
        }
    }

    fn release(&mut self, sink: Sink<'_>) {
        self.ready_bytes = 0;
        for (channel, lines) in self.ready.drain(..) {
            sink(channel, &lines);
        }
    }

    /// Shows what this thread has begun.
    pub(super) fn flush(&mut self, writer: Writer, sink: Sink<'_>) {
        for channel in [Channel::Stdout, Channel::Stderr] {
            if let Some(rest) = self.undecoded.remove(&(writer, channel)) {
                self.write(channel, writer, &escape(&rest), sink);
            }
        }
        self.flush_line(writer, sink);
    }

    fn flush_line(&mut self, writer: Writer, sink: Sink<'_>) {
        if let Writer::Thread(thread) = writer
            && let Some((channel, begun)) = self.begun.remove(&thread)
            && !begun.is_empty()
        {
            self.pass_on(channel, begun, sink);
        }
    }

    /// Shows everything that is held back: the run has ended.
    pub(super) fn settle(&mut self, sink: Sink<'_>) {
        for ((writer, channel), rest) in std::mem::take(&mut self.undecoded) {
            self.write(channel, writer, &escape(&rest), sink);
        }
        self.release(sink);
        for (channel, begun) in std::mem::take(&mut self.begun).into_values() {
            sink(channel, &begun);
        }
    }

    /// Decodes UTF-8 that may be cut anywhere; what is not UTF-8 becomes `\xff`.
    pub(super) fn decode(&mut self, channel: Channel, writer: Writer, bytes: &[u8]) -> String {
        let begun = self.undecoded.remove(&(writer, channel));
        let bytes = begun.map_or(Cow::Borrowed(bytes), |begun| Cow::Owned([&begun, bytes].concat()));
        let mut text = String::with_capacity(bytes.len());
        let mut position = 0;
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            position += chunk.valid().len() + chunk.invalid().len();
            if position == bytes.len() && may_go_on(chunk.invalid()) {
                self.undecoded.insert((writer, channel), chunk.invalid().to_owned());
            } else {
                push_escaped(&mut text, chunk.invalid());
            }
        }
        text
    }
}

/// Whether these bytes are the beginning of a character of UTF-8.
fn may_go_on(bytes: &[u8]) -> bool {
    !bytes.is_empty() && std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

fn escape(bytes: &[u8]) -> String {
    let mut text = String::new();
    push_escaped(&mut text, bytes);
    text
}

/// Code may write nothing but such bytes, by the megabyte: this makes nothing anew for each.
fn push_escaped(text: &mut String, bytes: &[u8]) {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    for byte in bytes {
        text.push_str("\\x");
        text.push(DIGITS[usize::from(byte >> 4)]);
        text.push(DIGITS[usize::from(byte & 15)]);
    }
}
