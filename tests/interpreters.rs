//! Interpreters as the tests need them.

use taipan::{
    Builder, Ending, Interpreter, Outcome, Request,
    interpreter::{AutoInstall, PackagePolicy},
};

/// Where nothing is installed, and nothing was by anybody else.
const PACKAGES: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/no-packages");

/// One worker, nothing imported ahead, nothing installed.
pub(crate) fn settings() -> Builder {
    let policy = PackagePolicy { auto_install: AutoInstall::Off, ..PackagePolicy::default() };
    Interpreter::builder().workers(1).packages(policy).packages_folder(PACKAGES)
}

/// An interpreter with [`settings`].
pub(crate) fn plain() -> Interpreter {
    settings().build().expect("an interpreter")
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
