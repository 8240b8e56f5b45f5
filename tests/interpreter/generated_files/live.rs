//! Files are reported while the code runs (part 6).

use std::time::Duration;

use taipan::{Event, Interpreter, Isolation, Request};

use super::listed;
use crate::interpreters::{Signal, apply, in_both, plain};

/// Takes events up to the one that reports this file.
async fn reported(run: &mut taipan::Run, name: &str) -> taipan::FileSeen {
    let wait = async {
        loop {
            match run.next().await {
                Some(Event::File(seen)) if seen.name == name => return seen,
                Some(_) => {}
                None => panic!("the run ended before {name} was reported"),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait).await.expect("reported in time")
}

/// Code that goes on only when a file was reported, which proves that it was reported before the end.
async fn report_before_the_end(interpreter: &Interpreter, code: &str, name: &str) -> taipan::FileSeen {
    let signal = Signal::new();
    let request = Request::new(format!("{code}\n{}", Signal::WAIT)).input(signal.file());
    let mut run = interpreter.start(request).await.expect("a run");
    let seen = reported(&mut run, name).await;
    signal.send();
    let outcome = run.outcome().await.expect("an outcome");
    assert!(outcome.success(), "{}", outcome.output);
    seen
}

/// S1: written, moved here, in a new sub-folder, or put together with a rename.
#[apply(in_both)]
#[tokio::test]
async fn a_file_is_reported_before_the_run_ends(isolation: Isolation) {
    let interpreter = plain(isolation);
    let seen = report_before_the_end(&interpreter, "open('a.csv', 'w').write('a,b')", "a.csv").await;
    assert_eq!((seen.kind.to_string(), seen.size), ("data".to_owned(), 3));
    let code = "import os; os.makedirs('x/y/z'); open('x/y/z/a.png', 'w').write('1234')";
    assert_eq!(report_before_the_end(&interpreter, code, "x/y/z/a.png").await.size, 4);
    let code = "import os; open('.part', 'w').write('12'); os.rename('.part', 'whole.txt')";
    assert_eq!(report_before_the_end(&interpreter, code, "whole.txt").await.size, 2);
    let code = "import shutil, tempfile, os; folder = tempfile.mkdtemp(); os.makedirs(folder + '/in')
open(folder + '/in/moved.txt', 'w').write('12345'); shutil.move(folder + '/in', 'in')";
    assert_eq!(report_before_the_end(&interpreter, code, "in/moved.txt").await.size, 5);
}

/// Part 6: a thousand files in one run, all reported and all listed.
#[apply(in_both)]
#[tokio::test]
async fn a_thousand_files_are_reported_and_listed(isolation: Isolation) {
    let code = "for i in range(1000): open(f'{i:04}.txt', 'w').write('x' * i)";
    let interpreter = plain(isolation);
    let mut run = interpreter.start(Request::new(code)).await.expect("a run");
    let mut reported = std::collections::BTreeSet::new();
    while let Some(event) = run.next().await {
        if let Event::File(seen) = event {
            reported.insert(seen.name);
        }
    }
    let outcome = run.outcome().await.expect("an outcome");
    let names: Vec<_> = (0..1000).map(|number| format!("{number:04}.txt")).collect();
    assert_eq!(listed(&outcome).iter().map(|(name, _)| *name).collect::<Vec<_>>(), names);
    assert_eq!(listed(&outcome).iter().map(|(_, size)| size).sum::<u64>(), 499_500);
    assert!(reported.iter().all(|name| names.contains(name)));
    assert!(!reported.is_empty());
}

/// X5: a file that was given and is changed is reported; one that is only read is not.
#[apply(in_both)]
#[tokio::test]
async fn a_changed_input_is_reported_and_an_untouched_one_is_not(isolation: Isolation) {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["changed.txt", "read.txt"] {
        std::fs::write(folder.path().join(name), "old").expect("written");
    }
    let code = "open('read.txt').read(); open('changed.txt', 'a').write('+')";
    let request = Request::new(code)
        .input_file("c", folder.path().join("changed.txt"))
        .input_file("r", folder.path().join("read.txt"));
    let interpreter = plain(isolation);
    let mut run = interpreter.start(request).await.expect("a run");
    let mut seen = Vec::new();
    while let Some(event) = run.next().await {
        if let Event::File(file) = event {
            seen.push(file.name);
        }
    }
    let outcome = run.outcome().await.expect("an outcome");
    assert_eq!(listed(&outcome), [("changed.txt", 4)]);
    assert!(seen.iter().all(|name| name == "changed.txt"), "{seen:?}");
}
