use std::{
    fs,
    path::{Path, PathBuf},
};

use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::{Place, TestResult, as_ordinary_user, collect, file_names, omissions, place, set_rights, write};
use crate::interpreter::workspace::LinksTo;
use crate::interpreter::{InputFile, InterpreterError};

fn original(place: &Place, name: &str, text: &str) -> std::io::Result<PathBuf> {
    let path = place.parent.path().join(name);
    write(&path, text)?;
    Ok(path)
}

/// X4, X5: the user's files stand in the folder under their own names, without being copied.
#[test]
fn inputs_stand_in_the_folder_as_links() -> TestResult {
    let place = place()?;
    let sales = original(&place, "stored.bin", "a,b\n")?;
    let mut workspace = place.root.workspace()?;
    let inputs = workspace.place_inputs(&[InputFile::new("id-1", &sales).named("sales.csv")], LinksTo::Originals)?;
    let placed = &inputs.files[0];
    assert_eq!((placed.id.as_str(), placed.name.as_str(), placed.size), ("id-1", "sales.csv", 4));
    assert_eq!((&placed.path, &placed.original), (&workspace.path().join("sales.csv"), &sales));
    assert_eq!(fs::read_link(&placed.path)?, sales);
    assert_eq!(fs::read_to_string(&placed.path)?, "a,b\n");
    Ok(())
}

#[test]
fn of_equal_names_the_last_one_stands_there_and_the_others_have_a_path_too() -> TestResult {
    let place = place()?;
    let files = ["first", "second", "third"]
        .map(|text| original(&place, text, text).map(|path| InputFile::new(text, path).named("data.csv")));
    let files = files.into_iter().collect::<Result<Vec<_>, _>>()?;
    let mut workspace = place.root.workspace()?;
    let inputs = workspace.place_inputs(&files, LinksTo::Originals)?;
    let path = workspace.path();
    let paths: Vec<_> = inputs.files.iter().map(|file| (file.id.as_str(), file.path.clone())).collect();
    assert_eq!(
        paths,
        [
            ("first", path.join(".files/0/data.csv")),
            ("second", path.join(".files/1/data.csv")),
            ("third", path.join("data.csv")),
        ]
    );
    for file in &inputs.files {
        assert_eq!(fs::read_to_string(&file.path)?, file.id);
    }
    assert_eq!(file_names(&collect(&workspace)), [""; 0]);
    Ok(())
}

#[test]
fn names_are_cleaned_before_they_stand_anywhere() -> TestResult {
    let place = place()?;
    let path = original(&place, "stored", "x")?;
    let mut workspace = place.root.workspace()?;
    let given = ["../../escape.csv", "a\0b.csv", "..", ".env"].map(|name| InputFile::new(name, &path).named(name));
    let inputs = workspace.place_inputs(&given, LinksTo::Originals)?;
    let names: Vec<_> = inputs.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["escape.csv", "a_b.csv", "file", ".env"]);
    assert!(inputs.files.iter().all(|file| file.path == workspace.path().join(&file.name)));
    Ok(())
}

fn refusal(place: &Place, path: &Path) -> String {
    let refused = place
        .root
        .workspace()
        .map(|mut workspace| workspace.place_inputs(&[InputFile::new("a", path)], LinksTo::Originals));
    match refused {
        Ok(Err(InterpreterError::InputFile { path, error })) => format!("{}: {error}", path.display()),
        Ok(Err(other)) => other.to_string(),
        Ok(Ok(_)) => "accepted".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn what_cannot_be_an_input_is_refused_by_name() -> TestResult {
    let place = place()?;
    let parent = place.parent.path();
    let pipe = parent.join("pipe");
    mknodat(CWD, &pipe, FileType::Fifo, Mode::RWXU, 0)?;
    for (path, expected) in [
        (parent.join("missing.csv"), "No such file or directory (os error 2)"),
        (parent.to_owned(), "it is not a regular file"),
        (pipe, "it is not a regular file"),
        (PathBuf::from("/dev/null"), "it is not a regular file"),
        (PathBuf::from("relative.csv"), "its path is not absolute"),
    ] {
        assert_eq!(refusal(&place, &path), format!("{}: {expected}", path.display()));
    }
    Ok(())
}

#[test]
fn an_unreadable_input_is_refused() -> TestResult {
    as_ordinary_user(|| {
        let place = place()?;
        let path = original(&place, "secret.csv", "x")?;
        set_rights(&path, 0o000)?;
        assert_eq!(refusal(&place, &path), format!("{}: Permission denied (os error 13)", path.display()));
        Ok(())
    })
}

#[test]
fn an_untouched_input_is_not_a_result_and_a_renamed_one_says_what_it_is() -> TestResult {
    let place = place()?;
    let path = original(&place, "sales.csv", "x")?;
    let mut workspace = place.root.workspace()?;
    workspace
        .place_inputs(&[InputFile::new("a", &path), InputFile::new("b", &path).named("b.csv")], LinksTo::Originals)?;
    fs::rename(workspace.path().join("b.csv"), workspace.path().join("c.csv"))?;
    let collection = collect(&workspace);
    assert_eq!(file_names(&collection), [""; 0]);
    assert_eq!(omissions(&collection), ["c.csv: It is a link to 'sales.csv', a file that was given to the run."]);
    Ok(())
}

/// Code that writes past Python's own functions can still reach an original in isolation `thread`; it is not silent.
#[test]
fn an_original_that_changes_during_the_run_is_noted() -> TestResult {
    let place = place()?;
    let path = original(&place, "sales.csv", "x")?;
    let mut workspace = place.root.workspace()?;
    workspace.place_inputs(&[InputFile::new("a", &path)], LinksTo::Originals)?;
    assert_eq!(collect(&workspace).notes, [""; 0]);
    write(&path, "longer")?;
    assert_eq!(collect(&workspace).notes, ["The original of 'sales.csv' changed while the code ran."]);
    Ok(())
}
