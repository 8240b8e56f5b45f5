//! Interpreters as the tests need them.

use std::{fs, path::PathBuf};

pub(crate) use rstest_reuse::apply;
use rstest_reuse::template;
use taipan::{
    Builder, Ending, InputFile, Interpreter, Isolation, Outcome, Request,
    interpreter::{AutoInstall, PackagePolicy},
};
use tempfile::TempDir;

/// Where nothing is installed, and nothing was by anybody else.
const PACKAGES: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/no-packages");

/// Tests that hold for both isolations: `#[apply(in_both)]`, and a parameter `isolation`.
#[template]
#[rstest::rstest]
#[case::thread(taipan::Isolation::Thread)]
#[case::process(taipan::Isolation::Process)]
pub(crate) fn in_both(#[case] isolation: taipan::Isolation) {}

/// One worker, nothing imported ahead, nothing installed.
pub(crate) fn settings(isolation: Isolation) -> Builder {
    let policy = PackagePolicy { auto_install: AutoInstall::Off, ..PackagePolicy::default() };
    let settings = Interpreter::builder().workers(1).packages(policy).packages_folder(PACKAGES);
    // Sandboxes are forked from the program, since tests have no `main` of their own.
    settings.isolation(isolation).zygote_program(env!("CARGO_BIN_EXE_taipan"))
}

/// An interpreter with [`settings`].
pub(crate) fn plain(isolation: Isolation) -> Interpreter {
    settings(isolation).build().expect("an interpreter")
}

/// Runs code that is expected to run to its end.
pub(crate) async fn complete(interpreter: &Interpreter, request: Request) -> Outcome {
    let outcome = interpreter.execute(request).await.expect("an outcome");
    assert_eq!(outcome.ending, Ending::Completed, "{}", outcome.output);
    outcome
}

/// Runs code that is expected to raise; gives the exception's type and message.
pub(crate) async fn raised(interpreter: &Interpreter, request: Request) -> (String, String) {
    let outcome = interpreter.execute(request).await.expect("an outcome");
    match outcome.ending {
        Ending::Raised(exception) => (exception.type_name, exception.message),
        other => panic!("{other:?}: {}", outcome.output),
    }
}

/// Tells code that waits to go on, by a file that it was given: a sandbox sees no other.
pub(crate) struct Signal(TempDir);

impl Signal {
    /// Code that waits for the signal.
    pub(crate) const WAIT: &str = "import time\nwhile not open(FILES['signal']).read(): time.sleep(0.002)";

    pub(crate) fn new() -> Self {
        let signal = Self(tempfile::tempdir().expect("a folder"));
        fs::write(signal.path(), "").expect("a file");
        signal
    }

    /// The file that a request must have whose code waits.
    pub(crate) fn file(&self) -> InputFile {
        InputFile::new("signal", self.path())
    }

    pub(crate) fn send(&self) {
        fs::write(self.path(), "go on").expect("a file");
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("signal")
    }
}
