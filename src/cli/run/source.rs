//! Where the code and its input come from.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use crate::{cli::Failure, formats::measures::ByteSize};

/// Most bytes of code that are taken; far beyond what a person or a model writes.
pub(in super::super) const MAX_CODE_BYTES: u64 = 10 * 1024 * 1024;

/// Where the code stands.
#[derive(Debug)]
pub(super) enum Source {
    /// On the command line, after `-c`.
    Inline(String),
    /// In a file.
    Script(PathBuf),
    /// On standard input.
    StandardInput,
}

impl Source {
    /// What `-c CODE | SCRIPT | -` means.
    pub(super) fn new(code: Option<String>, script: Option<PathBuf>) -> Result<Self, Failure> {
        match (code, script) {
            (Some(code), _) => Ok(Self::Inline(code)),
            (None, Some(path)) if path == Path::new("-") => Ok(Self::StandardInput),
            (None, Some(path)) => Ok(Self::Script(path)),
            (None, None) => Err(Failure::wrong_use(
                "There is nothing to run: name a script, give code with -c, or - to read it from standard input.",
            )),
        }
    }

    /// The code as text.
    pub(super) fn read(self) -> Result<String, Failure> {
        match self {
            Self::Inline(code) => Ok(code),
            Self::StandardInput => {
                let bytes = read_bounded(io::stdin().lock(), MAX_CODE_BYTES)
                    .map_err(|error| cannot_read("The code on standard input", &error, MAX_CODE_BYTES))?;
                decode_code("The code on standard input", bytes)
            }
            Self::Script(path) => {
                let name = format!("The script {}", path.display());
                if path.is_dir() {
                    return Err(Failure::wrong_use(format!("{name} is a folder: name a Python file in it.")));
                }
                let bytes = File::open(&path)
                    .map_err(Unread::from)
                    .and_then(|file| read_bounded(file, MAX_CODE_BYTES))
                    .map_err(|error| cannot_read(&name, &error, MAX_CODE_BYTES))?;
                decode_code(&name, bytes)
            }
        }
    }
}

/// What `input()` reads: the text of a file, or of standard input for `-`.
pub(super) fn read_input(path: &Path, most_bytes: u64) -> Result<String, Failure> {
    let (name, read) = if path == Path::new("-") {
        ("Standard input".to_owned(), read_bounded(io::stdin().lock(), most_bytes))
    } else {
        let read = File::open(path).map_err(Unread::from).and_then(|file| read_bounded(file, most_bytes));
        (format!("The --stdin file {}", path.display()), read)
    };
    let bytes = read.map_err(|error| cannot_read(&name, &error, most_bytes))?;
    decode(&name, bytes)
}

/// Why bytes could not be had.
enum Unread {
    System(io::Error),
    TooLarge,
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

fn read_bounded(source: impl Read, most_bytes: u64) -> Result<Vec<u8>, Unread> {
    let mut bytes = Vec::new();
    source.take(most_bytes + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= most_bytes) { Ok(bytes) } else { Err(Unread::TooLarge) }
}

fn cannot_read(name: &str, error: &Unread, most_bytes: u64) -> Failure {
    Failure::wrong_use(match error {
        Unread::System(error) => format!("{name} cannot be read: {}. Check the path.", reason(error)),
        Unread::TooLarge => {
            format!("{name} is too large: at most {} are allowed. Give data with --file.", ByteSize(most_bytes))
        }
    })
}

/// Python source as text: UTF-8, its byte order mark dropped, and without NUL, which Python does not take.
pub(in super::super) fn decode_code(name: &str, bytes: Vec<u8>) -> Result<String, Failure> {
    let code = decode(name, bytes)?;
    if let Some(at) = code.find('\0') {
        let line = line_of(code.as_bytes(), at);
        return Err(Failure::wrong_use(format!(
            "{name} holds a NUL character in line {line}, so it is no Python text: remove it, or save the file as UTF-8."
        )));
    }
    Ok(code.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(code))
}

fn decode(name: &str, bytes: Vec<u8>) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|error| {
        let line = line_of(error.as_bytes(), error.utf8_error().valid_up_to());
        Failure::wrong_use(format!("{name} is not UTF-8 text, first in line {line}: save it as UTF-8."))
    })
}

/// The number of the line in which a byte stands, counted from 1.
fn line_of(bytes: &[u8], at: usize) -> usize {
    memchr::memchr_iter(b'\n', &bytes[..at]).count() + 1
}

/// What the system said, in words that need no knowledge of the system.
pub(super) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "you may not read it".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}
