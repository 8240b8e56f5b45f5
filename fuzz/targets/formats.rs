//! Finding out a file's type, from any name and any content: never a panic, and never more than a little reading,
//! however large the file says that it is.

#![no_main]

use std::{
    fmt,
    io::{self, Read, Seek, SeekFrom},
    time::{Duration, Instant},
};

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use taipan::formats::{HEAD_BYTES, detect, detect_from, kind_of};
use taipan_fuzz::with_memory;

/// What may be read of one file, in bytes.
const MOST_READ: u64 = 4 * 1024 * 1024;
/// What may be taken of memory for it.
const MOST_MEMORY: usize = 1024 * 1024;
/// How long it may take; a machine may be busy with something else.
const LONGEST: Duration = Duration::from_secs(5);
/// Dots and dashes included: `extension.gz`.
const LONGEST_EXTENSION: usize = 40;

/// A file of any length: something at its beginning, something at its end, zeros between.
#[derive(Arbitrary)]
struct File {
    name: String,
    gap: Gap,
    repeated: u16,
    beginning: Vec<u8>,
    end: Vec<u8>,
}

#[derive(Arbitrary, Debug)]
enum Gap {
    None,
    Short(u16),
    Long(u64),
}

impl fmt::Debug for File {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let File { name, gap, repeated, beginning, end } = self;
        write!(
            formatter,
            "{name:?}: \"{}\", {gap:?}, {repeated} x \"{}\"",
            beginning.escape_ascii(),
            end.escape_ascii()
        )
    }
}

/// The file, and how much of it was read.
struct Reading {
    beginning: Vec<u8>,
    gap: u64,
    end: Vec<u8>,
    position: u64,
    read: u64,
}

impl Reading {
    fn new(file: &File) -> Self {
        let gap = match file.gap {
            Gap::None => 0,
            Gap::Short(bytes) => bytes.into(),
            // A file's length is a signed number.
            Gap::Long(bytes) => bytes >> 2,
        };
        // As many entries as a directory of a zip may list.
        let end = file.end.repeat(usize::from(file.repeated % 2048).max(1).min(1 + (1 << 18) / (1 + file.end.len())));
        Self { beginning: file.beginning.clone(), gap, end, position: 0, read: 0 }
    }

    fn length(&self) -> u64 {
        self.beginning.len() as u64 + self.gap + self.end.len() as u64
    }

    /// Fills a buffer with what stands at a position.
    fn copy(&self, position: u64, buffer: &mut [u8]) {
        let end_starts = self.beginning.len() as u64 + self.gap;
        buffer.fill(0);
        for (bytes, starts) in [(&self.beginning, 0), (&self.end, end_starts)] {
            let before = usize::try_from(position.saturating_sub(starts)).unwrap_or(usize::MAX);
            let behind = usize::try_from(starts.saturating_sub(position)).unwrap_or(usize::MAX);
            if let (Some(bytes), Some(place)) = (bytes.get(before..), buffer.get_mut(behind..)) {
                let count = bytes.len().min(place.len());
                place[..count].copy_from_slice(&bytes[..count]);
            }
        }
    }
}

impl Read for Reading {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.length().saturating_sub(self.position).min(buffer.len() as u64);
        self.copy(self.position, &mut buffer[..count as usize]);
        self.position += count;
        self.read += count;
        Ok(count as usize)
    }
}

impl Seek for Reading {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => i64::try_from(position).ok(),
            SeekFrom::End(distance) => (self.length() as i64).checked_add(distance),
            SeekFrom::Current(distance) => (self.position as i64).checked_add(distance),
        };
        let position = position.and_then(|position| u64::try_from(position).ok());
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

fuzz_target!(|file: File| {
    let started = Instant::now();
    let mut reading = Reading::new(&file);
    let (found, memory) = with_memory(|| detect_from(&file.name, &mut reading));
    let found = found.expect("every read has succeeded");
    assert!(reading.read <= MOST_READ, "{} bytes were read", reading.read);
    assert!(memory <= MOST_MEMORY + file.name.len() * 4, "{memory} bytes of memory were taken");
    assert!(started.elapsed() <= LONGEST, "it took {:?}", started.elapsed());
    let extension = &found.extension;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    assert!(extension.len() <= LONGEST_EXTENSION && extension.bytes().all(is_plain), "{extension:?}");
    assert!(found.mime().is_ascii());

    let head = detect(&file.name, &file.beginning[..file.beginning.len().min(HEAD_BYTES)]);
    assert_eq!(head.extension, found.extension, "the extension is the name's");
    let _ = kind_of(&file.name);
});
