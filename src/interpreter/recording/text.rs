//! The text of a run within its limits: shown first, then into `output.txt`, then only counted.

use std::{
    borrow::Cow,
    fs::{File, OpenOptions},
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

use memchr::memmem;

use super::{super::Event, Channel, EventQueue};

/// The name of the file that takes output beyond what is shown.
const OVERFLOW_FILE: &str = "output.txt";

/// What code calls its folder, wherever it really lies (X5).
pub(crate) const SHOWN_FOLDER: &str = "/mnt/data";

/// How much of a run's output goes where, in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OutputLimits {
    /// Shown in the outcome.
    pub(crate) shown: usize,
    /// Written to `output.txt` after that.
    pub(crate) in_file: u64,
}

/// Text in the order in which it came, and by channel.
pub(super) struct ShownText {
    limits: OutputLimits,
    folder: Option<Folder>,
    taken: TakenText,
    file: Option<(BufWriter<File>, PathBuf)>,
    full: bool,
}

struct Folder {
    path: PathBuf,
    text: String,
}

#[derive(Default)]
pub(super) struct TakenText {
    pub(super) output: String,
    pub(super) stdout: String,
    pub(super) stderr: String,
    pub(super) in_file: u64,
    pub(super) dropped: u64,
}

impl ShownText {
    pub(super) fn new(limits: OutputLimits) -> Self {
        Self { limits, folder: None, taken: TakenText::default(), file: None, full: false }
    }

    pub(super) fn works_in(&mut self, folder: &Path) {
        self.folder = Some(Folder { path: folder.to_owned(), text: folder.to_string_lossy().into_owned() });
    }

    pub(super) fn append(&mut self, channel: Channel, text: &str, events: &mut EventQueue) {
        let text = self.hide_folder(text);
        let fits = if self.full { 0 } else { self.fitting_prefix(&text) };
        let (shown, rest) = text.split_at(fits);
        if !shown.is_empty() {
            self.taken.output.push_str(shown);
            match channel {
                Channel::Stdout => self.taken.stdout.push_str(shown),
                Channel::Stderr => self.taken.stderr.push_str(shown),
            }
            events.text(channel, shown);
        }
        if !rest.is_empty() {
            if !self.full {
                self.full = true;
                events.push_with(|| Event::OutputFull);
            }
            self.overflow(rest);
        }
    }

    /// The code's own folder is shown under the name the code knows it by.
    fn hide_folder<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match &self.folder {
            Some(folder)
                if text.len() >= folder.text.len()
                    && memmem::find(text.as_bytes(), folder.text.as_bytes()).is_some() =>
            {
                Cow::Owned(text.replace(&folder.text, SHOWN_FOLDER))
            }
            _ => Cow::Borrowed(text),
        }
    }

    fn fitting_prefix(&self, text: &str) -> usize {
        let room = self.limits.shown.saturating_sub(self.taken.output.len());
        if text.len() <= room { text.len() } else { text.floor_char_boundary(room) }
    }

    fn overflow(&mut self, rest: &str) {
        let length = rest.len() as u64;
        let room = self.limits.in_file.saturating_sub(self.taken.in_file);
        if self.taken.dropped > 0 || length > room || !self.write_to_file(rest) {
            self.taken.dropped += length;
        } else {
            self.taken.in_file += length;
        }
    }

    fn write_to_file(&mut self, text: &str) -> bool {
        if self.file.is_none() {
            self.file = self.folder.as_ref().and_then(|folder| create_beside(&folder.path));
        }
        self.file.as_mut().is_some_and(|(file, _)| file.write_all(text.as_bytes()).is_ok())
    }

    /// Flushes and closes `output.txt`; gives its path.
    pub(super) fn close_file(&mut self) -> Option<PathBuf> {
        let (mut file, path) = self.file.take()?;
        if let Err(error) = file.flush() {
            tracing::warn!(path = %path.display(), %error, "the end of a run's output could not be written");
        }
        Some(path)
    }

    pub(super) fn take(&mut self) -> TakenText {
        std::mem::take(&mut self.taken)
    }
}

/// A new file `output.txt`, or `output-2.txt` and so on where the code has one of that name itself.
fn create_beside(folder: &Path) -> Option<(BufWriter<File>, PathBuf)> {
    (1..100).find_map(|number| {
        let name = if number == 1 { OVERFLOW_FILE.to_owned() } else { format!("output-{number}.txt") };
        let path = folder.join(name);
        let file = OpenOptions::new().write(true).create_new(true).open(&path).ok()?;
        Some((BufWriter::with_capacity(64 * 1024, file), path))
    })
}
