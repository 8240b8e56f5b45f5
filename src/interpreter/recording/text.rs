//! The text of a run within its limits: shown first, then into `output.txt`, then only counted.

use std::{
    borrow::Cow,
    fs::{File, OpenOptions},
    io::{self, BufWriter, Write as _},
    path::{Path, PathBuf},
};

use memchr::memmem;
use rustix::{
    fs::{CWD, RenameFlags, renameat_with},
    io::Errno,
};

use super::{
    super::{Event, acting_as},
    Channel, EventQueue,
};

/// The name under which output beyond what is shown is written; it becomes `output.txt` at the end.
const HIDDEN_FILE: &str = ".taipan-output";
/// The code may have files of the names we give ours.
const MAX_NAMES_TRIED: u32 = 100;

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
    file: Option<Overflow>,
    full: bool,
}

/// The file that takes what is not shown. It bears a hidden name while it is written to: the code may have a file
/// `output.txt` itself.
struct Overflow {
    file: BufWriter<File>,
    path: PathBuf,
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

    /// Whether everything that may still come is dropped.
    pub(super) fn drops_all(&self) -> bool {
        self.taken.dropped > 0
    }

    /// Counts what was dropped without a look at it.
    pub(super) fn drop_bytes(&mut self, bytes: u64) {
        self.taken.dropped += bytes;
    }

    /// The code's own folder is shown under the name the code knows it by.
    pub(super) fn hide_folder<'t>(&self, text: &'t str) -> Cow<'t, str> {
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
        text.floor_char_boundary(self.limits.shown.saturating_sub(self.taken.output.len()))
    }

    fn overflow(&mut self, rest: &str) {
        let room = self.limits.in_file.saturating_sub(self.taken.in_file);
        // Once something was dropped, what follows is dropped as well: the file has no holes.
        let fits = if self.taken.dropped > 0 {
            0
        } else {
            rest.floor_char_boundary(usize::try_from(room).unwrap_or(usize::MAX))
        };
        let (kept, dropped) = rest.split_at(fits);
        let (kept, dropped) = (kept.len() as u64, dropped.len() as u64);
        if kept > 0 && self.write_to_file(&rest[..fits]) {
            self.taken.in_file += kept;
            self.taken.dropped += dropped;
        } else {
            self.taken.dropped += kept + dropped;
        }
    }

    fn write_to_file(&mut self, text: &str) -> bool {
        if self.file.is_none() {
            self.file = self.folder.as_ref().and_then(|folder| Overflow::create(&folder.path));
        }
        self.file.as_mut().is_some_and(|overflow| overflow.file.write_all(text.as_bytes()).is_ok())
    }

    /// Closes the file and gives it its name. What could not be written, for instance because the disk is full or
    /// the code has removed its folder, counts as dropped.
    pub(super) fn close_file(&mut self) {
        let Some(overflow) = self.file.take() else { return };
        let written = overflow.finish().unwrap_or_else(|error| {
            tracing::warn!(%error, "a run's output could not be written to its file");
            0
        });
        self.taken.dropped += self.taken.in_file.saturating_sub(written);
        self.taken.in_file = self.taken.in_file.min(written);
    }

    pub(super) fn take(&mut self) -> TakenText {
        std::mem::take(&mut self.taken)
    }
}

impl Overflow {
    fn create(folder: &Path) -> Option<Self> {
        let path = folder.join(HIDDEN_FILE);
        let create = || OpenOptions::new().write(true).create_new(true).open(&path);
        let file = acting_as::owner_of(folder, create).ok()?;
        Some(Self { file: BufWriter::with_capacity(64 * 1024, file), path })
    }

    /// Names the file `output.txt`, or `output-2.txt` and so on where the code has one of that name itself.
    /// Gives how many bytes are in it.
    fn finish(mut self) -> io::Result<u64> {
        // A flush that fails half way leaves what fits, and the length says how much that is.
        let _ = self.file.flush();
        let length = self.file.get_ref().metadata()?.len();
        let name = |number| if number == 1 { "output.txt".to_owned() } else { format!("output-{number}.txt") };
        let folder = self.path.parent().unwrap_or(&self.path);
        let rename = || {
            for number in 1..MAX_NAMES_TRIED {
                let named = folder.join(name(number));
                match renameat_with(CWD, &self.path, CWD, named, RenameFlags::NOREPLACE) {
                    Err(Errno::EXIST) => {}
                    renamed => return Ok(renamed.map(|()| length)?),
                }
            }
            Err(io::ErrorKind::AlreadyExists.into())
        };
        acting_as::owner_of(folder, rename)
    }
}
