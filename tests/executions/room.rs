//! How many files a user may have.

use taipan::executions::{FileLimits, Keeping, RunRequest};

use super::given::{ANNA, apply, at_most, given_with, on_both, writing};
use crate::catalog::given::Engine;

/// S9: saving one more removes the oldest first.
#[apply(on_both)]
#[tokio::test]
async fn one_file_too_many_costs_the_oldest(engine: Engine) {
    let given = given_with(engine, at_most(3)).await;
    for name in ["1.txt", "2.txt", "3.txt"] {
        given.upload(name, name).await;
    }
    given.upload("4.txt", "4").await;
    assert_eq!(given.names(ANNA).await, ["2.txt", "3.txt", "4.txt"]);
    assert_eq!(given.on_disk(ANNA).len(), 3);
    given.run(writing(&["5.txt", "6.txt"])).await;
    assert_eq!(given.names(ANNA).await.len(), 3);
    assert_eq!(given.names(ANNA).await[0], "4.txt");
    assert_eq!(given.on_disk(ANNA).len(), 3);
}

/// S9: never a file that the current run made or opened, in whatever way.
#[apply(on_both)]
#[tokio::test]
async fn what_the_run_opened_stays(engine: Engine) {
    let given = given_with(engine, at_most(4)).await;
    for name in ["1.txt", "2.txt", "3.txt", "4.txt"] {
        given.upload(name, name).await;
    }
    let code = "open('1.txt').read()\nload_file('2.txt')\nfor n in '56': open(n + '.txt', 'w').write(n)";
    let answer = given.run(RunRequest::new(code)).await;
    assert_eq!(answer.generated_file_ids.len(), 2);
    let mut names = given.names(ANNA).await;
    names.sort();
    assert_eq!(names, ["1.txt", "2.txt", "5.txt", "6.txt"]);
}

/// S9: what does not fit is delivered, not stored, and named as such.
#[apply(on_both)]
#[tokio::test]
async fn what_does_not_fit_is_delivered_all_the_same(engine: Engine) {
    let given = given_with(engine, at_most(3)).await;
    given.upload("old.txt", "old").await;
    given.upload("read.txt", "read").await;
    let code = "open('read.txt').read()\nfor n in 'abcd': open(n + '.txt', 'w').write(n)";
    let answer = given.run(RunRequest::new(code)).await;
    let reason = "You can keep 3 files, and this run made or opened more.".to_owned();
    let kept: Vec<_> = answer.generated_files.iter().map(|file| (file.file.name.as_str(), &file.keeping)).collect();
    assert_eq!(kept.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["a.txt", "b.txt", "c.txt", "d.txt"]);
    assert!(kept[..2].iter().all(|(_, keeping)| matches!(keeping, Keeping::Stored(_))));
    assert!(kept[2..].iter().all(|(_, keeping)| **keeping == Keeping::NotStored { reason: reason.clone() }));
    assert_eq!(answer.generated_files[3].file.read().unwrap(), b"d");
    assert_eq!(answer.generated_file_ids.len(), 2);
    let mut names = given.names(ANNA).await;
    names.sort();
    assert_eq!(names, ["a.txt", "b.txt", "read.txt"]);
}

/// S10, H8: a file that is too large is named with its size, and stops no other.
#[tokio::test]
async fn a_generated_file_that_is_too_large_is_named() {
    let limits = FileLimits { max_file_bytes: 1024 * 1024, ..FileLimits::default() };
    let given = given_with(Engine::Sqlite, limits).await;
    let code = "open('large.bin', 'wb').write(bytes(1024 * 1024 + 1))\nopen('small.txt', 'w').write('s')";
    let answer = given.run(RunRequest::new(code)).await;
    let reason = "The file 'large.bin' has 1.0 MB (1048577 bytes); a file may have at most 1.0 MB.".to_owned();
    assert_eq!(answer.generated_files[0].keeping, Keeping::NotStored { reason });
    assert_eq!(answer.generated_files[0].file.size, 1024 * 1024 + 1);
    assert_eq!(given.names(ANNA).await, ["small.txt"]);
}

/// S9
#[tokio::test]
async fn a_thousand_files_leave_as_many_as_there_may_be() {
    let given = given_with(Engine::Sqlite, FileLimits::default()).await;
    let answer = given.run(RunRequest::new("for n in range(1000): open(f'{n:04}.txt', 'w').write('x')")).await;
    assert_eq!((answer.generated_files.len(), answer.generated_file_ids.len()), (1000, 20));
    let mut names = given.names(ANNA).await;
    names.sort();
    assert_eq!(names, (0..20).map(|n| format!("{n:04}.txt")).collect::<Vec<_>>());
    assert_eq!(given.on_disk(ANNA).len(), 20);
}
