//! Files that go into a run and come out of it (S1, X2, X9; issue 2, "nothing of the user's is lost").

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
    process::Command,
};

use taipan::Isolation;

use super::program::{Ended, Folder};
use crate::interpreters::{apply, in_both};

#[apply(in_both)]
#[test]
fn generated_files_are_saved_and_listed_with_emoji_and_size(isolation: Isolation) {
    let folder = Folder::of(isolation);
    let code = "import os\nos.makedirs('sub')\nopen('sub/table.csv', 'w').write('a,b\\n1,2\\n')\n\
                open('notes.txt', 'w').write('n' * 1536)";
    let listed = "📎 2 files in taipan-out:\n  📝 notes.txt      1.5 KB\n  📊 sub/table.csv  8 B\n";
    assert_eq!(folder.taipan(&["run", "-c", &format!("{code}\nNone")]), Ended::with(0, "", listed));
    assert_eq!(folder.read("taipan-out/sub/table.csv"), "a,b\n1,2\n");
    assert_eq!(folder.read("taipan-out/notes.txt").len(), 1536);
}

#[apply(in_both)]
#[test]
fn no_folder_is_made_when_there_are_no_files(isolation: Isolation) {
    let folder = Folder::of(isolation);
    folder.taipan(&["run", "-c", "print(1)"]);
    assert_eq!(folder.list("."), Vec::<String>::new());
}

/// Nothing has to be written anywhere for code that makes no files and imports no new packages.
#[apply(in_both)]
#[test]
fn code_runs_in_a_folder_that_cannot_be_written_to(isolation: Isolation) {
    let output = Folder::of(isolation).command(&["run", "-c", "print(1)"]).current_dir("/proc").output().unwrap();
    assert_eq!(Ended::from(output), Ended::with(0, "1\n", ""));
}

#[apply(in_both)]
#[test]
fn an_older_file_of_the_same_name_is_replaced_and_that_is_said(isolation: Isolation) {
    let folder = Folder::of(isolation);
    folder.write("results/a.txt", "old and longer");
    folder.write("results/other.txt", "untouched");
    let ended = folder.taipan(&["run", "--out", "results", "-c", "with open('a.txt', 'w') as f: f.write('new')"]);
    assert_eq!(ended, Ended::with(0, "", "📎 1 file in results:\n  📝 a.txt  3 B (replaced)\n"));
    assert_eq!(folder.read("results/a.txt"), "new");
    assert_eq!(folder.read("results/other.txt"), "untouched");
}

#[apply(in_both)]
#[test]
fn files_made_before_an_exception_are_saved(isolation: Isolation) {
    let folder = Folder::of(isolation);
    let ended = folder.taipan(&["run", "-c", "open('a.txt', 'w').write('made')\nraise SystemError('late')"]);
    assert_eq!((ended.code, folder.read("taipan-out/a.txt").as_str()), (Some(1), "made"));
}

#[apply(in_both)]
#[test]
fn load_file_knows_a_file_by_its_name_and_the_original_never_changes(isolation: Isolation) {
    let folder = Folder::of(isolation);
    folder.write("data/sales.csv", "month,sum\n1,10\n2,32\n");
    let code = "print(load_file('sales.csv')['sum'].sum())\nwith open('sales.csv', 'a') as f: f.write('3,1\\n')";
    let ended = folder.taipan(&["run", "--file", "data/sales.csv", "-c", code]);
    assert_eq!(ended, Ended::with(0, "42\n", "📎 1 file in taipan-out:\n  📊 sales.csv  24 B\n"));
    assert_eq!(folder.read("data/sales.csv"), "month,sum\n1,10\n2,32\n");
    assert_eq!(folder.read("taipan-out/sales.csv"), "month,sum\n1,10\n2,32\n3,1\n");
}

#[apply(in_both)]
#[test]
fn files_are_kept_elsewhere_when_the_folder_cannot_be_made(isolation: Isolation) {
    let folder = Folder::of(isolation);
    let code = "with open('a.txt', 'w') as f: f.write('precious')";
    // Nobody, root included, can make a folder there.
    let ended = folder.taipan(&["run", "--out", "/proc/taipan-out", "-c", code]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(3), ""));
    let start = "⚠️ a.txt could not be saved in /proc/taipan-out: ";
    let (reason, kept) = ended.stderr.trim_end().split_once(" It is kept as ").unwrap();
    assert_eq!(reason, format!("{start}No such file or directory (os error 2)."));
    let kept = Path::new(kept.strip_suffix("; move it from there.").unwrap());
    assert_eq!(fs::read_to_string(kept).unwrap(), "precious");
    fs::remove_dir_all(kept.parent().unwrap()).unwrap();
}

/// A disk that is full while files are saved costs neither a new file nor an older one of the same name.
#[test]
fn a_full_disk_loses_no_file() {
    let folder = Folder::new();
    fs::create_dir(folder.path().join("small")).unwrap();
    let code = "with open('a.bin', 'wb') as f: f.write(bytes(1_000_000))";
    let script = format!(
        "mount -t tmpfs -o size=64k none small && printf old > small/a.bin \
         && {{ '{}' run --out small -c \"{code}\"; echo \"code $?\"; cat small/a.bin; ls -A small; }}",
        env!("CARGO_BIN_EXE_taipan")
    );
    // A mount of our own, in namespaces of our own.
    let mut shell = Command::new("unshare");
    shell.args(["--user", "--map-root-user", "--mount", "sh", "-c", &script]).current_dir(folder.path());
    let ended = Ended::from(shell.output().unwrap());
    assert_eq!(ended.stdout, "code 3\nolda.bin\n", "{}", ended.stderr);
    let (reason, kept) = ended.stderr.trim_end().split_once(" It is kept as ").unwrap();
    assert_eq!(reason, "⚠️ a.bin could not be saved in small: No space left on device (os error 28).");
    let kept = Path::new(kept.strip_suffix("; move it from there.").unwrap());
    assert_eq!(fs::metadata(kept).unwrap().size(), 1_000_000);
    fs::remove_dir_all(kept.parent().unwrap()).unwrap();
}

#[apply(in_both)]
#[test]
fn saved_files_can_be_read_by_whom_the_umask_allows(isolation: Isolation) {
    let folder = Folder::of(isolation);
    folder.taipan(&["run", "-c", "open('a.txt', 'w').close()"]);
    let beside = folder.write("beside.txt", "");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder.path().join("taipan-out/a.txt")), mode(&beside));
}

#[apply(in_both)]
#[test]
fn a_name_cannot_write_to_the_terminal(isolation: Isolation) {
    let folder = Folder::of(isolation);
    let ended = folder.taipan(&["run", "-c", "open('\\x1b[2J.txt', 'w').close()"]);
    assert_eq!(ended, Ended::with(0, "", "📎 1 file in taipan-out:\n  📝 _[2J.txt  0 B\n"));
}
