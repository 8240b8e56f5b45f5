//! What a sandbox sends, in whatever pieces it arrives: never a panic, never more memory than a few of the longest
//! messages take, and a run that shows no more than it may.

#![no_main]

use std::{
    fs, iter,
    sync::LazyLock,
    time::{Duration, Instant},
};

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use taipan::interpreter::fuzzing::{Listener, Turn, displayed, noted, written};
use taipan_fuzz::with_memory;
use tempfile::TempDir;

const SHOWN: usize = 4096;
const IN_FILE: u64 = 16 * 1024;
const MOST_DISPLAYS: usize = 200;
const MOST_DISPLAYED: usize = 10 * 1024 * 1024;
const MOST_NOTES: usize = 100;
const LONGEST_NOTE: usize = 4 * 1024;
const LONGEST_MESSAGE: usize = 16 * 1024 * 1024;
/// Four messages of the greatest length, and what is shown.
const MOST_MEMORY: usize = 4 * LONGEST_MESSAGE + MOST_DISPLAYED;
/// As much of a conversation is made up, in bytes.
const MOST_SAID: usize = 20 * 1024 * 1024;
/// As much of it as is one message again and again, in bytes.
const MOST_REPEATED: usize = 1024 * 1024;
/// How long hearing it all may take; a machine may be busy with something else.
const LONGEST: Duration = Duration::from_secs(20);

/// A conversation, and how it is cut into pieces.
#[derive(Arbitrary, Debug)]
struct Conversation {
    said: Vec<Said>,
    cuts: Vec<u16>,
    held: Vec<Held>,
}

/// What the sandbox writes into the memory for text that it has not sent yet, before some piece arrives.
#[derive(Arbitrary, Debug)]
enum Held {
    /// A text with the length that it has.
    Text { place: u64, writer: u64, stream: u32, byte: u8, length: u16 },
    /// Bytes somewhere.
    Bytes(u16, Vec<u8>),
}

impl Held {
    fn write(&self, listener: &mut Listener, is_over: bool) {
        match self {
            Held::Text { place, writer, stream, byte, length } => {
                let head = [&place.to_ne_bytes()[..], &writer.to_ne_bytes(), &stream.to_ne_bytes()].concat();
                let length = length % 32_769;
                let text = [&head[..], &u32::from(length).to_ne_bytes(), &vec![*byte; length.into()]].concat();
                listener.hold(0, &text, is_over);
            }
            Held::Bytes(at, bytes) => listener.hold((*at).into(), bytes, is_over),
        }
    }
}

#[derive(Arbitrary, Debug)]
enum Said {
    /// Bytes as they are.
    Bytes(Vec<u8>),
    /// Bytes with their right length in front, so many times.
    Framed(Vec<u8>, u16),
    /// Text, as a message that is well made.
    Written {
        stream: bool,
        writer: u16,
        byte: u8,
        count: Count,
        times: u16,
    },
    Displayed(Count, u16),
    Noted(Count, u16),
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Count {
    Few(u8),
    Many(u16),
    /// In steps of 257, which leads just beyond the longest message.
    Huge(u16),
}

impl From<Count> for usize {
    fn from(count: Count) -> usize {
        match count {
            Count::Few(count) => count.into(),
            Count::Many(count) => count.into(),
            Count::Huge(count) => usize::from(count) * 257,
        }
    }
}

impl Said {
    fn bytes(&self) -> (Vec<u8>, u16) {
        match self {
            Said::Bytes(bytes) => (bytes.clone(), 1),
            Said::Framed(message, times) => ([&(message.len() as u32).to_le_bytes()[..], message].concat(), *times),
            Said::Written { stream, writer, byte, count, times } => {
                (written(1 + u8::from(*stream), (*writer).into(), *byte, (*count).into()), *times)
            }
            Said::Displayed(count, times) => (displayed((*count).into()), *times),
            Said::Noted(count, times) => (noted((*count).into()), *times),
        }
    }
}

/// The run's folder.
static FOLDER: LazyLock<TempDir> = LazyLock::new(|| TempDir::new().expect("a folder for files can be made"));

fuzz_target!(|conversation: Conversation| {
    let mut stream = Vec::new();
    for said in &conversation.said {
        let (bytes, times) = said.bytes();
        for _ in 0..usize::from(times).min(MOST_REPEATED / bytes.len().max(1)).max(1) {
            if stream.len() + bytes.len() <= MOST_SAID {
                stream.extend_from_slice(&bytes);
            }
        }
    }
    // As in reality, at most 256 KB are read at once.
    let cuts = conversation.cuts.iter().map(|cut| usize::from(*cut) * 4 + 1).chain(iter::repeat(256 * 1024));
    let started = Instant::now();
    let (shown, memory) = with_memory(|| {
        let mut listener = Listener::new(SHOWN, IN_FILE, FOLDER.path()).expect("there is memory for a listener");
        let mut held = conversation.held.iter();
        let mut rest = &stream[..];
        for cut in cuts {
            let (piece, later) = rest.split_at(cut.min(rest.len()));
            rest = later;
            if let Some(held) = held.next() {
                held.write(&mut listener, false);
            }
            match listener.hear(piece) {
                Turn::Goes { installations } => assert!(installations <= 100, "{installations} installations"),
                Turn::Ended(bytes) => {
                    assert!(bytes <= LONGEST_MESSAGE, "an end of {bytes} bytes");
                    break;
                }
                Turn::Broken(what) => {
                    assert!(what.len() < 200 && !what.contains('\n'), "{what:?}");
                    break;
                }
            }
            if rest.is_empty() {
                break;
            }
        }
        held.for_each(|held| held.write(&mut listener, true));
        listener.finish()
    });
    assert!(memory <= MOST_MEMORY, "{memory} bytes of memory were taken");
    assert!(started.elapsed() <= LONGEST, "it took {:?}", started.elapsed());
    assert!(shown.output.len() <= SHOWN, "{} bytes are shown", shown.output.len());
    assert_eq!(shown.output.len(), shown.stdout.len() + shown.stderr.len());
    let file = FOLDER.path().join("output.txt");
    let written = fs::metadata(&file).map_or(0, |file| file.len());
    let _ = fs::remove_file(file);
    assert!(written == shown.in_file && written <= IN_FILE, "{written} and {} bytes in the file", shown.in_file);
    assert!(shown.displays.len() <= MOST_DISPLAYS, "{} values", shown.displays.len());
    let displayed = |display: &taipan::Display| {
        display.text.len()
            + display.html.as_ref().map_or(0, String::len)
            + display.markdown.as_ref().map_or(0, String::len)
    };
    assert!(shown.displays.iter().map(displayed).sum::<usize>() <= MOST_DISPLAYED);
    assert!(shown.notes.len() <= MOST_NOTES, "{} notes", shown.notes.len());
    assert!(shown.notes.iter().all(|note| note.len() <= LONGEST_NOTE));
});
