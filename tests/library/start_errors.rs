//! An interpreter that cannot be started says what is missing and what to do.

use std::{fs, os::unix::fs::symlink, path::Path, time::Duration};

use taipan::{Builder, Interpreter, InterpreterError, Isolation, Request, interpreter::StartError};
use tempfile::TempDir;

use crate::{
    interpreters::{apply, in_both, settings},
    own_process::{case_of, in_own_process},
};

fn refused(settings: Builder) -> StartError {
    match settings.build().expect_err("it cannot be started") {
        InterpreterError::Start(error) => error,
        other => panic!("{other:?}"),
    }
}

/// A folder that looks like a virtual environment of this version.
fn venv(folder: &Path, version: &str) {
    fs::create_dir(folder.join("bin")).expect("a folder");
    symlink("/bin/true", folder.join("bin/python")).expect("a link");
    fs::write(folder.join("pyvenv.cfg"), format!("home = /usr/bin\nversion = {version}\n")).expect("a file");
}

#[apply(in_both)]
#[test]
fn settings_that_make_no_sense_are_refused(isolation: Isolation) {
    let texts = [
        (settings(isolation).workers(0), "An interpreter needs at least one worker."),
        (settings(isolation).runs_per_owner(0), "Owners must be allowed at least one run at a time."),
        (settings(isolation).timeout(Duration::ZERO), "The time limit must be more than 0 and at most 300 seconds."),
        (
            settings(isolation).timeout(Duration::from_secs(301)),
            "The time limit must be more than 0 and at most 300 seconds.",
        ),
        (
            settings(isolation).max_timeout(Duration::from_secs(5)),
            "The time limit must be more than 0 and at most 5 seconds.",
        ),
    ];
    for (settings, text) in texts {
        let error = refused(settings);
        assert!(matches!(error, StartError::Setting(_)), "{error:?}");
        assert_eq!(error.to_string(), text);
    }
}

/// Issue 3, bad input: limits of zero, and beyond the machine.
#[apply(in_both)]
#[test]
fn memory_limits_that_make_no_sense_are_refused(isolation: Isolation) {
    let none = refused(settings(isolation).memory_limit(0)).to_string();
    assert_eq!(none, "A sandbox needs a memory limit of at least 16 MB.");
    let all = refused(settings(isolation).memory_limit(u64::MAX)).to_string();
    let machine = all.strip_prefix("The memory limit is 17592186044415 MB, but this machine has ").expect(&all);
    assert!(machine.strip_suffix(" MB.").expect(&all).parse::<u64>().expect("a number") > 16);
}

/// Issue 3, bad input: there is no sandbox, and no other isolation takes its place.
#[test]
fn a_program_that_is_no_zygote_is_refused() {
    let with = |program: &str| refused(settings(Isolation::Process).zygote_program(program));
    let missing = with("/no/such/taipan");
    assert!(matches!(missing, StartError::Isolation(_)), "{missing:?}");
    assert_eq!(
        missing.to_string(),
        "The sandbox's program /no/such/taipan cannot be started: No such file or directory (os error 2). Check the \
         limits of processes and open files, and that the program is there."
    );
    assert_eq!(
        with("/bin/true").to_string(),
        "The sandbox's program ended while it started (exit status: 0). It must be a `taipan` program, or one that calls \
         `taipan::sandbox::init()` first thing in `main`."
    );
}

#[test]
fn a_program_that_does_not_prepare_itself_is_told_what_to_call() {
    let error = refused(Interpreter::builder().workers(1).isolation(Isolation::Process));
    assert_eq!(
        error.to_string(),
        "Isolation `process` starts this program a second time: call `taipan::sandbox::init()` first thing in `main`, or \
         name the program `taipan` with `Builder::zygote_program`."
    );
}

/// Issue 2, bad input: no venv. No variant leaves anything behind, so a right one starts afterwards.
#[apply(in_both)]
#[test]
fn a_missing_environment_is_named(isolation: Isolation) {
    let test = case_of("library::start_errors::a_missing_environment_is_named", isolation);
    in_own_process(&test, || {
        let folder = TempDir::new().expect("a folder");
        let missing = folder.path().join("missing");
        let error = refused(settings(isolation).venv(&missing));
        assert_eq!(
            error.to_string(),
            format!(
                "There is no Python environment at {}. Run `make venv`, or name one with TAIPAN_VENV.",
                missing.display()
            )
        );
        settings(isolation).build().expect("an interpreter");
    });
}

/// Issue 2, bad input: a venv for another Python.
#[apply(in_both)]
#[test]
fn an_environment_for_another_python_is_named_with_both_versions(isolation: Isolation) {
    let test =
        case_of("library::start_errors::an_environment_for_another_python_is_named_with_both_versions", isolation);
    in_own_process(&test, || {
        let folder = TempDir::new().expect("a folder");
        venv(folder.path(), "3.6.15");
        let error = refused(settings(isolation).venv(folder.path()));
        let StartError::OtherPython { found, built, .. } = &error else { panic!("{error:?}") };
        assert_eq!(found, "3.6");
        let place = folder.path().display();
        assert_eq!(
            error.to_string(),
            format!(
                "The Python environment at {place} is for Python 3.6, but this Taipan was built with Python {built}. Make \
                 the environment anew (`make venv`), or build Taipan with PYO3_PYTHON={place}/bin/python."
            )
        );
        let interpreter = settings(isolation).build().expect("an interpreter");
        assert!(interpreter.status().python_version.starts_with(&format!("{built}.")));
    });
}

/// Issue 2, bad input: a venv without a package.
#[apply(in_both)]
#[test]
fn a_module_that_cannot_be_imported_ahead_is_named(isolation: Isolation) {
    let error = refused(settings(isolation).preload(["json", "no_such_module"]));
    let StartError::Preload { venv, module, reason } = &error else { panic!("{error:?}") };
    assert_eq!((module.as_str(), reason.as_str()), ("no_such_module", "No module named 'no_such_module'"));
    assert_eq!(
        error.to_string(),
        format!(
            "The Python environment at {} cannot import no_such_module: No module named 'no_such_module'. Run `make venv` \
             to install the base packages.",
            venv.display()
        )
    );
}

/// One process has one Python; sandboxes are none of it.
#[test]
fn a_second_environment_in_one_process_is_refused() {
    in_own_process("library::start_errors::a_second_environment_in_one_process_is_refused", || {
        let first = settings(Isolation::Thread).build().expect("an interpreter");
        let status = first.status();
        let used = status.python_path.parent().and_then(Path::parent).expect("a folder");
        let folder = TempDir::new().expect("a folder");
        venv(folder.path(), &status.python_version);
        let error = refused(settings(Isolation::Thread).venv(folder.path()));
        assert!(matches!(error, StartError::AlreadyStarted(_)), "{error:?}");
        assert_eq!(
            error.to_string(),
            format!(
                "Python runs in this process already, with the environment {}. One process has one Python.",
                used.display()
            )
        );
        // The same environment under another name is the same.
        let link = folder.path().join("link");
        symlink(used, &link).expect("a link");
        settings(Isolation::Thread).venv(link).build().expect("an interpreter");
    });
}

/// A folder for the runs that cannot be written to.
#[apply(in_both)]
#[test]
fn a_missing_folder_for_runs_is_named(isolation: Isolation) {
    let folder = TempDir::new().expect("a folder");
    let missing = folder.path().join("missing");
    let error = refused(settings(isolation).workspace_folder(&missing));
    assert_eq!(
        error.to_string(),
        format!("The interpreter could not be set up: {}: No such file or directory (os error 2).", missing.display())
    );
}

/// X1: errors of single runs, with their texts.
#[apply(in_both)]
#[tokio::test]
async fn a_missing_input_file_is_named_and_the_worker_lives(isolation: Isolation) {
    let interpreter: Interpreter = settings(isolation).build().expect("an interpreter");
    let folder = TempDir::new().expect("a folder");
    let missing = folder.path().join("missing.csv");
    let error = interpreter.execute(Request::new("1").input_file("a", &missing)).await.expect_err("no file");
    assert!(matches!(&error, InterpreterError::InputFile { path, .. } if *path == missing), "{error:?}");
    assert_eq!(
        error.to_string(),
        format!("The file {} cannot be read: No such file or directory (os error 2).", missing.display())
    );
    assert_eq!(interpreter.execute(Request::new("print(1)")).await.expect("an outcome").output, "1\n");
    let status = interpreter.status();
    assert_eq!((status.workers_busy, status.workers_idle), (0, 1));
}
