//! What is in a file: read once for its size, hash and beginning, and what sort of file that makes it.

use std::{
    fmt::Write as _,
    fs::File,
    io::{self, Read},
    time::Instant,
};

use sha2::{Digest, Sha256};

use crate::formats::Kind;

/// How much of a file's start is looked at.
pub(super) const HEAD_BYTES: usize = 8192;

/// A file as it was read.
pub(super) struct Contents {
    /// Bytes that were really there, whatever the directory says.
    pub(super) size: u64,
    /// Lower-case hex.
    pub(super) sha256: String,
    /// The first bytes.
    pub(super) head: Vec<u8>,
}

/// Why a file was not read to its end.
pub(super) enum Refusal {
    /// It has more bytes than it may.
    TooLarge,
    /// There was no time left.
    TooLate,
    /// The system's answer.
    Unreadable(io::Error),
}

/// Reads a file of at most `allowance` bytes.
pub(super) fn read(mut file: File, allowance: u64, until: Instant, buffer: &mut [u8]) -> Result<Contents, Refusal> {
    let mut hash = Sha256::new();
    let mut size = 0_u64;
    let mut head = Vec::new();
    loop {
        let count = match file.read(buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Refusal::Unreadable(error)),
        };
        let part = &buffer[..count];
        size += part.len() as u64;
        if size > allowance {
            return Err(Refusal::TooLarge);
        }
        if Instant::now() > until {
            return Err(Refusal::TooLate);
        }
        head.extend_from_slice(&part[..count.min(HEAD_BYTES - head.len())]);
        hash.update(part);
    }
    Ok(Contents { size, sha256: hex(&hash.finalize()), head })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The kind and the type's name, by the file's name and the first bytes of its content (none: by name alone).
pub(super) fn classify(name: &str, head: &[u8]) -> (Kind, &'static str) {
    if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        return (Kind::Image, "image");
    }
    match name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase().as_str() {
        "csv" => (Kind::Data, "csv"),
        "parquet" => (Kind::Data, "parquet"),
        "xlsx" => (Kind::Data, "excel"),
        "json" => (Kind::Structured, "json"),
        "txt" => (Kind::Text, "text"),
        "png" => (Kind::Image, "image"),
        _ => (Kind::Binary, "binary"),
    }
}
