//! Which type a file is, by its name and its content.

use std::{
    fs,
    io::{self, Cursor, Read, Seek},
    path::Path,
};

use super::{
    compression::Compression,
    file_name::FileName,
    file_type::FileType,
    kind::Kind,
    signatures::{self, is_text},
    table::BINARY,
};

/// How many bytes from a file's beginning [`detect`] wants. HDF5 behind a user block of 2048 is what lies deepest.
pub const HEAD_BYTES: usize = 8192;

/// Formats that compress themselves; their readers want the file as it is.
const COMPRESSED_INSIDE: [&str; 2] = ["rdata", "joblib"];

/// What a file was found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Detected {
    /// The row of the table.
    pub file_type: &'static FileType,
    /// How the file is compressed around its type. Archives have none, and neither has a file whose name only
    /// pretends that it is compressed.
    pub compression: Option<Compression>,
    /// The name's extension in lower case, without the dot: `csv`, `csv.gz`, `tar.gz`, or nothing. Letters, digits,
    /// `_` and `-` only, so that it can end the name of a stored file. It may belong to another type, or to none.
    pub extension: String,
}

impl Detected {
    /// The file's media type; of a compressed file, the compression's.
    #[must_use]
    pub fn mime(&self) -> &'static str {
        let last = self.extension.rsplit('.').next().unwrap_or_default();
        match (self.compression, FileType::by_name("archive")) {
            (Some(compression), Some(archive)) => archive.mime_for(compression.extension()),
            _ => self.file_type.mime_for(last),
        }
    }
}

/// The kind that a file's name promises, without a look inside.
#[must_use]
pub fn kind_of(file_name: &str) -> Kind {
    FileName::read(file_name).file_type.map_or(Kind::Binary, |file_type| file_type.kind)
}

/// Finds out a file's type from its name and the first [`HEAD_BYTES`] of its content, or all of it.
///
/// What a zip or an old Office file holds stands at its end as often as at its beginning: [`detect_from`] sees
/// more than this.
#[must_use]
pub fn detect(file_name: &str, head: &[u8]) -> Detected {
    judge(file_name, &head[..head.len().min(HEAD_BYTES)], Cursor::new(head))
}

/// Finds out the type of an open file, of which a few KB are read. The reader is left anywhere.
///
/// # Errors
/// When the file cannot be read.
pub fn detect_from<R: Read + Seek>(file_name: &str, mut reader: R) -> io::Result<Detected> {
    let mut head = Vec::with_capacity(HEAD_BYTES);
    reader.rewind()?;
    reader.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head)?;
    Ok(judge(file_name, &head, reader))
}

/// Finds out the type of the file at `path`, which may have another name than the one given to people.
///
/// # Errors
/// When the path leads to no regular file (a pipe would wait for its writer), or it cannot be read.
pub fn detect_path(file_name: &str, path: impl AsRef<Path>) -> io::Result<Detected> {
    let path = path.as_ref();
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    detect_from(file_name, fs::File::open(path)?)
}

fn judge<R: Read + Seek>(file_name: &str, head: &[u8], reader: R) -> Detected {
    let name = FileName::read(file_name);
    let (file_type, compression) = match Compression::of_content(head) {
        Some(compression) => inside(&name, compression),
        None => plain(&name, head, reader),
    };
    Detected { file_type, compression, extension: name.extension }
}

/// The type of compressed content: what the name says is inside, or an archive.
fn inside(name: &FileName, compression: Compression) -> (&'static FileType, Option<Compression>) {
    match name.file_type {
        Some(file_type) if COMPRESSED_INSIDE.contains(&file_type.name) => (file_type, None),
        Some(file_type) if name.compression.is_some() || is_often_compressed(file_type) => {
            (file_type, Some(compression))
        }
        _ => (known("archive"), None),
    }
}

/// Whether a compressed file of this type is believed though its name does not mention the compression. Downloads
/// lose their `.gz`; but nobody compresses a photo.
fn is_often_compressed(file_type: &FileType) -> bool {
    matches!(file_type.kind, Kind::Data | Kind::Structured | Kind::Scientific | Kind::Geo | Kind::Text)
}

fn plain<R: Read + Seek>(name: &FileName, head: &[u8], reader: R) -> (&'static FileType, Option<Compression>) {
    if let Some(file_type) = signatures::claim(head, reader).and_then(|claim| claim.settle(name.file_type)) {
        return (file_type, None);
    }
    match name.file_type {
        // The one compression without magic bytes.
        Some(file_type) => (file_type, name.compression.filter(|compression| *compression == Compression::Lzma)),
        None => (unnamed(name, head), None),
    }
}

/// The type of a file whose name says nothing.
fn unnamed(name: &FileName, head: &[u8]) -> &'static FileType {
    let fallback = if name.extension.is_empty() && is_text(head) { "text" } else { "binary" };
    known(signatures::guess(head).unwrap_or(fallback))
}

/// A type by its name; what has none is `binary`.
fn known(name: &str) -> &'static FileType {
    FileType::by_name(name).unwrap_or(&BINARY)
}
