//! Looking after stored files from a terminal (issue 4, part 5): `taipan files`, and `taipan run --user`.

use std::{fs, os::unix::fs::PermissionsExt as _};

use serde_json::Value;
use taipan::Isolation;

use super::program::{Ended, Folder};
use crate::interpreters::{apply, in_both};

/// The records that `taipan files list --json` gives, as S6 names their fields.
fn listed(folder: &Folder, user: &str) -> Vec<Value> {
    let ended = folder.taipan(&["files", "list", "--json", "--user", user]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{}", ended.stdout);
    serde_json::from_str::<Value>(&ended.stdout).unwrap()["files"].as_array().unwrap().clone()
}

/// Stores a file and gives its id.
fn stored(folder: &Folder, name: &str, content: &str) -> String {
    folder.write(name, content);
    assert_eq!(folder.taipan(&["files", "add", name]).code, Some(0));
    let last = listed(folder, "0").pop().unwrap();
    assert_eq!(last["filename"], name);
    last["file_id"].as_str().unwrap().to_owned()
}

#[test]
fn without_files_the_list_says_so() {
    assert_eq!(Folder::new().taipan(&["files", "list"]), Ended::with(0, "📁 You have no files.\n", ""));
}

/// S4, S5, S6
#[test]
fn a_file_that_was_added_is_listed_and_comes_back_as_it_was() {
    let folder = Folder::new();
    let id = stored(&folder, "sales.csv", "a,b\n1,2\n");
    let record = listed(&folder, "0").pop().unwrap();
    assert_eq!(
        (&record["file_size"], &record["file_type"], &record["kind"], &record["source"]),
        (&8.into(), &"csv".into(), &"data".into(), &"upload".into())
    );
    assert_eq!(record["file_path"], format!("user_files/0/{id}.csv"));
    assert_eq!(folder.read(&format!("data/user_files/0/{id}.csv")), "a,b\n1,2\n");

    let table = folder.taipan(&["files", "list"]).stdout;
    let lines: Vec<_> = table.lines().collect();
    assert_eq!(lines[0].split_whitespace().collect::<Vec<_>>(), ["ID", "NAME", "TYPE", "SIZE", "SAVED", "EXPIRES"]);
    assert_eq!(lines[1].split_whitespace().take(6).collect::<Vec<_>>(), [&id, "📊", "sales.csv", "csv", "8", "B"]);
    assert_eq!(lines[2..], ["", "📂 1 file of 20, 8 B"]);

    for named in [id.as_str(), "sales.csv"] {
        let got = folder.taipan(&["files", "get", named, "--out", &format!("out-{named}")]);
        assert_eq!(got, Ended::with(0, "", &format!("⬇️ out-{named}/sales.csv (8 B)\n")));
        assert_eq!(folder.read(&format!("out-{named}/sales.csv")), "a,b\n1,2\n");
    }
    assert_eq!(folder.taipan(&["files", "get", &id, "--out", "-"]), Ended::with(0, "a,b\n1,2\n", ""));
}

#[test]
fn nothing_is_overwritten() {
    let folder = Folder::new();
    stored(&folder, "notes.txt", "stored");
    folder.write("notes.txt", "mine");
    let sentence = "error: ./notes.txt is there already: name another folder with --out.\n";
    assert_eq!(folder.taipan(&["files", "get", "notes.txt"]), Ended::with(2, "", sentence));
    assert_eq!(folder.read("notes.txt"), "mine");
}

/// S3: what is another user's is not there.
#[test]
fn files_of_others_are_unknown() {
    let folder = Folder::new();
    let id = stored(&folder, "a.txt", "mine");
    assert_eq!(listed(&folder, "7"), Vec::<Value>::new());
    let unknown =
        |name: &str| format!("File not found or expired: {name}. `taipan files list` shows those there are.\n");
    for name in [id.as_str(), "a.txt", "../../etc/passwd", "no such id"] {
        let got = folder.taipan(&["files", "get", name, "--user", "7"]);
        assert_eq!(got, Ended::with(2, "", &format!("error: {}", unknown(name))));
        let removed = folder.taipan(&["files", "--user", "7", "rm", name]);
        assert_eq!(removed, Ended::with(2, "", &format!("❌ {}", unknown(name))));
    }
    assert_eq!(listed(&folder, "0").len(), 1);
}

/// S13
#[test]
fn files_are_deleted_by_id_by_name_or_all_together() {
    let folder = Folder::new();
    let first = stored(&folder, "first.txt", "1");
    stored(&folder, "second.txt", "2");
    stored(&folder, "third.txt", "3");
    let removed = folder.taipan(&["files", "rm", &first, "second.txt", "fourth.txt"]);
    let said = "🗑️ Deleted first.txt.\n🗑️ Deleted second.txt.\n❌ File not found or expired: fourth.txt. \
                `taipan files list` shows those there are.\n";
    assert_eq!(removed, Ended::with(2, "", said));
    assert_eq!(folder.taipan(&["files", "rm", "--all"]), Ended::with(0, "", "🗑️ Deleted 1 file.\n"));
    // By which the folder is known to be the catalog's.
    assert_eq!(folder.list("data/user_files"), [".store"]);
}

/// H8, S10
#[test]
fn a_file_that_cannot_be_stored_does_not_keep_others_from_it() {
    let folder = Folder::new();
    folder.write("large.bin", vec![0; 1024 * 1024 + 1]);
    folder.write("good.txt", "good");
    let mut command = folder.command(&["files", "add", "missing.txt", ".", "large.bin", "good.txt"]);
    let ended = Ended::from(command.env("MAX_FILE_SIZE_MB", "1").env("FILE_EXPIRATION_HOURS", "-1").output().unwrap());
    let lines: Vec<_> = ended.stderr.lines().collect();
    assert_eq!(
        lines[..3],
        [
            "❌ The file missing.txt cannot be read: there is no such file. Check its path and rights.",
            "❌ The file . cannot be read: it has no name. Check its path and rights.",
            "❌ The file 'large.bin' has more than 1.0 MB; a file may have at most 1.0 MB.",
        ]
    );
    let record = listed(&folder, "0").pop().unwrap();
    let id = record["file_id"].as_str().unwrap();
    assert_eq!(lines[3..], [format!("✅ good.txt is stored as {id} (4 B, for ever).")]);
    assert_eq!(record["expires_at"], Value::Null);
}

/// S9: one more than a user may have removes the oldest.
#[test]
fn the_oldest_file_goes_when_there_is_one_more_than_may_be() {
    let folder = Folder::new();
    for name in ["1.txt", "2.txt", "3.txt"] {
        folder.write(name, name);
        let added = folder.command(&["files", "add", name]).env("MAX_FILES_PER_USER", "2").output().unwrap();
        assert_eq!(added.status.code(), Some(0));
    }
    let names: Vec<_> = listed(&folder, "0").iter().map(|record| record["filename"].clone()).collect();
    assert_eq!(names, ["2.txt", "3.txt"]);
}

/// X2, X4, S1
#[apply(in_both)]
#[test]
fn code_that_is_run_as_a_user_finds_his_files_and_leaves_its_own(isolation: Isolation) {
    let folder = Folder::of(isolation);
    stored(&folder, "numbers.txt", "1 2 3");
    let code =
        "numbers = load_file('numbers.txt').split()\nopen('sum.txt', 'w').write(str(sum(map(int, numbers))))\nNone";
    let ended = folder.taipan(&["run", "--user", "0", "-c", code]);
    let records = listed(&folder, "0");
    let made = records.iter().find(|record| record["filename"] == "sum.txt").unwrap();
    assert_eq!(made["source"], "generated");
    let id = made["file_id"].as_str().unwrap();
    let said = format!("📎 1 file in taipan-out:\n  📝 sum.txt  1 B\n💾 Stored 1 file: {id}\n");
    assert_eq!(ended, Ended::with(0, "", &said));
    assert_eq!(folder.read("taipan-out/sum.txt"), "6");

    let code = format!("print(load_file({id:?}))");
    assert_eq!(folder.taipan(&["run", "--user", "0", "-c", &code]), Ended::with(0, "6\n", ""));
}

/// X3
#[test]
fn code_that_is_run_as_another_user_finds_none_of_them() {
    let folder = Folder::new();
    stored(&folder, "mine.txt", "secret");
    let ended = folder.taipan(&["run", "--user", "7", "-c", "load_file('mine.txt')"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
    let last = ended.stderr.lines().last().unwrap();
    let expected =
        "FileNotFoundError: File not found or expired: 'mine.txt'. No files are available. Upload a file first.";
    assert_eq!(last, expected);
}

#[test]
fn the_document_names_the_ids_of_stored_files() {
    let folder = Folder::new();
    folder.write("given.txt", "given");
    let code = "open('made.txt', 'w').write(open('given.txt').read() + '!')";
    let ended = folder.taipan(&["run", "--json", "--user", "0", "--file", "given.txt", "-c", code]);
    let document: Value = serde_json::from_str(&ended.stdout).unwrap();
    let records = listed(&folder, "0");
    let names: Vec<_> = records.iter().map(|record| record["filename"].clone()).collect();
    assert_eq!(names, ["given.txt", "made.txt"]);
    assert_eq!(document["generated_files"][0]["file_id"], records[1]["file_id"]);
}

#[test]
fn a_catalog_that_cannot_be_used_is_a_sentence_and_stays_as_it_is() {
    let folder = Folder::new();
    folder.write("data/catalog.sqlite3", "this is no database, and longer than the head of one would be");
    let ended = folder.taipan(&["files", "list"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(3), ""));
    assert!(ended.stderr.starts_with("error: "), "{}", ended.stderr);
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
    let kept = "this is no database, and longer than the head of one would be";
    assert_eq!(folder.read("data/catalog.sqlite3"), kept);
}

/// Nobody else on the machine reads what users have stored.
#[test]
fn stored_files_are_nobody_elses_to_read() {
    let folder = Folder::new();
    let id = stored(&folder, "a.txt", "mine");
    let mode = |path: &str| fs::metadata(folder.path().join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!([mode("data/user_files"), mode("data/user_files/0")], [0o700, 0o700]);
    assert_eq!(folder.read(&format!("data/user_files/0/{id}.txt")), "mine");
    assert_eq!(mode("data/catalog.sqlite3") & 0o077, 0);
}

/// U13: the limit of a day holds from the terminal too, for each user.
#[test]
fn runs_of_a_user_are_limited_for_each_day() {
    let folder = Folder::new();
    let run = |user: &str| {
        let mut command = folder.command(&["run", "--user", user, "-c", "print(1)"]);
        Ended::from(command.env("DAILY_RUNS", "1").output().unwrap())
    };
    for user in ["7", "8"] {
        let ended = run(user);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), "1\n"), "{}", ended.stderr);
    }
    let ended = run("7");
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(3), ""), "{}", ended.stderr);
    let (said, until) = ended.stderr.trim_end().split_once(" It ends at ").unwrap();
    assert_eq!(said, "error: You have reached the limit of 1 run a day.");
    assert!(until.ends_with(" 00:00 UTC."), "{until}");
}
