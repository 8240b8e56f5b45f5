//! What to run: the code and everything it is given.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};

/// Python code to execute, with its files, arguments and limits.
///
/// ```
/// use std::time::Duration;
/// use taipan::Request;
///
/// let request = Request::new("print(load_file('sales').describe())")
///     .input_file("sales", "data/sales.csv")
///     .owner("user-7")
///     .timeout(Duration::from_secs(30));
/// assert_eq!(request.input_files[0].name, "sales.csv");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Request {
    /// The Python source text. It runs in the module `__main__`.
    pub code: String,
    /// What the source is called in tracebacks and in `__file__`. Without it `main.py`, and in a session's later runs
    /// `main-2.py` and so on.
    #[serde(default)]
    pub source_name: Option<String>,
    /// Whose run this is: owners take turns in the queue and have their own installed packages.
    /// Runs without an owner share one turn, and one folder of packages.
    pub owner: Option<String>,
    /// Files the code may open, oldest first.
    pub input_files: Vec<InputFile>,
    /// What follows the script's name in `sys.argv`.
    pub args: Vec<String>,
    /// What `input()` and `sys.stdin` read. Without it `input()` raises `EOFError`, which says how to give it, and
    /// `sys.stdin` is empty.
    pub stdin: Option<String>,
    /// How long the code may run, queueing and installing not counted.
    /// Without it the interpreter's default holds; its maximum always does.
    pub timeout: Option<Duration>,
    /// Whether the run is one of its owner's session: what it imports, defines and writes is there for the next one.
    /// Sessions need isolation [`Process`](crate::Isolation::Process).
    #[serde(default)]
    pub in_session: bool,
    /// Whether the run only asks its session something, and leaves nothing in it.
    #[serde(default)]
    pub is_aside: bool,
}

/// The longest name of a source, in bytes: as long as names of files may be.
const LONGEST_SOURCE_NAME: usize = 255;
/// What the interpreter's own sources are called; their lines are left out of tracebacks.
const OWN_SOURCES: &str = "<taipan>";

/// A file that code opens by id with `load_file('id')`, or by name in its working folder.
///
/// ```
/// use taipan::{InputFile, Request};
///
/// let stored = InputFile::new("7_1767225600_9f86d081", "/var/lib/taipan/9f86d081.csv").named("sales.csv");
/// let request = Request::new("load_file('sales.csv')").input(stored);
/// assert_eq!(request.input_files[0].name, "sales.csv");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct InputFile {
    /// The id code asks for.
    pub id: String,
    /// The file's own name, under which it stands in the run's folder. Of equal names the last given stands there.
    pub name: String,
    /// Where the bytes lie. They are never changed by a run.
    pub path: PathBuf,
}

impl InputFile {
    /// A file with an id, its name taken from its path.
    pub fn new(id: impl Into<String>, path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Self { id: id.into(), name, path }
    }

    /// The same file under another name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }
}

impl Request {
    /// A request to run this code with the interpreter's defaults.
    pub fn new(code: impl Into<String>) -> Self {
        Self { code: code.into(), ..Self::default() }
    }

    /// Lets the code open a file as `load_file(id)` and under its own name.
    #[must_use]
    pub fn input_file(self, id: impl Into<String>, path: impl AsRef<Path>) -> Self {
        self.input(InputFile::new(id, path.as_ref()))
    }

    /// Lets the code open a file whose name differs from its path's.
    #[must_use]
    pub fn input(mut self, file: InputFile) -> Self {
        self.input_files.push(file);
        self
    }

    /// Says whose run this is.
    #[must_use]
    pub fn owner(mut self, owner: impl Into<String>) -> Self {
        self.owner = Some(owner.into());
        self
    }

    /// Gives the script its arguments: `sys.argv[1:]`.
    #[must_use]
    pub fn args<A: Into<String>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args = args.into_iter().map(Into::into).collect();
        self
    }

    /// Gives `input()` and `sys.stdin` something to read.
    #[must_use]
    pub fn stdin(mut self, text: impl Into<String>) -> Self {
        self.stdin = Some(text.into());
        self
    }

    /// Makes the run one of its owner's session.
    ///
    /// The owner's interpreter lives on after it, with variables, imports and files, for the next such run; until it
    /// has not been used for [`Builder::session_idle`](crate::Builder::session_idle), is ended by
    /// [`Interpreter::end_session`](crate::Interpreter::end_session), or has to be ended together with a run that
    /// does not stop. The first run that finds its session ended says so in its notes.
    #[must_use]
    pub fn in_session(mut self) -> Self {
        self.in_session = true;
        self
    }

    /// Makes the run an aside of its owner's session: a question to it that leaves nothing there, such as which names
    /// there are.
    ///
    /// The code finds the session's variables, and the names it sets are gone with it. Its value does not become `_`;
    /// files and figures stay for the session's next run to be collected. It has no input files of its own. An aside
    /// that does not end within its time ends its session, as any run does.
    #[must_use]
    pub fn aside(mut self) -> Self {
        self.in_session = true;
        self.is_aside = true;
        self
    }

    /// Says what the source is called in tracebacks, so that those of a session can be told apart: up to 255 bytes
    /// without control characters.
    ///
    /// ```
    /// use taipan::{Ending, Interpreter, Request};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let interpreter = Interpreter::builder().workers(1).build()?;
    /// let outcome = interpreter.execute(Request::new("1 / 0").called("cell 7")).await?;
    /// let Ending::Raised(exception) = outcome.ending else { panic!("1 / 0 raises") };
    /// assert!(exception.traceback.contains("File \"cell 7\", line 1, in <module>"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn called(mut self, name: impl Into<String>) -> Self {
        self.source_name = Some(name.into());
        self
    }

    /// Why the source cannot be called as the request says, as a sentence.
    pub(in super::super) fn wrong_source_name(&self) -> Option<String> {
        let name = self.source_name.as_deref()?;
        let is_right = !name.is_empty()
            && name.len() <= LONGEST_SOURCE_NAME
            && !name.chars().any(char::is_control)
            && !name.starts_with(OWN_SOURCES);
        (!is_right).then(|| {
            format!(
                "The name of a source must have from 1 to {LONGEST_SOURCE_NAME} bytes, hold no control characters, \
                 and not begin with {OWN_SOURCES}."
            )
        })
    }

    /// Limits how long the code may run.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }
}
