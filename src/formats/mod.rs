//! The one table of file types: names, kinds, emoji, extensions and magic bytes.
//!
//! ```
//! use taipan::formats::{detect, kind_of, Compression, FileType, Kind};
//!
//! let sales = detect("Sales.CSV.gz", &[0x1f, 0x8b, 8, 0]);
//! assert_eq!(sales.file_type.name, "csv");
//! assert_eq!(sales.compression, Some(Compression::Gzip));
//!
//! // The content has the last word, where it names a format beyond doubt.
//! let picture = detect("sales.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
//! assert_eq!(picture.file_type.name, "image");
//!
//! assert_eq!(kind_of("report.pdf"), Kind::Pdf);
//! assert_eq!(FileType::by_name("excel").map(|excel| excel.kind), Some(Kind::Data));
//! ```
//!
//! # How a type is found
//!
//! 1. The name's extension names a type of the [table](FileType::all).
//! 2. Content that positively names another format overrides it. Text never does: a web page called `prices.xls`
//!    stays `excel`, since readers know that lie. Containers keep every extension that they may stand behind: a zip is
//!    no reason to doubt `.xlsx`, nor HDF5 to doubt `.nc`.
//! 3. A name without extension, or with an unknown one, is looked at more trustingly: scripts by their `#!` line, XML
//!    by its root element, MP3 by its frame marker.
//! 4. What is left is `text` where there is no extension and the bytes are UTF-8, else `binary`.
//!
//! Pickles are never found by content. Reading one runs code that it brings along, so nothing but an honest name may
//! lead to that reader.
//!
//! # Layout
//!
//! - `table`: the rows. A new file type is one row there, and a signature if it has one.
//! - `file_name`: what a name says; `signatures`, `zip_package`, `ole2`: what content says; `detection`: who is right.
//! - `measures`: sizes and times as people read them.

mod compression;
mod detection;
mod file_name;
mod file_type;
mod kind;
#[cfg(feature = "bot")]
pub(crate) mod measures;
mod ole2;
mod signatures;
mod table;
mod zip_package;

pub use compression::Compression;
pub use detection::{Detected, HEAD_BYTES, detect, detect_from, detect_path, kind_of};
pub use file_type::FileType;
pub use kind::Kind;

#[cfg(test)]
mod tests;
