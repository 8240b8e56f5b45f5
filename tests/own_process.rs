//! Tests that need a process of their own: Python is one for a process, and some code keeps all of it waiting.

use std::{env, process::Command};

use taipan::Isolation;

/// Set in the process that a test starts for itself.
const ALONE: &str = "TAIPAN_TEST_ALONE";
/// Set by cargo-nextest, which gives each test a process anyway.
const NEXTEST: &str = "NEXTEST_EXECUTION_MODE";

/// Runs the rest of a test in a process of its own; `test` is the test's full name.
pub(crate) fn in_own_process(test: &str, rest: impl FnOnce()) {
    if is_alone() || env::var_os(NEXTEST).is_some_and(|mode| mode == "process-per-test") {
        return rest();
    }
    start_again(test, &[]);
}

/// Runs the rest of an asynchronous test in a process of its own.
pub(crate) fn async_in_own_process(test: &str, rest: impl Future<Output = ()>) {
    in_own_process(test, || block_on(rest));
}

/// The full name of one of the two tests that `in_both` makes of one.
pub(crate) fn case_of(test: &str, isolation: Isolation) -> String {
    match isolation {
        Isolation::Thread => format!("{test}::case_1_thread"),
        Isolation::Process => format!("{test}::case_2_process"),
    }
}

/// Whether this process was started by a test for itself alone.
pub(crate) fn is_alone() -> bool {
    env::var_os(ALONE).is_some()
}

pub(crate) fn block_on(rest: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(rest);
}

/// Runs a test once more, alone in a process with these variables.
pub(crate) fn start_again(test: &str, variables: &[(&str, &str)]) {
    let mut program = Command::new(env::current_exe().expect("this program"));
    program.args(["--exact", test, "--nocapture"]).env(ALONE, "1").envs(variables.iter().copied());
    let output = program.output().expect("a process");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains("1 passed"), "{told}{}", String::from_utf8_lossy(&output.stderr));
}
