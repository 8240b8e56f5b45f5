//! Memory in few large pages instead of many small ones.
//!
//! What takes time when a process is copied, and when the copy ends, is the table of its pages.

use std::{fs, ops::Range};

/// Gathers the memory of this process in large pages, as far as the system has any.
pub(super) fn gather() {
    for area in fs::read_to_string("/proc/self/maps").unwrap_or_default().lines().filter_map(memory) {
        // SAFETY: the contents of the pages stay what they are. Where there are no large pages, or the system is too
        // old, this fails, and all stays as it was.
        unsafe { libc::madvise(area.start as *mut libc::c_void, area.len(), libc::MADV_COLLAPSE) };
    }
}

/// The addresses in a line of `/proc/self/maps`, of memory that is no file's.
fn memory(line: &str) -> Option<Range<usize>> {
    let mut fields = line.split_whitespace();
    let (start, end) = fields.next()?.split_once('-')?;
    let is_own = fields.next()? == "rw-p" && matches!(fields.nth(3), None | Some("[heap]"));
    let addresses = usize::from_str_radix(start, 16).ok()?..usize::from_str_radix(end, 16).ok()?;
    is_own.then_some(addresses)
}
