//! What the first bytes of a file say of its type.
//!
//! Most magic bytes are those of the crate `file-format`. The rows here are what it lacks; their sources are the
//! formats' own descriptions: the HDF5 file format specification 3.0 (§ II.A, superblock at 0 or after a user block),
//! the netCDF classic format, `NumPy`'s `.npy` format, MATLAB's "MAT-File Format" (the 116 bytes of text), NIfTI-1 and
//! NIfTI-2 (`magic`), the ORC specification v1, Feather V1, `DuckDB`'s storage header, pcap (nanoseconds), R Internals
//! § 1.8, Stata's `dta` help, PSPP's description of portable files, Apple's binary property lists, CBOR's tag 55799
//! (RFC 8949 § 3.4.6), the Library of Congress' descriptions of SPSS and SAS files, and SAS' "Record Layout of a SAS
//! Transport Data Set".

use std::io::{Read, Seek};

use file_format::{FileFormat, Kind as Family};

use super::{file_type::FileType, ole2, zip_package};

/// A type that content names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Claim {
    /// What the file is unless its name says one of `also`; nothing where the content is only a container.
    name: Option<&'static str>,
    /// Types that have the same magic bytes.
    also: &'static [&'static str],
}

impl Claim {
    /// Only this type has these bytes.
    pub(super) const fn only(name: &'static str) -> Self {
        Self { name: Some(name), also: &[] }
    }

    /// This type, unless the name says one of the others.
    pub(super) const fn unless(name: &'static str, also: &'static [&'static str]) -> Self {
        Self { name: Some(name), also }
    }

    /// The type that holds, given what the name says.
    pub(super) fn settle(self, named: Option<&'static FileType>) -> Option<&'static FileType> {
        match named {
            Some(named) if self.also.contains(&named.name) => Some(named),
            _ => self.name.and_then(FileType::by_name),
        }
    }
}

/// Bytes at an offset, and whose they are.
type Signature = (usize, &'static [u8], Claim);

/// Formats that begin with readable text, and are recognised by so much of it that no other text begins like this.
static READABLE: &[Signature] = &[
    (0, b"%PDF-", Claim::only("pdf")),
    (0, b"{\\rtf", Claim::only("rtf")),
    (0, b"SIMPLE  =                    T", Claim::only("fits")),
    (0, b"HEADER RECORD*******LIB", Claim::only("sas")),
    (40, b"ASCII SPSS PORT FILE", Claim::only("spss")),
    (0, b"<stata_dta><header><release>", Claim::only("stata")),
];

const HDF5: Claim = Claim::unless("hdf5", &["netcdf", "matlab"]);
const HDF5_MAGIC: &[u8] = b"\x89HDF\r\n\x1a\n";
const SAS7BDAT_MAGIC: &[u8] = &[
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xc2, 0xea, 0x81, 0x60, 0xb3, 0x14, 0x11, 0xcf, 0xbd, 0x92, 0x08, 0, 0x09,
    0xc7, 0x31, 0x8c, 0x18, 0x1f, 0x10, 0x11,
];

/// Formats that hold unreadable bytes. Some of these signatures are short words (`ORC`), so that they only count in
/// content that is no text.
static UNREADABLE: &[Signature] = &[
    (0, b"MATLAB 5.0 MAT-file", Claim::only("matlab")),
    (0, b"MATLAB 7.3 MAT-file", Claim::only("matlab")),
    (0, HDF5_MAGIC, HDF5),
    (512, HDF5_MAGIC, HDF5),
    (1024, HDF5_MAGIC, HDF5),
    (2048, HDF5_MAGIC, HDF5),
    (0, b"CDF\x01", Claim::only("netcdf")),
    (0, b"CDF\x02", Claim::only("netcdf")),
    (0, b"CDF\x05", Claim::only("netcdf")),
    (0, b"\x93NUMPY", Claim::only("npy")),
    (344, b"n+1\0", Claim::only("nifti")),
    (344, b"ni1\0", Claim::only("nifti")),
    (4, b"n+2\0\r\n\x1a\n", Claim::only("nifti")),
    (0, b"ORC", Claim::only("orc")),
    (0, b"FEA1", Claim::only("feather")),
    (8, b"DUCK", Claim::only("duckdb")),
    (0, b"\x4d\x3c\xb2\xa1", Claim::only("pcap")),
    (0, b"\xa1\xb2\x3c\x4d", Claim::only("pcap")),
    (0, b"RDX2\nX\n", Claim::only("rdata")),
    (0, b"RDX3\nX\n", Claim::only("rdata")),
    (0, b"X\n\0\0\0\x02", Claim::only("rdata")),
    (0, b"X\n\0\0\0\x03", Claim::only("rdata")),
    // Stata's versions 113 to 115, in either byte order; later ones are readable.
    (0, b"\x71\x01\x01\0", Claim::only("stata")),
    (0, b"\x71\x02\x01\0", Claim::only("stata")),
    (0, b"\x72\x01\x01\0", Claim::only("stata")),
    (0, b"\x72\x02\x01\0", Claim::only("stata")),
    (0, b"\x73\x01\x01\0", Claim::only("stata")),
    (0, b"\x73\x02\x01\0", Claim::only("stata")),
    (0, b"$FL2@(#)", Claim::only("spss")),
    (0, b"$FL3@(#)", Claim::only("spss")),
    (0, SAS7BDAT_MAGIC, Claim::only("sas")),
    (0, b"bplist00", Claim::only("plist")),
    (0, b"\xd9\xd9\xf7", Claim::only("cbor")),
];

/// The type that content names beyond doubt, so that it overrides an extension.
///
/// `reader` gives the whole content, as far as it is at hand, for containers whose first bytes do not say enough.
pub(super) fn claim<R: Read + Seek>(head: &[u8], reader: R) -> Option<Claim> {
    if let Some(claim) = find(READABLE, head) {
        return Some(claim);
    }
    if is_text(head) {
        return None;
    }
    find(UNREADABLE, head).or_else(|| match FileFormat::from_bytes(head) {
        FileFormat::Zip => Some(zip_package::claim(head, reader)),
        FileFormat::CompoundFileBinary => ole2::claim(reader),
        format => unmistakable(format),
    })
}

fn find(signatures: &[Signature], head: &[u8]) -> Option<Claim> {
    let stands = |(offset, bytes, _): &&Signature| head.get(*offset..).is_some_and(|rest| rest.starts_with(bytes));
    signatures.iter().find(stands).map(|(_, _, claim)| *claim)
}

/// The formats whose magic bytes are long or odd enough to be believed against a file's name.
fn unmistakable(format: FileFormat) -> Option<Claim> {
    use FileFormat as F;
    Some(match format {
        F::PortableNetworkGraphics
        | F::AnimatedPortableNetworkGraphics
        | F::JointPhotographicExpertsGroup
        | F::GraphicsInterchangeFormat
        | F::WindowsBitmap
        | F::TagImageFileFormat
        | F::Webp
        | F::AdobePhotoshopDocument
        | F::Av1ImageFileFormat
        | F::Av1ImageFileFormatSequence
        | F::HighEfficiencyImageCoding
        | F::HighEfficiencyImageCodingSequence
        | F::HighEfficiencyImageFileFormat
        | F::HighEfficiencyImageFileFormatSequence
        | F::Jpeg2000Part1 => Claim::only("image"),
        F::WaveformAudio => Claim::only("wav"),
        F::Id3v2 | F::FreeLosslessAudioCodec | F::AudioInterchangeFileFormat => Claim::only("audio"),
        // Ogg, MPEG-4, ASF and Matroska hold sound, film or both; the extension knows which.
        F::OggFlac | F::OggOpus | F::OggSpeex | F::OggVorbis | F::OggMultiplexedMedia | F::AppleItunesAudio => {
            Claim::unless("audio", &["video"])
        }
        F::Mpeg4Part14
        | F::AppleItunesVideo
        | F::AppleQuicktime
        | F::AdvancedSystemsFormat
        | F::ExtensibleBinaryMetaLanguage
        | F::OggTheora => Claim::unless("video", &["audio"]),
        F::AudioVideoInterleave | F::FlashVideo | F::Mpeg12Video => Claim::only("video"),
        F::SevenZip | F::RoshalArchive | F::TapeArchive | F::Cabinet | F::Lz4 => Claim::only("archive"),
        F::Mobipocket => Claim::only("mobi"),
        F::MicrosoftAccessDatabase | F::MicrosoftAccess2007Database => Claim::only("access"),
        F::Sqlite3 => Claim::only("sqlite"),
        F::ApacheParquet => Claim::only("parquet"),
        F::ApacheArrowColumnar => Claim::unless("arrow", &["feather"]),
        F::ApacheAvro => Claim::only("avro"),
        F::DigitalImagingAndCommunicationsInMedicine => Claim::only("dicom"),
        F::PolygonBinary => Claim::only("mesh"),
        F::PcapDump | F::PcapNextGenerationDump => Claim::only("pcap"),
        // The index beside a shapefile has the same header.
        F::Shapefile => Claim::unless("shapefile", &["shapefile_part"]),
        _ => return None,
    })
}

/// The type of content whose name says nothing: by signatures that are too weak to be believed against a name.
pub(super) fn guess(head: &[u8]) -> Option<&'static str> {
    use FileFormat as F;
    if head.starts_with(b"# vtk DataFile Version") {
        return Some("vtk");
    }
    if let Some(name) = markup(head) {
        return Some(name);
    }
    let format = FileFormat::from_bytes(head);
    match format {
        F::ShellScript | F::PythonScript | F::PerlScript | F::RubyScript | F::LuaScript | F::MsDosBatch => Some("code"),
        F::PolygonAscii => Some("mesh"),
        _ if is_text(head) => None,
        F::LempelZivMarkovChainAlgorithm => Some("archive"),
        _ => match format.kind() {
            Family::Image => Some("image"),
            Family::Audio => Some("audio"),
            Family::Video => Some("video"),
            Family::Archive | Family::Compressed => Some("archive"),
            _ => None,
        },
    }
}

/// Markup by its root element, or by the XML declaration alone.
fn markup(head: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if !text.starts_with('<') {
        return None;
    }
    let mut elements = text.split('<').filter(|element| element.starts_with(|first: char| first.is_ascii_alphabetic()));
    let root = elements.next()?.split(|end: char| end.is_whitespace() || end == '>' || end == '/').next()?;
    match root.rsplit(':').next()?.to_ascii_lowercase().as_str() {
        "svg" => Some("svg"),
        "kml" => Some("kml"),
        "gpx" => Some("gpx"),
        "plist" => Some("plist"),
        "html" => Some("html"),
        _ if text.starts_with("<?xml") => Some("xml"),
        _ => None,
    }
}

/// Whether these bytes begin a text in UTF-8: valid, and without the control characters that no text has.
/// A character cut by the end is no fault, since only the head of a file is looked at.
pub(super) fn is_text(head: &[u8]) -> bool {
    let cut = std::str::from_utf8(head).err().is_none_or(|error| error.error_len().is_none());
    // Backspace and escape stand in logs of terminals.
    cut && !head.iter().any(|byte| matches!(byte, 0..=7 | 14..=26 | 28..=31 | 127))
}

#[cfg(test)]
mod tests {
    use super::{FileType, READABLE, UNREADABLE, is_text};

    #[test]
    fn every_claim_names_types_of_the_table() {
        for (_, _, claim) in READABLE.iter().chain(UNREADABLE) {
            for name in claim.name.iter().chain(claim.also) {
                assert!(FileType::by_name(name).is_some(), "{name}");
            }
        }
    }

    #[test]
    fn text_may_be_cut_within_a_character_but_holds_no_zero() {
        assert!(is_text(b""));
        assert!(is_text("größe\t1\r\n\u{1b}[1mfett\u{1b}[0m".as_bytes()));
        assert!(is_text(&"größe".as_bytes()[..3]));
        assert!(!is_text(b"a\0b"));
        assert!(!is_text(b"gr\xf6\xdfe"));
    }
}
