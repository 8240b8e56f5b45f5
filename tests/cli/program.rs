//! The program in a folder of its own, without anybody's settings.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use taipan::{Isolation, config::ALL};
use tempfile::TempDir;

/// A folder to call `taipan` in.
pub(crate) struct Folder {
    place: TempDir,
    isolation: Isolation,
}

/// What a call of the program came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self::of(Isolation::Thread)
    }

    /// A folder in which code runs in this isolation.
    pub(crate) fn of(isolation: Isolation) -> Self {
        let place = tempfile::Builder::new().prefix("taipan-cli-").tempdir().expect("a working machine");
        Self { place, isolation }
    }

    pub(crate) fn path(&self) -> &Path {
        self.place.path()
    }

    /// Writes a file, its folders included.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a working machine")).expect("a working machine");
        fs::write(&path, content).expect("a working machine");
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).expect("a working machine")
    }

    /// The names in a sub-folder, sorted.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path().join(name)).expect("a working machine");
        let mut names: Vec<_> = entries
            .map(|entry| entry.expect("a working machine").file_name().into_string().expect("a working machine"))
            .collect();
        names.sort();
        names
    }

    /// The program with arguments, ready to be started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_taipan"));
        command.args(arguments).current_dir(self.path()).stdin(Stdio::null());
        for setting in ALL {
            command.env_remove(setting.name);
        }
        if self.isolation == Isolation::Process {
            command.env("ISOLATION", self.isolation.name());
        }
        command
    }

    /// Calls the program and waits for its end.
    pub(crate) fn taipan(&self, arguments: &[&str]) -> Ended {
        self.command(arguments).output().expect("a working machine").into()
    }

    /// Calls the program with something on standard input.
    pub(crate) fn taipan_with_stdin(&self, arguments: &[&str], stdin: &[u8]) -> Ended {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("a working machine");
        child.stdin.take().expect("a working machine").write_all(stdin).expect("a working machine");
        child.wait_with_output().expect("a working machine").into()
    }
}

impl Ended {
    /// An end with this code and these texts.
    pub(crate) fn with(code: i32, stdout: &str, stderr: &str) -> Self {
        Self { code: Some(code), stdout: stdout.to_owned(), stderr: stderr.to_owned() }
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("a working machine"),
            stderr: String::from_utf8(output.stderr).expect("a working machine"),
        }
    }
}
