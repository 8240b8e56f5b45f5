//! What the targets in `fuzz/` need of the interpreter: the real code behind plain data. Only there when they are built.

use std::{
    fs::File,
    io,
    os::{
        fd::{AsFd as _, OwnedFd},
        unix::fs::FileExt as _,
    },
    path::Path,
    sync::Arc,
    time::Duration,
};

use super::{
    Display, FileSeen, GeneratedFile, InputFile, InterpreterError, OmittedFile,
    python::CodeEnd,
    recording::{OutputLimits, Recording},
    sandbox::fuzzed::{Decoder, FromGuest, Heard, Hearing, LONGEST_FROM_GUEST, Window, Written, encode},
    workspace::{Collected, CollectionLimits, Keeping, LinksTo, LiveWatch, Workspace, WorkspaceRoot},
};

/// A run that listens to a sandbox.
pub struct Listener {
    hearing: Hearing,
    /// The sandbox's end of the memory for text that it has not sent yet.
    held: File,
    recording: Recording,
}

/// What became of some bytes of a sandbox.
#[derive(Debug)]
pub enum Turn {
    /// More may come.
    Goes {
        /// How many installations were asked for.
        installations: usize,
    },
    /// The code has ended; with how many bytes of text.
    Ended(usize),
    /// The sandbox is ended, because of this.
    Broken(String),
}

/// What a run has to show in the end.
#[derive(Debug)]
pub struct Shown {
    /// Standard output and error.
    pub output: String,
    /// Standard output alone.
    pub stdout: String,
    /// Standard error alone.
    pub stderr: String,
    /// Values.
    pub displays: Vec<Display>,
    /// Sentences.
    pub notes: Vec<String>,
    /// Bytes that went into the file.
    pub in_file: u64,
}

impl Listener {
    /// A run that shows so many bytes, and writes so many into a file in `folder`.
    ///
    /// # Errors
    /// When there is no memory for text that is held back.
    pub fn new(shown: usize, in_file: u64, folder: &Path) -> io::Result<Self> {
        let recording = Recording::new(OutputLimits { shown, in_file }, true);
        recording.works_in(folder);
        let window = Window::open()?;
        let held = window.as_fd().try_clone_to_owned()?.into();
        let hearing = Hearing::new(Decoder::new(LONGEST_FROM_GUEST), Written::new(window));
        Ok(Self { hearing, held, recording })
    }

    /// Has the sandbox write into the memory for text that is held back, which is then looked at.
    pub fn hold(&mut self, at: u64, bytes: &[u8], is_over: bool) {
        // Beyond the end nothing can be written.
        let _ = self.held.write_at(bytes, at);
        self.hearing.look_at_held(is_over, &self.recording);
    }

    /// Hears what was read from a sandbox.
    pub fn hear(&mut self, bytes: &[u8]) -> Turn {
        self.hearing.feed(bytes);
        let mut installations = 0;
        loop {
            match self.hearing.next(&self.recording) {
                Ok(None) => return Turn::Goes { installations },
                Ok(Some(Heard::Install(_))) => installations += 1,
                Ok(Some(Heard::Ended(end))) => return Turn::Ended(text_bytes(&end)),
                Err(what) => return Turn::Broken(what),
            }
        }
    }

    /// Ends the run.
    #[must_use]
    pub fn finish(self) -> Shown {
        self.recording.settle();
        let recorded = self.recording.finish();
        Shown {
            output: recorded.output,
            stdout: recorded.stdout,
            stderr: recorded.stderr,
            displays: recorded.displays,
            notes: recorded.notes,
            in_file: recorded.omitted.output_in_file,
        }
    }
}

fn text_bytes(end: &CodeEnd) -> usize {
    match end {
        CodeEnd::Completed(value) => value.as_ref().map_or(0, Display::bytes),
        CodeEnd::Raised(exception) => exception.type_name.len() + exception.message.len() + exception.traceback.len(),
        CodeEnd::Stopped(place) => place.as_ref().map_or(0, String::len),
        CodeEnd::Exited(_) | CodeEnd::Killed(_) | CodeEnd::OutOfMemory => 0,
    }
}

/// A message of a sandbox, well made: so many bytes of text, all of them the same.
#[must_use]
pub fn written(stream: u8, writer: u64, byte: u8, count: usize) -> Vec<u8> {
    encoded(&FromGuest::Wrote { stream, writer, bytes: vec![byte; count] })
}

/// A value of so many bytes.
#[must_use]
pub fn displayed(count: usize) -> Vec<u8> {
    encoded(&FromGuest::Display(Display { text: "x".repeat(count), ..Display::default() }))
}

/// A note of so many bytes.
#[must_use]
pub fn noted(count: usize) -> Vec<u8> {
    encoded(&FromGuest::Note("x".repeat(count)))
}

fn encoded(message: &FromGuest) -> Vec<u8> {
    encode(message).unwrap_or_default()
}

/// Where runs' folders are.
pub struct Folders(WorkspaceRoot);

/// A folder in which code has worked.
pub struct Folder {
    workspace: Workspace,
    collected: Collected,
}

/// How much is collected.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Files.
    pub files: usize,
    /// Their bytes together.
    pub bytes: u64,
    /// Levels of folders.
    pub depth: usize,
    /// Names that are looked at.
    pub names: usize,
    /// Time for it.
    pub time: Duration,
}

/// What was found.
#[derive(Debug)]
pub struct Found {
    /// Generated files.
    pub files: Vec<GeneratedFile>,
    /// What was left out.
    pub omitted: Vec<OmittedFile>,
    /// Sentences.
    pub notes: Vec<String>,
}

/// Files are reported while it lives.
pub struct Watched(#[expect(dead_code, reason = "it is only held")] LiveWatch);

impl Folders {
    /// Makes a root in `parent`.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn create(parent: &Path) -> io::Result<Self> {
        WorkspaceRoot::create(Some(parent.to_owned())).map(Self)
    }

    /// A folder of a run in this process.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn own(&self) -> io::Result<Folder> {
        self.0.workspace().map(Folder::new)
    }

    /// A folder of a sandbox.
    ///
    /// # Errors
    /// When it cannot be watched.
    pub fn handed(&self, directory: OwnedFd) -> io::Result<Folder> {
        self.0.adopt(directory).map(Folder::new)
    }
}

impl Folder {
    fn new(workspace: Workspace) -> Self {
        Self { workspace, collected: Collected::default() }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.workspace.path()
    }

    /// Gives the run a file.
    ///
    /// # Errors
    /// When it is none.
    pub fn place(&mut self, file: InputFile) -> Result<(), InterpreterError> {
        self.workspace.place_inputs(&[file], LinksTo::Originals).map(drop)
    }

    /// Has files reported.
    pub fn watch(&self, sink: impl Fn(FileSeen) + Send + Sync + 'static) -> Watched {
        Watched(self.workspace.watch(Arc::new(sink)))
    }

    /// Collects at the end of a run.
    #[must_use]
    pub fn collect(&self, limits: Limits) -> Found {
        found(self.workspace.collect(&limits.into()))
    }

    /// Collects what is new, for a session that goes on.
    #[must_use]
    pub fn collect_and_keep(&mut self, folders: &Folders, limits: Limits) -> Found {
        let new_folder = || folders.0.kept_folder();
        let keeping = Keeping::new(&mut self.collected, &new_folder);
        found(self.workspace.collect_and_keep(&limits.into(), keeping))
    }
}

impl From<Limits> for CollectionLimits {
    fn from(limits: Limits) -> Self {
        Self {
            max_files: limits.files,
            max_total_bytes: limits.bytes,
            max_depth: limits.depth,
            max_entries_walked: limits.names,
            time_budget: limits.time,
        }
    }
}

fn found(collection: super::workspace::Collection) -> Found {
    Found { files: collection.files, omitted: collection.omitted, notes: collection.notes }
}
