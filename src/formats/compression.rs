//! Compression of single files, as in `sales.csv.gz`.

use serde::{Deserialize, Serialize};

/// How a single file of a known type is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Compression {
    /// `.gz`
    Gzip,
    /// `.bz2`
    Bzip2,
    /// `.xz`
    Xz,
    /// `.lzma`
    Lzma,
    /// `.zst`
    Zstd,
    /// `.lz`
    Lzip,
}

impl Compression {
    /// The name by which readers choose a decompressor: `gzip`, `bzip2`, `xz`, `lzma`, `zstd` or `lzip`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Lzma => "lzma",
            Self::Zstd => "zstd",
            Self::Lzip => "lzip",
        }
    }

    /// The compressed file's extension, without a dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Gzip => "gz",
            Self::Bzip2 => "bz2",
            Self::Xz => "xz",
            Self::Lzma => "lzma",
            Self::Zstd => "zst",
            Self::Lzip => "lz",
        }
    }

    /// What an extension, in lower case, means.
    pub(super) fn by_extension(extension: &str) -> Option<Self> {
        [Self::Gzip, Self::Bzip2, Self::Xz, Self::Lzma, Self::Zstd, Self::Lzip]
            .into_iter()
            .find(|compression| compression.extension() == extension)
    }

    /// What the first bytes of a file say. The old `.lzma` format has no magic bytes, so only its name tells.
    ///
    /// Sources: gzip RFC 1952 (method 8 is the only one), bzip2's block and end markers, the .xz file format 1.2,
    /// Zstandard RFC 8878, the lzip manual.
    pub(super) fn of_content(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, 8, ..] => Some(Self::Gzip),
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..]
            | [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72, 0x45, 0x38, 0x50, 0x90, ..] => Some(Self::Bzip2),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Xz),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            [b'L', b'Z', b'I', b'P', 0 | 1, ..] => Some(Self::Lzip),
            _ => None,
        }
    }
}
