use std::{ffi::OsStr, fs, os::unix::ffi::OsStrExt};

use super::{TestResult, collect, file_names, omissions, place, write};
use crate::interpreter::workspace::names::clean;

#[test]
fn a_name_given_from_outside_is_made_safe() {
    for (given, expected) in [
        ("sales.csv", "sales.csv"),
        ("Größe 📊.csv", "Größe 📊.csv"),
        (".env", ".env"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\sales.csv", "sales.csv"),
        ("a\0b\nc\u{7f}.csv", "a_b_c_.csv"),
        ("", "file"),
        (".", "file"),
        ("..", "file"),
        ("folder/", "file"),
        (".files", "file.files"),
    ] {
        assert_eq!(clean(given), expected, "{given:?}");
    }
}

#[test]
fn a_long_name_is_cut_in_front_of_its_extension_between_characters() {
    assert_eq!(clean(&("x".repeat(300) + ".csv")), "x".repeat(251) + ".csv");
    assert_eq!(clean(&("ä".repeat(200) + ".csv")), "ä".repeat(125) + ".csv");
    assert_eq!(clean(&"x".repeat(256)), "x".repeat(255));
    assert_eq!(clean(&("a.".to_owned() + &"x".repeat(300))), "a.".to_owned() + &"x".repeat(253));
    assert_eq!(clean(&("x".repeat(251) + ".csv")), "x".repeat(251) + ".csv");
}

#[test]
fn names_that_cannot_be_shown_are_cleaned_and_stay_apart() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    let path = workspace.path();
    for name in ["a_b.txt", "a\nb.txt", "a\tb.txt", "plain\x1b[31m"] {
        write(path.join(name), name)?;
    }
    let collection = collect(&workspace);
    assert_eq!(file_names(&collection), ["a_b (2).txt", "a_b (3).txt", "a_b.txt", "plain_[31m"]);
    assert_eq!(collection.files[2].read()?, b"a_b.txt");
    assert_eq!(collection.files[0].read()?, b"a\tb.txt");
    assert_eq!(omissions(&collection), [""; 0]);
    Ok(())
}

/// Outcomes cross process boundaries as text, so their paths have to be text too.
#[test]
fn a_file_whose_name_is_not_utf8_gets_a_path_that_is() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    let folder = workspace.path().join(OsStr::from_bytes(b"caf\xe9"));
    fs::create_dir(&folder)?;
    fs::write(folder.join(OsStr::from_bytes(b"men\xfc.csv")), "in latin-1")?;
    fs::write(folder.join(OsStr::from_bytes(b"men\xfd.csv")), "too")?;
    let collection = collect(&workspace);
    assert_eq!(file_names(&collection), ["caf\u{fffd}/men\u{fffd} (2).csv", "caf\u{fffd}/men\u{fffd}.csv"]);
    assert_eq!(collection.files[1].read()?, b"in latin-1");
    assert_eq!(collection.files[0].read()?, b"too");
    assert!(collection.files.iter().all(|file| file.path.to_str().is_some()));
    assert!(serde_json::to_string(&collection.files)?.contains("men\u{fffd} (2).csv"));
    Ok(())
}

#[test]
fn names_of_every_nasty_sort_are_collected() -> TestResult {
    let place = place()?;
    let workspace = place.root.workspace()?;
    let longest = "ä".repeat(127) + "x";
    let mut names = ["-rf", "$(reboot)", "a b", "a\\b", "con.txt", "~", "🐍.py", "'\"`", &longest].map(str::to_owned);
    for name in &names {
        write(workspace.path().join(name), "x")?;
    }
    names.sort();
    let collection = collect(&workspace);
    assert_eq!(file_names(&collection), names);
    Ok(())
}
