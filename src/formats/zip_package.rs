//! Formats that are zip archives with a fixed inner order.
//!
//! Sources: Office Open XML is ECMA-376 part 2 (`[Content_Types].xml`, `_rels/.rels`, `docProps/`); `OpenDocument` 1.3
//! part 2 § 3.3 and EPUB OCF § 4.3 put an uncompressed entry `mimetype` first; a KMZ holds `doc.kml`; an npz holds
//! nothing but arrays. Apple's Numbers, Pages and Keynote look alike inside, so only a name tells them apart.

use std::io::{Read, Seek};

use super::signatures::Claim;

/// Entries that are looked at; a file's own parts stand among the first.
const MAX_ENTRIES: usize = 1000;

/// Any zip: an archive, unless the name is one of a format that is a zip inside. (`PyTorch` pickles into zips.)
const ZIP: Claim =
    Claim::unless("archive", &["excel", "ods", "numbers", "docx", "pptx", "odt", "epub", "kmz", "npz", "pickle"]);

/// What a zip says of itself, by its directory or, where the end is not at hand, by the entries of its head.
pub(super) fn claim<R: Read + Seek>(head: &[u8], reader: R) -> Claim {
    if let Some(claim) = declared(head) {
        return claim;
    }
    let listed = directory(reader).ok().flatten();
    listed.unwrap_or_else(|| Contents::of(head)).claim()
}

/// The type that the entry `mimetype` declares.
fn declared(head: &[u8]) -> Option<Claim> {
    let (name, data) = LocalEntry::read(head).map(|entry| (entry.name, entry.data))?;
    let types: [(&[u8], Claim); 3] = [
        (b"application/vnd.oasis.opendocument.spreadsheet", Claim::only("ods")),
        (b"application/vnd.oasis.opendocument.text", Claim::only("odt")),
        (b"application/epub+zip", Claim::only("epub")),
    ];
    let declared = types.into_iter().find(|(mime, _)| data.starts_with(mime));
    declared.filter(|_| name == b"mimetype").map(|(_, claim)| claim)
}

/// What the directory lists. In a zip without its end, the directory of a zip stored inside may be found instead; it
/// betrays itself by listing nothing that stands at the very beginning.
fn directory<R: Read + Seek>(reader: R) -> Result<Option<Contents>, rawzip::Error> {
    let mut buffer = vec![0; rawzip::RECOMMENDED_BUFFER_SIZE];
    let archive = rawzip::ZipArchive::from_seekable(reader, &mut buffer)?;
    let mut entries = archive.entries(&mut buffer);
    let mut contents = Contents::default();
    let mut own = false;
    while let Some(entry) = entries.next_entry()? {
        own |= entry.local_header_offset() == 0;
        contents.add(entry.file_path().as_bytes());
        if contents.entries == MAX_ENTRIES {
            break;
        }
    }
    Ok(own.then_some(contents))
}

/// What the names of a zip's entries have shown so far.
#[derive(Default)]
struct Contents {
    entries: usize,
    arrays: usize,
    office_package: bool,
    office: Option<&'static str>,
    map: bool,
}

impl Contents {
    /// Reads the names at the beginning of a zip, as far as each entry says where the next begins.
    fn of(head: &[u8]) -> Self {
        let mut contents = Self::default();
        let mut rest = Some(head);
        while let Some(entry) = rest.and_then(LocalEntry::read) {
            contents.add(entry.name);
            rest = entry.rest;
        }
        contents
    }

    fn add(&mut self, name: &[u8]) {
        self.entries += 1;
        let parts = [(&b"xl/"[..], "excel"), (b"word/", "docx"), (b"ppt/", "pptx")];
        let part = parts.into_iter().find(|(folder, _)| name.starts_with(folder));
        self.office = self.office.or(part.map(|(_, file_type)| file_type));
        self.office_package |=
            name == b"[Content_Types].xml" || name.starts_with(b"_rels/") || name.starts_with(b"docProps/");
        self.map |= name == b"doc.kml";
        self.arrays += usize::from(name.ends_with(b".npy"));
    }

    fn claim(&self) -> Claim {
        match self.office {
            Some(office) if self.office_package => Claim::only(office),
            _ if self.map => Claim::only("kmz"),
            _ if self.entries > 0 && self.arrays == self.entries => Claim::only("npz"),
            _ => ZIP,
        }
    }
}

/// An entry as it stands before its data. (APPNOTE.TXT 6.3.10 § 4.3.7)
struct LocalEntry<'a> {
    name: &'a [u8],
    /// From the first byte of the entry's data to the end of what is at hand.
    data: &'a [u8],
    /// From the next entry on; nothing where this one does not know its own size.
    rest: Option<&'a [u8]>,
}

impl<'a> LocalEntry<'a> {
    const SIZE_FOLLOWS: u16 = 1 << 3;

    fn read(bytes: &'a [u8]) -> Option<Self> {
        let header = bytes.first_chunk::<30>().filter(|header| header.starts_with(b"PK\x03\x04"))?;
        let flags = u16::from_le_bytes([header[6], header[7]]);
        let size = u32::from_le_bytes([header[18], header[19], header[20], header[21]]);
        let name_end = 30 + usize::from(u16::from_le_bytes([header[26], header[27]]));
        let data_start = name_end + usize::from(u16::from_le_bytes([header[28], header[29]]));
        let name = bytes.get(30..name_end)?;
        let data = bytes.get(data_start..).unwrap_or_default();
        let known = (flags & Self::SIZE_FOLLOWS == 0).then(|| usize::try_from(size).ok()).flatten();
        Some(Self { name, data, rest: known.and_then(|size| data.get(size..)) })
    }
}
