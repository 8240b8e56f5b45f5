//! How much of what a sandbox says is taken: its code can write to the socket itself, and make up what it likes.

use std::time::Duration;

use super::super::super::{python::CodeEnd, recording::Writer};

/// Threads of the code whose lines are kept whole; the lines of more may mix.
const WRITERS: u64 = 256;
/// Installations that one run may ask for.
const MOST_INSTALLATIONS: u32 = 100;
/// How long all of them may take: meanwhile the run's clock stands still, whatever its code does.
pub(super) const LONGEST_INSTALLING: Duration = Duration::from_secs(600);
/// Bytes of text in one message: a sandbox sends what is longer in parts, so that none keeps the worker busy for long.
pub(super) const MOST_WRITTEN: usize = 64 * 1024;
/// Names that one installation may have, and bytes of each.
const MOST_IMPORTS: usize = 200;
const LONGEST_IMPORT: usize = 500;
/// Bytes of a note.
const LONGEST_NOTE: usize = 4 * 1024;
/// Bytes of each text about an exception.
const LONGEST_TEXT: usize = 1024 * 1024;

/// The writer as the recording knows it: of however many numbers a sandbox makes up, there are only so many.
pub(super) fn writer(number: u64) -> Writer {
    Writer::numbered(if number == 0 { 0 } else { 1 + number % WRITERS })
}

/// Whether the run may have its installation of this number, of these imports.
pub(super) fn may_install(number: u32, imports: &[String]) -> bool {
    number <= MOST_INSTALLATIONS
        && imports.len() <= MOST_IMPORTS
        && imports.iter().all(|import| import.len() <= LONGEST_IMPORT)
}

/// A note that is not too long.
pub(super) fn note(note: String) -> String {
    cut(note, LONGEST_NOTE)
}

/// An end whose texts are not too long.
pub(super) fn end(end: CodeEnd) -> CodeEnd {
    match end {
        CodeEnd::Raised(mut exception) => {
            for text in [&mut exception.type_name, &mut exception.message, &mut exception.traceback] {
                *text = cut(std::mem::take(text), LONGEST_TEXT);
            }
            CodeEnd::Raised(exception)
        }
        CodeEnd::Stopped(place) => CodeEnd::Stopped(place.map(|place| cut(place, LONGEST_TEXT))),
        end => end,
    }
}

fn cut(mut text: String, longest: usize) -> String {
    if text.len() > longest {
        text.truncate(text.floor_char_boundary(longest));
        // What is left of a long text is not to take its place.
        text.shrink_to_fit();
    }
    text
}
