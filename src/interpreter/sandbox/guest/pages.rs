//! The pages of memory that a run touches, found out in one copy of the zygote and made ready in all others.
//!
//! A copy of a process shares its pages until it first writes to one, and has to find those of libraries anew: each
//! such page stops it for about a microsecond, and a first run touches thousands. Making them ready takes a fraction of
//! that, as the system does many at once, and it happens while the sandbox waits.

use std::{
    fs::{self, File},
    io,
    ops::Range,
    os::unix::fs::FileExt as _,
};

use rustix::param::page_size;
use serde::{Deserialize, Serialize};

/// What is read at once of the table of pages: one entry for each.
const ENTRIES: usize = 16 * 1024;
const ENTRY_BYTES: usize = 8;
/// What an entry says of its page: it is in memory; it is a file's; no other process has it.
const IS_PRESENT: u64 = 1 << 63;
const IS_OF_FILE: u64 = 1 << 61;
const IS_OWN: u64 = 1 << 56;

/// Pages, by address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pages {
    pieces: Vec<Piece>,
}

/// Pages next to each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Piece {
    addresses: Range<usize>,
    use_: Use,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Use {
    /// A file's, which were only read.
    Read,
    /// Memory that was written to.
    Written,
}

/// The parts of memory that a process has, of which its later pages are looked for.
pub(super) struct Areas(Vec<Range<usize>>);

impl Areas {
    /// Those of this process.
    pub(super) fn now() -> io::Result<Self> {
        Ok(Self(fs::read_to_string("/proc/self/maps")?.lines().filter_map(area).collect()))
    }

    /// The pages in them that this process, a copy of another, has touched.
    pub(super) fn touched(&self) -> io::Result<Pages> {
        let table = File::open("/proc/self/pagemap")?;
        let mut pages = Pages::default();
        let mut bytes = vec![0; ENTRIES * ENTRY_BYTES];
        for area in &self.0 {
            let mut address = area.start;
            while address < area.end {
                let count = ((area.end - address) / page_size()).min(ENTRIES);
                let entries = &mut bytes[..count * ENTRY_BYTES];
                table.read_exact_at(entries, (address / page_size() * ENTRY_BYTES) as u64)?;
                for entry in entries.as_chunks().0 {
                    pages.note(address, u64::from_ne_bytes(*entry));
                    address += page_size();
                }
            }
        }
        Ok(pages)
    }
}

/// Whether the system, as it usually does, finds the page as well when it is asked for one of that piece.
fn are_read_together(piece: &Piece, address: usize) -> bool {
    const AT_ONCE: usize = 64 * 1024;
    piece.addresses.start / AT_ONCE == address / AT_ONCE
}

/// The addresses in a line of `/proc/self/maps`, of what is memory or a file.
fn area(line: &str) -> Option<Range<usize>> {
    let mut fields = line.split_whitespace();
    let (start, end) = fields.next()?.split_once('-')?;
    let is_readable = fields.next()?.starts_with('r');
    let name = fields.nth(3).unwrap_or_default();
    let is_the_systems = name.starts_with('[') && !["[heap]", "[stack]"].contains(&name);
    let addresses = usize::from_str_radix(start, 16).ok()?..usize::from_str_radix(end, 16).ok()?;
    (is_readable && !is_the_systems).then_some(addresses)
}

impl Pages {
    fn note(&mut self, address: usize, entry: u64) {
        let use_ = match (entry & IS_PRESENT != 0, entry & IS_OF_FILE != 0, entry & IS_OWN != 0) {
            (true, true, _) => Use::Read,
            (true, false, true) => Use::Written,
            _ => return,
        };
        let end = address + page_size();
        match self.pieces.last_mut() {
            Some(piece) if piece.use_ == Use::Read && use_ == Use::Read && are_read_together(piece, address) => {}
            Some(piece) if piece.addresses.end == address && piece.use_ == use_ => piece.addresses.end = end,
            _ => self.pieces.push(Piece { addresses: address..end, use_ }),
        }
    }

    /// Makes them ready in this process, another copy, for as long as `goes_on`.
    pub(super) fn make_ready(&self, mut goes_on: impl FnMut() -> bool) {
        const AT_ONCE: usize = 64;
        for pieces in self.pieces.chunks(AT_ONCE) {
            if !goes_on() {
                return;
            }
            for Piece { addresses, use_ } in pieces {
                populate(addresses, *use_);
            }
        }
    }
}

/// Does to pages what touching them would.
fn populate(addresses: &Range<usize>, use_: Use) {
    let advice = match use_ {
        Use::Read => libc::MADV_POPULATE_READ,
        Use::Written => libc::MADV_POPULATE_WRITE,
    };
    // SAFETY: this changes nothing in the pages. Where there are none, or the system is too old, it fails, and the run
    // touches them itself.
    unsafe { libc::madvise(addresses.start as *mut libc::c_void, addresses.len(), advice) };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(pages: &Pages) -> Vec<(Range<usize>, Use)> {
        pages.pieces.iter().map(|piece| (piece.addresses.clone(), piece.use_)).collect()
    }

    #[test]
    fn pages_next_to_each_other_are_one_piece_and_shared_ones_none() {
        let page = page_size();
        let mut pages = Pages::default();
        let (written, shared, of_file) = (IS_PRESENT | IS_OWN, IS_PRESENT, IS_PRESENT | IS_OF_FILE);
        for (number, entry) in [written, written, shared, written, 0, of_file, of_file].into_iter().enumerate() {
            pages.note(number * page, entry);
        }
        let expected =
            [(0..2 * page, Use::Written), (3 * page..4 * page, Use::Written), (5 * page..6 * page, Use::Read)];
        assert_eq!(pieces(&pages), expected);
    }

    #[test]
    fn a_page_that_is_written_to_is_found() {
        let mut memory = vec![0_u8; 4 * page_size()];
        memory[2 * page_size()] = 1;
        let address = memory.as_ptr() as usize + 2 * page_size();
        let pages = Areas::now().unwrap().touched().unwrap();
        let of_it = pages.pieces.iter().find(|piece| piece.addresses.contains(&address)).unwrap();
        assert_eq!(of_it.use_, Use::Written);
        pages.make_ready(|| true);
        assert_eq!(memory[2 * page_size()], 1);
    }

    #[test]
    fn what_is_the_systems_or_cannot_be_read_is_left_out() {
        let lines = [
            "1000-3000 rw-p 00000000 00:00 0 ",
            "3000-4000 ---p 00000000 00:00 0 ",
            "4000-5000 r--p 00000000 00:00 0 [vvar]",
            "5000-6000 rw-p 00000000 00:00 0 [heap]",
            "6000-7000 r-xp 00000000 08:01 42 /usr/lib/a library.so",
        ];
        let found: Vec<_> = lines.into_iter().filter_map(area).collect();
        assert_eq!(found, [0x1000..0x3000, 0x5000..0x6000, 0x6000..0x7000]);
    }
}
