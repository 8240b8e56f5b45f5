//! Disks that are full, and folders that cannot be written to.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use rustix::{
    mount::{MountFlags, MountPropagationFlags, mount, mount_change, mount_remount},
    process::geteuid,
    thread::{UnshareFlags, unshare_unsafe},
};
use taipan::files::{Name, Store};

use super::{MB, OWNER, content, lying_in, receive, save};
use crate::own_process::async_in_own_process;

/// A disk of a megabyte for this thread and those it starts, until they end. Root alone can have one.
fn small_disk(at: &Path) {
    // SAFETY: the thread shares its file descriptors as before, only the view of what is mounted becomes its own.
    unsafe { unshare_unsafe(UnshareFlags::NEWNS) }.unwrap();
    mount_change("/", MountPropagationFlags::PRIVATE | MountPropagationFlags::REC).unwrap();
    mount("tmpfs", at, "tmpfs", MountFlags::empty(), c"size=1m,mode=700").unwrap();
}

/// S11
#[test]
fn a_full_disk_is_said_to_be_and_keeps_what_was_there() {
    async_in_own_process("files::disks::a_full_disk_is_said_to_be_and_keeps_what_was_there", async {
        let folder = tempfile::tempdir().unwrap();
        if !geteuid().is_root() {
            return a_limit_of_the_system_is_said(folder.path()).await;
        }
        small_disk(folder.path());
        let store = Store::open(folder.path()).unwrap();
        let place = save(&store, "small.bin", &vec![1; 600_000]).await;
        let error = receive(&store, "large.bin", &vec![2; 600_000]).await.unwrap_err();
        assert_eq!(error.to_string(), "The disk is full. Delete files that are no longer needed, then try again.");
        assert_eq!(lying_in(folder.path()), [place.to_string()]);
        assert_eq!(content(&store, &place).await, vec![1; 600_000]);
        store.remove(&place).await.unwrap();
        receive(&store, "large.bin", &vec![2; 600_000]).await.unwrap();
    });
}

/// Without a disk of its own, a test reaches the size of a file that its process may write.
async fn a_limit_of_the_system_is_said(folder: &Path) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let store = Store::open(folder).unwrap();
    let before = getrlimit(Resource::Fsize);
    // SAFETY: nothing else in this process minds the signal.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
    setrlimit(Resource::Fsize, Rlimit { current: Some(MB), maximum: before.maximum }).unwrap();
    let error = receive(&store, "large.bin", &vec![2; 1_100_000]).await.unwrap_err();
    setrlimit(Resource::Fsize, before).unwrap();
    let said = "The folder of stored files cannot be used (File too large (os error 27)). Check its disk.";
    assert_eq!(error.to_string(), said);
    assert_eq!(lying_in(folder), Vec::<String>::new());
}

/// S11
#[test]
fn a_folder_that_cannot_be_written_to_is_said_to_be_and_can_still_be_read() {
    let name = "files::disks::a_folder_that_cannot_be_written_to_is_said_to_be_and_can_still_be_read";
    async_in_own_process(name, async {
        let folder = tempfile::tempdir().unwrap();
        if geteuid().is_root() {
            small_disk(folder.path());
        }
        let store = Store::open(folder.path()).unwrap();
        let place = save(&store, "a.csv", b"a").await;
        let own = folder.path().join("user_files/7");
        let reason = if geteuid().is_root() {
            mount_remount(folder.path(), MountFlags::RDONLY, c"").unwrap();
            "Read-only file system (os error 30)"
        } else {
            fs::set_permissions(&own, fs::Permissions::from_mode(0o500)).unwrap();
            "Permission denied (os error 13)"
        };
        let said = format!(
            "The folder of stored files cannot be written to ({reason}). Check its rights, and that its disk is not read-only."
        );
        assert_eq!(receive(&store, "b.csv", b"b").await.unwrap_err().to_string(), said);
        assert_eq!(store.remove(&place).await.unwrap_err().to_string(), said);
        assert_eq!(content(&store, &place).await, b"a");
        assert_eq!(lying_in(folder.path()), [place.to_string()]);
        fs::set_permissions(&own, fs::Permissions::from_mode(0o700)).ok();
    });
}

/// S11
#[tokio::test]
async fn a_store_whose_folder_was_removed_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    fs::remove_dir(folder.path().join("user_files")).unwrap();
    let error = store.receive(OWNER, Name::of_upload("a"), &b"a"[..], MB).await.unwrap_err();
    let said = "The folder of stored files cannot be used (No such file or directory (os error 2)). Check its disk.";
    assert_eq!(error.to_string(), said);
}
