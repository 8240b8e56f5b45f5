//! The time limit and cancelling while packages are being installed (X1, X6, X10, X11).

use std::{
    net::TcpListener,
    thread,
    time::{Duration, Instant},
};

use taipan::{
    Ending, Event, Interpreter, Isolation, Request,
    interpreter::{AutoInstall, PackagePolicy},
};
use tempfile::TempDir;

use crate::{
    interpreters::{apply, in_both, settings},
    own_process::{block_on, case_of, is_alone, start_again},
};

/// A package index that takes every request and hangs up after this long, without a word.
fn with_silent_index(test: &str, silence: Duration, rest: impl Future<Output = ()>) {
    if is_alone() {
        return block_on(rest);
    }
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let index = format!("http://{}/simple", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for connection in listener.incoming().map_while(Result::ok) {
            thread::spawn(move || {
                thread::sleep(silence);
                drop(connection);
            });
        }
    });
    start_again(test, &[("UV_DEFAULT_INDEX", &index), ("UV_HTTP_RETRIES", "0"), ("NO_PROXY", "127.0.0.1")]);
}

fn installing(isolation: Isolation, folder: &TempDir) -> Interpreter {
    let policy = PackagePolicy { auto_install: AutoInstall::Any, ..PackagePolicy::default() };
    settings(isolation).packages(policy).packages_folder(folder.path()).build().expect("an interpreter")
}

/// X11: the installation is given up, and its worker is not left behind.
#[apply(in_both)]
#[test]
fn an_installation_is_cancelled(isolation: Isolation) {
    let test = case_of("interpreter::running::stopping::installing::an_installation_is_cancelled", isolation);
    with_silent_index(&test, Duration::from_secs(60), async {
        let folder = TempDir::new().expect("a folder");
        let interpreter = installing(isolation, &folder);
        let mut run = interpreter.start(Request::new("print('begun')\nimport tabulate_xyz")).await.expect("a run");
        while !matches!(run.next().await.expect("an event"), Event::Installing { .. }) {}
        let cancelled = Instant::now();
        run.cancel();
        let outcome = run.outcome().await.expect("an outcome");
        assert!(cancelled.elapsed() < Duration::from_secs(5), "{:?}", cancelled.elapsed());
        assert_eq!((outcome.ending, outcome.output.as_str()), (Ending::Cancelled, "begun\n"));
        assert_eq!(outcome.notes, [] as [&str; 0]);
        assert_eq!(interpreter.execute(Request::new("print(1)")).await.expect("an outcome").output, "1\n");
    });
}

/// X1, X10: the time an installation takes is not the code's.
#[apply(in_both)]
#[test]
fn installing_does_not_count(isolation: Isolation) {
    let test = case_of("interpreter::running::stopping::installing::installing_does_not_count", isolation);
    with_silent_index(&test, Duration::from_secs(1), async {
        let folder = TempDir::new().expect("a folder");
        let request = Request::new("import tabulate_xyz").timeout(Duration::from_millis(600));
        let started = Instant::now();
        let outcome = installing(isolation, &folder).execute(request).await.expect("an outcome");
        assert!(started.elapsed() > Duration::from_secs(1), "the index was not asked");
        let Ending::Raised(exception) = &outcome.ending else { panic!("{:?}", outcome.ending) };
        assert_eq!(exception.type_name, "ModuleNotFoundError");
        assert!(outcome.execution_time < Duration::from_millis(600), "{:?}", outcome.execution_time);
        assert_eq!(outcome.failed_packages.len(), 1);
    });
}
