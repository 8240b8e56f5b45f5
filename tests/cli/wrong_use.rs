//! Wrong use ends in one sentence and exit code 2, before anything runs (issue 2, "Bad input").

use std::fs::File;

use super::program::{Ended, Folder};

fn refused(sentence: &str) -> Ended {
    Ended::with(2, "", &format!("error: {sentence}\n"))
}

#[test]
fn nothing_to_run_says_how_to_give_code() {
    let sentence = "There is nothing to run: name a script, give code with -c, or - to read it from standard input.";
    assert_eq!(Folder::new().taipan(&["run"]), refused(sentence));
}

#[test]
fn a_missing_script_is_named() {
    let sentence = "The script nosuch.py cannot be read: there is no such file. Check the path.";
    assert_eq!(Folder::new().taipan(&["run", "nosuch.py"]), refused(sentence));
}

#[test]
fn a_folder_is_no_script() {
    let folder = Folder::new();
    folder.write("project/main.py", "print(1)");
    let sentence = "The script project is a folder: name a Python file in it.";
    assert_eq!(folder.taipan(&["run", "project"]), refused(sentence));
}

#[test]
fn code_that_is_not_utf_8_is_refused_with_the_line() {
    let folder = Folder::new();
    folder.write("latin.py", b"x = 1\nprint('caf\xe9')\n");
    let sentence = "The script latin.py is not UTF-8 text, first in line 2: save it as UTF-8.";
    assert_eq!(folder.taipan(&["run", "latin.py"]), refused(sentence));
}

#[test]
fn code_with_nul_is_refused_with_the_line() {
    let ended = Folder::new().taipan_with_stdin(&["run", "-"], b"x = 1\n\ny = 2\0\n");
    let sentence = "The code on standard input holds a NUL character in line 3, so it is no Python text: remove it, \
                    or save the file as UTF-8.";
    assert_eq!(ended, refused(sentence));
}

#[test]
fn a_script_beyond_ten_megabytes_is_refused() {
    let folder = Folder::new();
    File::create(folder.path().join("huge.py")).unwrap().set_len(10 * 1024 * 1024 + 1).unwrap();
    let sentence = "The script huge.py is too large: at most 10.0 MB are allowed. Give data with --file.";
    assert_eq!(folder.taipan(&["run", "huge.py"]), refused(sentence));
}

#[test]
fn standard_input_cannot_be_code_and_input_at_once() {
    let sentence = "Standard input cannot be both the code and its input: give the code as a script or with -c.";
    assert_eq!(Folder::new().taipan(&["run", "-", "--stdin", "-"]), refused(sentence));
}

#[test]
fn input_that_is_not_text_is_refused() {
    let folder = Folder::new();
    folder.write("input.bin", b"\xff\xfe");
    let sentence = "The --stdin file input.bin is not UTF-8 text, first in line 1: save it as UTF-8.";
    assert_eq!(folder.taipan(&["run", "--stdin", "input.bin", "-c", "1"]), refused(sentence));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let sentence = "The file nosuch.csv cannot be read: there is no such file. Check the --file argument.";
    assert_eq!(Folder::new().taipan(&["run", "--file", "nosuch.csv", "-c", "1"]), refused(sentence));
}

#[test]
fn a_folder_cannot_be_given_as_a_file() {
    let sentence = "The file . cannot be read: it is a folder. Check the --file argument.";
    assert_eq!(Folder::new().taipan(&["run", "--file", ".", "-c", "1"]), refused(sentence));
}

#[test]
fn a_file_beyond_the_limit_is_refused_with_both_sizes() {
    let folder = Folder::new();
    File::create(folder.path().join("big.csv")).unwrap().set_len(1024 * 1024 + 52_429).unwrap();
    let output = folder.command(&["run", "--file", "big.csv", "-c", "1"]).env("MAX_FILE_SIZE_MB", "1").output();
    let sentence = "The file big.csv is too large (1.1 MB): at most 1.0 MB are allowed; raise MAX_FILE_SIZE_MB or \
                    give a smaller file.";
    assert_eq!(Ended::from(output.unwrap()), refused(sentence));
}

#[test]
fn two_files_of_one_name_are_refused_because_load_file_goes_by_name() {
    let folder = Folder::new();
    folder.write("north/sales.csv", "a\n1\n");
    folder.write("south/sales.csv", "a\n2\n");
    let ended = folder.taipan(&["run", "--file", "north/sales.csv", "--file", "south/sales.csv", "-c", "1"]);
    let sentence = "The files north/sales.csv and south/sales.csv have the same name, so load_file could not tell \
                    them apart: rename one.";
    assert_eq!(ended, refused(sentence));
}

#[test]
fn a_file_in_the_place_of_the_output_folder_is_told_before_anything_runs() {
    let folder = Folder::new();
    folder.write("results", "precious");
    let ended = folder.taipan(&["run", "--out", "results", "-c", "open('a.txt', 'w').write('x')"]);
    assert_eq!(ended, refused("results is not a folder: name another one with --out."));
    assert_eq!(folder.read("results"), "precious");
}

#[test]
fn time_limits_that_make_no_sense_are_refused() {
    for value in ["0", "-5", "nan", "inf", "300.1", "1e-12", "soon"] {
        let ended = Folder::new().taipan(&["run", "--timeout", value, "-c", "1"]);
        let sentence = format!(
            "error: invalid value '{value}' for '--timeout <SECONDS>': it must be a number of seconds above 0 and at \
             most 300, such as 60 or 0.5\n\nFor more information, try '--help'.\n"
        );
        assert_eq!(ended, Ended::with(2, "", &sentence));
    }
}

#[test]
fn an_unknown_isolation_is_refused() {
    let ended = Folder::new().taipan(&["run", "--isolation", "vm", "-c", "1"]);
    let sentence = "error: invalid value 'vm' for '--isolation <thread|process>': it must be `thread` or \
                    `process`\n\nFor more information, try '--help'.\n";
    assert_eq!(ended, Ended::with(2, "", sentence));
}

#[test]
fn an_unknown_option_and_an_unknown_command_are_wrong_use() {
    let folder = Folder::new();
    let option = folder.taipan(&["run", "--fast", "-c", "1"]);
    assert_eq!((option.code, option.stdout.as_str()), (Some(2), ""));
    assert_eq!(option.stderr.lines().next(), Some("error: unexpected argument '--fast' found"));
    let command = folder.taipan(&["walk"]);
    assert_eq!((command.code, command.stdout.as_str()), (Some(2), ""));
    assert_eq!(command.stderr.lines().next(), Some("error: unrecognized subcommand 'walk'"));
}

#[test]
fn code_and_script_together_are_wrong_use() {
    let ended = Folder::new().taipan(&["run", "-c", "1", "script.py"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
    assert_eq!(ended.stderr.lines().next(), Some("error: the argument '-c <CODE>' cannot be used with '[SCRIPT|-]'"));
}
