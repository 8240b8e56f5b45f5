//! Installing is seen, happens once, and the code goes on (X6).

use std::time::{Duration, Instant};

use taipan::{Ending, Event, Isolation, Request};

use super::{installing, nothing_installed, without_versions};
use crate::interpreters::{apply, complete, in_both};

/// X6: all that the code misses is one installation, told while it happens; what ran before is not run again.
#[apply(in_both)]
#[tokio::test]
async fn what_is_missing_is_installed_together_and_the_code_goes_on(isolation: Isolation) {
    let packages = nothing_installed();
    let interpreter = installing(isolation, &packages).build().expect("an interpreter");
    let code = "
print('before')
runs = open('runs.txt', 'a'); runs.write('x'); runs.close()
import cowsay
print('between')
def later():
    from slugify import slugify
    return slugify('Zwölf Boxkämpfer')
print(later(), open('runs.txt').read())";
    let mut run = interpreter.start(Request::new(code).owner("a")).await.expect("a run");
    let mut seen = Vec::new();
    while let Some(event) = run.next().await {
        match event {
            Event::Stdout { text } => seen.push(text),
            Event::Installing { packages } => seen.push(format!("installing {}\n", packages.join(" "))),
            Event::Installed { packages, failed } => {
                seen.push(format!("installed {} {}\n", without_versions(&packages).join(" "), failed.len()));
            }
            _ => {}
        }
    }
    insta::assert_snapshot!(seen.concat(), @r"
    before
    installing cowsay python-slugify
    installed cowsay python-slugify 0
    between
    zwolf-boxkampfer x
    ");
    let outcome = run.outcome().await.expect("an outcome");
    assert_eq!(without_versions(&outcome.installed_packages), ["cowsay", "python-slugify"]);
    assert_eq!(outcome.ending, Ending::Completed);
}

/// X1: installing is no time of the code's, and no part of its limit.
#[apply(in_both)]
#[tokio::test]
async fn installing_does_not_count_as_the_codes_time(isolation: Isolation) {
    let packages = nothing_installed();
    let interpreter = installing(isolation, &packages).build().expect("an interpreter");
    let started = Instant::now();
    let outcome = complete(&interpreter, Request::new("import emoji").timeout(Duration::from_secs(20))).await;
    assert!(outcome.execution_time < started.elapsed());
    let code = "import time, importlib\nbegin = time.monotonic()\nimport cowsay\nprint(time.monotonic() - begin)";
    let outcome = complete(&interpreter, Request::new(code)).await;
    let whole: f64 = outcome.stdout.trim().parse().expect("seconds");
    assert!(outcome.execution_time.as_secs_f64() < whole, "{:?} of {whole} s", outcome.execution_time);
}

/// X9, X11: a run that is cancelled while it installs ends at once, and leaves nothing half-installed.
#[apply(in_both)]
#[tokio::test]
async fn a_run_that_is_cancelled_while_it_installs_ends_at_once(isolation: Isolation) {
    let packages = nothing_installed();
    let interpreter = installing(isolation, &packages).build().expect("an interpreter");
    let code = "print('before')\nimport pyfiglet\nprint('after')";
    let mut run = interpreter.start(Request::new(code).owner("a")).await.expect("a run");
    let mut cancelled = Instant::now();
    while let Some(event) = run.next().await {
        if matches!(event, Event::Installing { .. }) {
            cancelled = Instant::now();
            run.cancel();
        }
    }
    let outcome = run.outcome().await.expect("an outcome");
    assert!(cancelled.elapsed() < Duration::from_secs(10), "{:?}", cancelled.elapsed());
    assert_eq!((outcome.ending, outcome.stdout.as_str()), (Ending::Cancelled, "before\n"));
    assert_eq!(outcome.installed_packages, Vec::<String>::new());
    // Asked again, it is simply installed.
    let outcome = complete(&interpreter, Request::new("import pyfiglet; print('there')").owner("a")).await;
    assert_eq!(outcome.stdout, "there\n");
}

/// Runs of one owner that miss the same package at the same time both get it.
#[apply(in_both)]
#[tokio::test]
async fn two_runs_that_miss_the_same_package_both_get_it(isolation: Isolation) {
    let packages = nothing_installed();
    let interpreter = installing(isolation, &packages).workers(2).runs_per_owner(2).build().expect("an interpreter");
    let run = || complete(&interpreter, Request::new("import cowsay; print(cowsay.__name__)").owner("a"));
    let (first, second) = tokio::join!(run(), run());
    assert_eq!((first.stdout.as_str(), second.stdout.as_str()), ("cowsay\n", "cowsay\n"));
    assert_eq!(first.failed_packages.len() + second.failed_packages.len(), 0);
}
