//! Disks that are full, and folders that cannot be written to ("Bad input").

use std::{path::Path, process::Command};

use taipan::{Ending, Interpreter, Isolation, Request};

use super::listed;
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

/// A full disk is the code's `OSError`; what was written before is kept, and the next run works.
async fn a_full_disk_loses_nothing(interpreter: &Interpreter) {
    let outcome = interpreter.execute(Request::new(FILLS)).await.expect("an outcome");
    let Ending::Raised(exception) = &outcome.ending else { panic!("{:?}", outcome.ending) };
    assert_eq!((&*exception.type_name, &*exception.message), ("OSError", "[Errno 28] No space left on device"));
    assert_eq!(listed(&outcome)[1], ("first.txt", 4));
    assert_eq!(outcome.generated_files[1].read().expect("bytes"), b"kept");
    drop(outcome);
    let outcome = complete(interpreter, Request::new("print('on')")).await;
    assert_eq!(outcome.stdout, "on\n");
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
    a_full_disk_loses_nothing(&settings.build().expect("an interpreter")).await;
}

/// The disk of a sandbox is as large as what a run may leave.
#[tokio::test]
async fn the_full_disk_of_a_sandbox_is_an_error_of_the_code_and_loses_nothing() {
    let settings = settings(Isolation::Process).max_workspace_bytes(1 << 20);
    a_full_disk_loses_nothing(&settings.build().expect("an interpreter")).await;
}

/// A folder for runs that cannot be made ends the start with a sentence.
#[apply(in_both)]
#[test]
fn a_workspace_folder_that_cannot_be_made_stops_the_start(isolation: Isolation) {
    let error = settings(isolation).workspace_folder("/proc/nowhere").build().expect_err("no such place");
    insta::assert_snapshot!(error, @"The interpreter could not be set up: /proc/nowhere: No such file or directory (os error 2).");
}
