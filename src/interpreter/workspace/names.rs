//! Names of files: what may stand in a folder, and what people may be shown.

use std::{ffi::OsStr, path::Path};

/// The longest name a Linux file system takes, in bytes.
const MAX_NAME_BYTES: usize = 255;
/// Room for a number and a dash.
const MAX_NUMBER_BYTES: usize = 24;
/// What is after the last dot is kept in a cut name if it is no longer than this.
const MAX_EXTENSION_BYTES: usize = 32;
/// The name given to a file whose own name leaves nothing over.
const NAMELESS: &str = "file";
/// Where inputs stand whose name a later one took.
pub(super) const SHADOWED_FOLDER: &str = ".files";

/// Turns whatever a file was called into one name that can stand in a folder.
///
/// Path parts go (also a Windows path's), control characters become `_`, and a name of more than 255 bytes is cut
/// in front of its extension.
pub(super) fn clean(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean = shorten_to(MAX_NAME_BYTES, &without_control_characters(last));
    match clean.as_str() {
        "" | "." | ".." => NAMELESS.to_owned(),
        SHADOWED_FOLDER => NAMELESS.to_owned() + SHADOWED_FOLDER,
        _ => clean,
    }
}

/// Whether a file or folder of this name is left out of what a run generated.
pub(super) fn is_left_out(name: &[u8]) -> bool {
    name.starts_with(b".") || name == b"__pycache__"
}

/// A relative path as people are shown it: UTF-8, `/` between its parts, no control characters.
pub(super) fn shown(path: &Path) -> String {
    without_control_characters(&path.to_string_lossy())
}

/// Whether [`shown`] gives the path just as it is.
pub(super) fn is_shown_as_is(path: &OsStr) -> bool {
    path.to_str().is_some_and(|text| !text.contains(char::is_control))
}

/// The name with a number in front of its extension: `plot (2).png`.
pub(super) fn numbered(path: &str, number: usize) -> String {
    let name_starts = path.rfind('/').map_or(0, |slash| slash + 1);
    match path[name_starts..].rfind('.') {
        Some(dot) if dot > 0 => {
            let (stem, extension) = path.split_at(name_starts + dot);
            format!("{stem} ({number}){extension}")
        }
        _ => format!("{path} ({number})"),
    }
}

/// The last part of a path as a clean name, short enough to have a number put in front of it.
pub(super) fn clean_last_part(path: &Path) -> String {
    shorten_to(MAX_NAME_BYTES - MAX_NUMBER_BYTES, &clean(&path.file_name().unwrap_or_default().to_string_lossy()))
}

fn without_control_characters(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { '_' } else { character }).collect()
}

fn shorten_to(most: usize, name: &str) -> String {
    if name.len() <= most {
        return name.to_owned();
    }
    let extension = name.rfind('.').map_or("", |dot| &name[dot..]);
    let extension = if extension.len() <= MAX_EXTENSION_BYTES { extension } else { "" };
    let mut end = most - extension.len();
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{extension}", &name[..end])
}
