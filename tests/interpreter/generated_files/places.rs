//! Disks that are full, and folders that cannot be written to ("Bad input").

use std::{path::Path, process::Command};

use taipan::{Ending, Interpreter, Isolation, Request};

use super::{left_out, listed};
use crate::interpreters::{apply, complete, in_both, plain, raised, settings};

/// A file system of a megabyte, unmounted when dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// `None` where this user may not mount.
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let mount = ["-t", "tmpfs", "-o", "size=1m,mode=0755", "tmpfs"];
        let mounted =
            Command::new("mount").args(mount).arg(folder.path()).output().is_ok_and(|out| out.status.success());
        mounted.then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").args(["-l"]).arg(self.0.path()).status();
    }
}

/// What fills the disk, after a small file.
const FILLS: &str = "
open('first.txt', 'w').write('kept')
with open('big.bin', 'wb', buffering=0) as file:
    while True: file.write(b'x' * 65536)";

/// A full disk is the code's `OSError`; what was written before is kept, and the next run works. Gives the names of the
/// files that were generated, what was left out, and the notes.
async fn fill(interpreter: &Interpreter) -> (Vec<String>, Vec<(String, String)>, Vec<String>) {
    let outcome = interpreter.execute(Request::new(FILLS)).await.expect("an outcome");
    let Ending::Raised(exception) = &outcome.ending else { panic!("{:?}", outcome.ending) };
    assert_eq!((&*exception.type_name, &*exception.message), ("OSError", "[Errno 28] No space left on device"));
    let first = outcome.generated_files.last().expect("the first file");
    assert_eq!((first.name.as_str(), first.read().expect("bytes")), ("first.txt", b"kept".to_vec()));
    let names = listed(&outcome).iter().map(|(name, _)| (*name).to_owned()).collect();
    let omitted = left_out(&outcome).iter().map(|(name, reason)| ((*name).to_owned(), (*reason).to_owned())).collect();
    let told = (names, omitted, outcome.notes.clone());
    drop(outcome);
    let outcome = complete(interpreter, Request::new("print('on')")).await;
    assert_eq!(outcome.stdout, "on\n");
    told
}

#[tokio::test]
async fn a_full_disk_is_an_error_of_the_code_and_loses_nothing() {
    let Some(disk) = SmallDisk::mount() else {
        // Only root may mount; `/dev/full` is there for everybody, and says the same of one file.
        let code = "open('/dev/full', 'w', buffering=0x1).write('x\\n')";
        let (kind, _) = raised(&plain(Isolation::Thread), Request::new(code)).await;
        assert_eq!(kind, "OSError");
        return;
    };
    let settings = settings(Isolation::Thread).workspace_folder(disk.path());
    let (names, omitted, _) = fill(&settings.build().expect("an interpreter")).await;
    assert_eq!((names, omitted), (vec!["big.bin".to_owned(), "first.txt".to_owned()], vec![]));
}

/// X5, X10: the disk of a sandbox is larger than what a run may leave, since copies of given files do not count. What
/// fills it is left out as too large, and a note names the limit.
#[tokio::test]
async fn the_full_disk_of_a_sandbox_is_an_error_of_the_code_and_loses_nothing() {
    let settings = settings(Isolation::Process).max_workspace_bytes(1 << 20);
    let (names, omitted, notes) = fill(&settings.build().expect("an interpreter")).await;
    let reason = "The files of a run may have 1.0 MB together, and this one does not fit.";
    assert_eq!((names, omitted), (vec!["first.txt".to_owned()], vec![("big.bin".to_owned(), reason.to_owned())]));
    assert_eq!(notes, ["The limit of 1 MB for the run's files was hit."]);
}

/// X10: neither is the number of its files and folders without a bound.
#[tokio::test]
async fn more_files_than_the_disk_of_a_sandbox_holds_are_an_error_of_the_code() {
    let code = "open('first.txt', 'w').write('kept')\nfor n in range(200_000): open(f'.{n}', 'w').close()";
    let outcome = plain(Isolation::Process).execute(Request::new(code)).await.expect("an outcome");
    let Ending::Raised(exception) = &outcome.ending else { panic!("{:?}", outcome.ending) };
    assert!(exception.message.starts_with("[Errno 28] No space left on device: '."), "{}", exception.message);
    assert_eq!(
        outcome.notes.first().map(String::as_str),
        Some("The limit of 100000 files and folders of a run was hit.")
    );
}

/// A folder for runs that cannot be made ends the start with a sentence.
#[apply(in_both)]
#[test]
fn a_workspace_folder_that_cannot_be_made_stops_the_start(isolation: Isolation) {
    let error = settings(isolation).workspace_folder("/proc/nowhere").build().expect_err("no such place");
    insta::assert_snapshot!(error, @"The interpreter could not be set up: /proc/nowhere: No such file or directory (os error 2).");
}
