//! Microsoft's compound files: the Word, Excel and `PowerPoint` of 1997 to 2003.
//!
//! They are told apart by the stream that each must have: `Workbook` or `Book` (MS-XLS), `WordDocument` (MS-DOC),
//! `PowerPoint Document` (MS-PPT). The layout is MS-CFB: a header of one sector with
//! the sector size at 30 and the directory's first sector at 48, and 128 bytes for each entry, its name first, in
//! UTF-16. Installers and mails are compound files too; these say nothing, and keep the type of their name.

use std::io::{self, Read, Seek, SeekFrom};

use super::signatures::Claim;

/// As much of the directory as is looked at. The streams that matter are made first, so they stand first.
const DIRECTORY_BYTES: u64 = 4096;
const ENTRY_BYTES: usize = 128;
const NAME_BYTES: usize = 64;

/// The program that wrote a compound file, if it is one of the three.
pub(super) fn claim<R: Read + Seek>(reader: R) -> Option<Claim> {
    let directory = directory(reader).ok()?;
    directory.chunks_exact(ENTRY_BYTES).find_map(|entry| match name(entry).as_str() {
        "Workbook" | "Book" => Some(Claim::only("excel")),
        "WordDocument" => Some(Claim::only("doc")),
        "PowerPoint Document" => Some(Claim::only("ppt")),
        _ => None,
    })
}

fn directory<R: Read + Seek>(mut reader: R) -> io::Result<Vec<u8>> {
    let mut header = [0; 52];
    reader.seek(SeekFrom::Start(0))?;
    reader.read_exact(&mut header)?;
    // Sectors have 512 or 4096 bytes; the header takes the place of one.
    let sector_bytes: u64 = if header[30] == 12 { 4096 } else { 512 };
    let first = u32::from_le_bytes([header[48], header[49], header[50], header[51]]);
    reader.seek(SeekFrom::Start((u64::from(first) + 1) * sector_bytes))?;
    let mut directory = Vec::new();
    reader.take(DIRECTORY_BYTES).read_to_end(&mut directory)?;
    Ok(directory)
}

fn name(entry: &[u8]) -> String {
    let units = entry[..NAME_BYTES].chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
    char::decode_utf16(units.take_while(|unit| *unit != 0)).map(|unit| unit.unwrap_or('\u{fffd}')).collect()
}
