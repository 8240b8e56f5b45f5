//! What is in a file: read once for its size and hash, and looked at for its type.

use std::{
    fmt::Write as _,
    io::{self, Read, Seek},
    time::Instant,
};

use sha2::{Digest, Sha256};

use crate::formats::{self, FileType};

/// A file as it was read.
pub(super) struct Contents {
    /// Bytes that were really there, whatever the directory says.
    pub(super) size: u64,
    /// Lower-case hex.
    pub(super) sha256: String,
    /// Its type, by its name and what is in it.
    pub(super) file_type: &'static FileType,
}

/// Why a file was not read to its end.
pub(super) enum Refusal {
    /// It has more bytes than it may.
    TooLarge,
    /// There was no time left.
    TooLate,
    /// The system's answer.
    Unreadable(io::Error),
    /// The system's answer to making a copy.
    Uncopied(io::Error),
}

/// Reads a file of at most `allowance` bytes; its `name` helps to tell its type.
pub(super) fn read<F: Read + Seek>(
    mut file: F,
    name: &str,
    allowance: u64,
    until: Instant,
    buffer: &mut [u8],
) -> Result<Contents, Refusal> {
    let mut hash = Sha256::new();
    let mut size = 0_u64;
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
        hash.update(part);
    }
    let detected = formats::detect_from(name, &mut file).map_err(Refusal::Unreadable)?;
    Ok(Contents { size, sha256: hex(&hash.finalize()), file_type: detected.file_type })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
