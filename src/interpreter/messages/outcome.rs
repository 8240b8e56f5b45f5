//! How a run ended and what it left.

use std::{
    any::Any,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::formats::Kind;

/// Everything a run came to: its ending, output, values and files.
///
/// Plain data, so that it can cross a process boundary. The generated files lie in a folder that is removed when
/// the last clone of the outcome is dropped; use [`GeneratedFile::save_in`] or [`GeneratedFile::read`] before.
///
/// ```
/// use taipan::{Ending, Interpreter, Request};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let interpreter = Interpreter::builder().workers(1).build()?;
/// let code = "with open('notes.txt', 'w') as file: file.write('made')\n{}['b']";
/// let outcome = interpreter.execute(Request::new(code)).await?;
///
/// // The code raised, and what it made until then is here.
/// assert!(!outcome.success());
/// let Ending::Raised(exception) = &outcome.ending else { panic!("a key is missing") };
/// assert_eq!((exception.type_name.as_str(), exception.message.as_str()), ("KeyError", "'b'"));
/// let file = &outcome.generated_files[0];
/// assert_eq!((file.name.as_str(), file.file_type.as_str(), file.size), ("notes.txt", "text", 4));
/// assert_eq!(file.read()?, b"made");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Outcome {
    /// How the run ended.
    pub ending: Ending,
    /// Standard output and error as they came, within the output limit.
    pub output: String,
    /// Standard output alone, within the same limit.
    pub stdout: String,
    /// Standard error alone, within the same limit.
    pub stderr: String,
    /// The value of the last expression, as a notebook shows it; `None` where the code ends otherwise.
    pub result: Option<Display>,
    /// What the code showed with `display()`, in order.
    pub displays: Vec<Display>,
    /// The files the code created or changed, sorted by name.
    pub generated_files: Vec<GeneratedFile>,
    /// The ids of files given to the run that it opened for writing, or wrote anew, and left with the content they had.
    /// They are no generated files; but code that is run again makes again what it made before.
    #[serde(default)]
    pub made_again: Vec<String>,
    /// Packages installed for this run, as `name==version`.
    pub installed_packages: Vec<String>,
    /// Packages the code wanted and did not get.
    pub failed_packages: Vec<FailedPackage>,
    /// Where the code was when it was stopped, for a run that timed out or was cancelled.
    pub stopped_at: Option<String>,
    /// How long the code ran, without queueing and installing.
    pub execution_time: Duration,
    /// What was cut or left out because of a limit.
    pub omitted: Omitted,
    /// Sentences for the user about what else happened, such as threads that were left behind.
    pub notes: Vec<String>,
}

impl Outcome {
    /// Whether the code ran to its end, or exited with code 0.
    #[must_use]
    pub fn success(&self) -> bool {
        matches!(self.ending, Ending::Completed | Ending::Exited(0))
    }
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The code ran to its end.
    Completed,
    /// An exception was not caught.
    Raised(PythonException),
    /// The code called `sys.exit`, with this exit code.
    Exited(i32),
    /// The code was stopped at its time limit.
    TimedOut,
    /// The code was stopped at its memory limit.
    OutOfMemory,
    /// The process the code ran in died.
    Killed {
        /// The number of the signal that ended it; 0 where the code ended it by itself, with `os._exit` for instance,
        /// which leaves out all that belongs to the end of a run.
        signal: i32,
    },
    /// The run was cancelled.
    Cancelled,
}

impl Ending {
    /// The variant's name in snake case: `completed`, `raised`, `exited`, `timed_out` …
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Raised(_) => "raised",
            Self::Exited(_) => "exited",
            Self::TimedOut => "timed_out",
            Self::OutOfMemory => "out_of_memory",
            Self::Killed { .. } => "killed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A Python exception as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PythonException {
    /// The class's name, with its module where that is not `builtins`: `ValueError`, `json.decoder.JSONDecodeError`.
    #[serde(rename = "type")]
    pub type_name: String,
    /// The exception's own text, cut at 10 KB.
    pub message: String,
    /// What Python prints, the user's lines with their source, without the interpreter's own frames.
    pub traceback: String,
}

/// A value as it is shown to people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Display {
    /// Plain text: the value's `repr`, or a table in columns.
    pub text: String,
    /// HTML, where the value offers it (`_repr_html_`).
    pub html: Option<String>,
    /// Markdown, where the value offers it (`_repr_markdown_`).
    pub markdown: Option<String>,
    /// Whether something was cut because it was too long.
    pub cut: bool,
}

impl Display {
    /// How many bytes its texts have.
    pub(crate) fn bytes(&self) -> usize {
        let texts = [Some(&self.text), self.html.as_ref(), self.markdown.as_ref()];
        texts.into_iter().flatten().map(String::len).sum()
    }

    /// The same value with each of its texts changed.
    pub(crate) fn map_texts(self, change: impl Fn(String) -> String) -> Self {
        Self {
            text: change(self.text),
            html: self.html.map(&change),
            markdown: self.markdown.map(&change),
            cut: self.cut,
        }
    }
}

/// A file that a run created or changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GeneratedFile {
    /// Path relative to the run's folder, with `/` between its parts.
    pub name: String,
    /// What sort of file it is.
    pub kind: Kind,
    /// The type's name in the table of formats, such as `csv`.
    pub file_type: String,
    /// Size in bytes.
    pub size: u64,
    /// SHA-256 of the content, in lower-case hex.
    pub sha256: String,
    /// Where the bytes lie while the outcome lives.
    pub path: PathBuf,
    /// Keeps the folder of `path`.
    #[serde(skip)]
    pub(crate) folder: Option<Arc<dyn Any + Send + Sync>>,
}

impl PartialEq for GeneratedFile {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.sha256, self.size) == (&other.name, &other.sha256, other.size)
    }
}

impl GeneratedFile {
    /// The file's bytes.
    ///
    /// # Errors
    /// When the file cannot be read, for instance because its outcome is gone.
    pub fn read(&self) -> io::Result<Vec<u8>> {
        fs::read(&self.path)
    }

    /// Copies the file to `folder/name`, making folders as needed and replacing what was there.
    /// Returns the path it wrote to.
    ///
    /// # Errors
    /// When a folder or the file cannot be written.
    pub fn save_in(&self, folder: impl AsRef<Path>) -> io::Result<PathBuf> {
        let target = folder.as_ref().join(&self.name);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        // Not its rights: who made it could let everybody run it as the one who saves it.
        io::copy(&mut File::open(&self.path)?, &mut File::create(&target)?)?;
        Ok(target)
    }
}

/// A package that could not be installed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FailedPackage {
    /// Its name in the package index.
    pub name: String,
    /// Why, in one sentence.
    pub reason: String,
}

/// What limits took away from a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Omitted {
    /// Bytes of output that are not in `output`, `stdout` and `stderr` but in the generated file `output.txt`.
    pub output_in_file: u64,
    /// Bytes of output that were dropped.
    pub output_dropped: u64,
    /// `display()` calls beyond the limits of one run: 200 of them, with 10 MB of text.
    pub displays: u64,
    /// Files that were not collected, with reasons; at most 100 are named.
    pub files: Vec<OmittedFile>,
    /// Files that were not collected and are not named either.
    pub more_files: u64,
}

/// A file that was left out of the generated files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OmittedFile {
    /// Path relative to the run's folder.
    pub name: String,
    /// Its size in bytes, as far as it is known.
    pub size: u64,
    /// Why it was left out, in one sentence that names the limit.
    pub reason: String,
}
