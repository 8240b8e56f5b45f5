//! What stored files are called.

use sanitise_file_name::{Options, sanitise_with_options};
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeEmoji, UnicodeGeneralCategory};

/// What a file is called whose own name leaves nothing over.
const NAMELESS: &str = "file";
/// The longest name a Linux file system takes, in bytes.
const MAX_NAME_BYTES: usize = 255;
/// The longest path that Linux takes, in bytes.
const MAX_RELATIVE_BYTES: usize = 4096;
/// No name of any length is worth more time than this many bytes of it take.
const MAX_LOOKED_AT_BYTES: usize = 64 * 1024;
/// Joins emoji to one, and letters in some scripts; elsewhere nobody sees it.
const JOINERS: [char; 2] = ['\u{200c}', '\u{200d}'];

/// What a file is called: as it was given, and as it is safe to show and to save anywhere.
///
/// ```
/// use taipan::files::Name;
///
/// let name = Name::of_upload(r"C:\Users\me\Umsätze 2025 📈.csv");
/// assert_eq!(name.shown(), "Umsätze 2025 📈.csv");
/// assert_eq!(Name::of_generated("plots/fig.png").shown(), "fig.png");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    shown: String,
    relative: String,
}

impl Name {
    /// The name of a file that somebody sent; path parts say where it lay with him, and are nobody's business.
    #[must_use]
    pub fn of_upload(given: &str) -> Self {
        let shown = clean(given);
        Self { relative: shown.clone(), shown }
    }

    /// The name of a file that a run generated, as its path relative to the run's folder. Files of the same name in
    /// two folders are two files.
    #[must_use]
    pub fn of_generated(relative: &str) -> Self {
        Self { shown: clean(relative), relative: beginning(relative, MAX_RELATIVE_BYTES).to_owned() }
    }

    /// One name without path parts, of at most 255 bytes, that every system takes.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// What the file's id is made of besides its content (S4).
    #[must_use]
    pub fn relative(&self) -> &str {
        &self.relative
    }
}

/// Makes one safe name of whatever a file was called, keeping what a person would know it by: letters of every script,
/// spaces, emoji.
fn clean(given: &str) -> String {
    let last = beginning_of_last_part(given);
    let visible = without_invisible(&last.nfc().collect::<String>());
    let options = Options {
        length_limit: MAX_NAME_BYTES,
        // Marks that change the order of letters are gone already, without a trace.
        remove_reordering_characters: false,
        normalise_whitespace: true,
        trim_spaces_and_full_stops: false,
        trim_more_punctuation: false,
        six_measures_of_barley: NAMELESS,
        ..Options::DEFAULT
    };
    let ends_plainly = visible.trim_start().trim_end_matches(|last: char| last == '.' || last.is_whitespace());
    sanitise_with_options(ends_plainly, &options)
}

fn beginning_of_last_part(path: &str) -> &str {
    let parts = path.trim_end_matches(['/', '\\']);
    let last = parts.rsplit(['/', '\\']).next().unwrap_or_default();
    // The end is kept of what is far too long: it holds the extension.
    let mut start = last.len().saturating_sub(MAX_LOOKED_AT_BYTES);
    while !last.is_char_boundary(start) {
        start += 1;
    }
    &last[start..]
}

fn beginning(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Takes out what nobody sees but programs obey: marks that reverse what follows, that join, hide or tag. What is
/// private or not assigned is seen differently by everybody, and is left alone.
fn without_invisible(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let joins = |at: usize| {
        let neighbours = [at.checked_sub(1), Some(at + 1)];
        JOINERS.contains(&characters[at])
            && neighbours.into_iter().all(|at| at.and_then(|at| characters.get(at)).is_some_and(|c| is_joinable(*c)))
    };
    let is_visible = |at: usize| match characters[at].general_category() {
        GeneralCategory::Format => joins(at),
        GeneralCategory::LineSeparator | GeneralCategory::ParagraphSeparator => false,
        _ => true,
    };
    (0..characters.len()).filter(|at| is_visible(*at)).map(|at| characters[at]).collect()
}

/// Whether a character may be one of two that are joined.
fn is_joinable(character: char) -> bool {
    !character.is_ascii() && (character.is_emoji_char() || character.is_alphabetic() || is_mark(character))
}

/// Marks stand behind what they mark: a virama behind its letter, a variation selector behind its emoji.
fn is_mark(character: char) -> bool {
    matches!(character.general_category(), GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark)
}
