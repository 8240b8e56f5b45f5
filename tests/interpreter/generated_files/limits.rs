//! What a run may leave, and what is said of the rest (S10, X10).

use taipan::{Isolation, Request};

use super::{left_out, listed};
use crate::interpreters::{apply, complete, in_both, settings};

/// X10: the first files in order of their names, and the rest by name and reason.
#[apply(in_both)]
#[tokio::test]
async fn files_beyond_the_number_are_named(isolation: Isolation) {
    let interpreter = settings(isolation).max_generated_files(3).build().expect("an interpreter");
    let code = "for i in range(5): open(f'{i}.txt', 'w').write('x')";
    let outcome = complete(&interpreter, Request::new(code)).await;
    assert_eq!(listed(&outcome), [("0.txt", 1), ("1.txt", 1), ("2.txt", 1)]);
    let reason = "A run may leave 3 files, and this is one more.";
    assert_eq!(left_out(&outcome), [("3.txt", reason), ("4.txt", reason)]);
}

/// X10: 1,000 by default; of many left out a hundred are named and the others counted.
#[apply(in_both)]
#[tokio::test]
async fn of_many_files_too_many_some_are_named_and_all_are_counted(isolation: Isolation) {
    let code = "for i in range(1500): open(f'{i:04}.txt', 'w').close()";
    let outcome = complete(&settings(isolation).build().expect("an interpreter"), Request::new(code)).await;
    let counts = (outcome.generated_files.len(), outcome.omitted.files.len(), outcome.omitted.more_files);
    assert_eq!(counts, (1000, 100, 400));
}

/// S10, X10: what is too large is named with its size, and smaller files are taken.
#[apply(in_both)]
#[tokio::test]
async fn files_beyond_the_bytes_are_named_with_their_size(isolation: Isolation) {
    let interpreter = settings(isolation).max_workspace_bytes(3 * 1024 * 1024).build().expect("an interpreter");
    let code = "
for name, size in [('a.bin', 2_000_000), ('b.bin', 2_000_000), ('c.bin', 1_000_000)]:
    open(name, 'wb').write(b'x' * size)";
    let outcome = complete(&interpreter, Request::new(code)).await;
    assert_eq!(listed(&outcome), [("a.bin", 2_000_000), ("c.bin", 1_000_000)]);
    let reason = "The files of a run may have 3.0 MB together, and this one does not fit.";
    assert_eq!((left_out(&outcome), outcome.omitted.files[0].size), (vec![("b.bin", reason)], 2_000_000));
}
