//! What a run prints, and when (issue 2, part 11; X1, X8, X12).

use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    process::Stdio,
};

use taipan::Isolation;

use super::program::{Ended, Folder};
use crate::interpreters::{apply, in_both};

#[apply(in_both)]
#[test]
fn standard_output_and_standard_error_stay_apart(isolation: Isolation) {
    let ended = Folder::of(isolation).taipan(&["run", "-c", "import sys\nprint('out')\nprint('err', file=sys.stderr)"]);
    assert_eq!(ended, Ended::with(0, "out\n", "err\n"));
}

#[apply(in_both)]
#[test]
fn output_comes_while_the_code_still_runs(isolation: Isolation) {
    let folder = Folder::of(isolation);
    folder.write("seen.txt", "");
    // The code ends only after its first line was read here.
    let code = "import time\nprint('first')\nwhile not open('seen.txt').read(): time.sleep(0.01)\nprint('second')";
    let mut command = folder.command(&["run", "--timeout", "30", "--file", "seen.txt", "-c", code]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "first");
    folder.write("seen.txt", "yes");
    assert_eq!(lines.next().unwrap().unwrap(), "second");
    assert!(child.wait().unwrap().success());
}

#[apply(in_both)]
#[test]
fn the_last_value_is_printed_after_the_output(isolation: Isolation) {
    let ended = Folder::of(isolation).taipan(&["run", "-c", "print('text')\n6 * 7"]);
    assert_eq!(ended, Ended::with(0, "text\n42\n", ""));
}

#[apply(in_both)]
#[test]
fn a_value_starts_a_line_of_its_own(isolation: Isolation) {
    let ended = Folder::of(isolation).taipan(&["run", "-c", "print('text', end='')\n'value'"]);
    assert_eq!(ended, Ended::with(0, "text\n'value'\n", ""));
}

#[apply(in_both)]
#[test]
fn a_table_is_printed_as_text_in_columns(isolation: Isolation) {
    let ended =
        Folder::of(isolation).taipan(&["run", "-c", "import pandas\npandas.DataFrame({'a': [1, 2], 'b': ['x', 'y']})"]);
    assert_eq!(ended, Ended::with(0, "   a  b\n0  1  x\n1  2  y\n", ""));
}

#[apply(in_both)]
#[test]
fn displayed_values_appear_in_order_with_the_output(isolation: Isolation) {
    let ended = Folder::of(isolation).taipan(&["run", "-c", "print(1)\ndisplay([2])\nprint(3)"]);
    assert_eq!(ended, Ended::with(0, "1\n[2]\n3\n", ""));
}

#[apply(in_both)]
#[test]
fn a_script_gets_its_arguments_after_two_dashes(isolation: Isolation) {
    let folder = Folder::of(isolation);
    folder.write("script.py", "import sys\nprint(sys.argv[1:])");
    let ended = folder.taipan(&["run", "script.py", "--", "--name", "two words", "-c"]);
    assert_eq!(ended, Ended::with(0, "['--name', 'two words', '-c']\n", ""));
}

#[apply(in_both)]
#[test]
fn code_comes_from_standard_input_after_a_single_dash(isolation: Isolation) {
    let ended = Folder::of(isolation).taipan_with_stdin(&["run", "-"], "print('naïve ☕')".as_bytes());
    assert_eq!(ended, Ended::with(0, "naïve ☕\n", ""));
}

#[apply(in_both)]
#[test]
fn a_byte_order_mark_is_no_part_of_the_code(isolation: Isolation) {
    let folder = Folder::of(isolation);
    folder.write("windows.py", b"\xef\xbb\xbfprint('ok')\r\n");
    assert_eq!(folder.taipan(&["run", "windows.py"]), Ended::with(0, "ok\n", ""));
}

#[apply(in_both)]
#[test]
fn an_empty_script_runs_and_does_nothing(isolation: Isolation) {
    let folder = Folder::of(isolation);
    folder.write("empty.py", "");
    assert_eq!(folder.taipan(&["run", "empty.py"]), Ended::with(0, "", ""));
    assert_eq!(folder.taipan(&["run", "-c", ""]), Ended::with(0, "", ""));
}

#[apply(in_both)]
#[test]
fn input_reads_from_a_file_or_from_standard_input(isolation: Isolation) {
    let folder = Folder::of(isolation);
    folder.write("answers.txt", "Ada\nLovelace\n");
    let from_file = folder.taipan(&["run", "--stdin", "answers.txt", "-c", "print(input() + ' ' + input())"]);
    assert_eq!(from_file, Ended::with(0, "Ada Lovelace\n", ""));
    let typed = folder.taipan_with_stdin(&["run", "--stdin", "-", "-c", "print(input()[::-1])"], b"abc\n");
    assert_eq!(typed, Ended::with(0, "cba\n", ""));
}

#[apply(in_both)]
#[test]
fn output_beyond_its_limit_is_in_a_file_and_counted(isolation: Isolation) {
    let folder = Folder::of(isolation);
    let code = "for _ in range(3): print('x' * 1023)";
    let output = folder.command(&["run", "-c", code]).env("MAX_OUTPUT_KB", "1").output().unwrap();
    let ended = Ended::from(output);
    assert_eq!((ended.code, ended.stdout.len()), (Some(0), 1024));
    let remarks: Vec<_> = ended.stderr.lines().collect();
    assert_eq!(remarks.first(), Some(&"✂️ The output is long: the rest goes to output.txt."));
    assert_eq!(remarks.last(), Some(&"✂️ 2.0 KB more of output are in output.txt."));
    assert!(folder.read("taipan-out/output.txt").contains("xxx"));
}

#[apply(in_both)]
#[test]
fn a_reader_who_goes_away_ends_the_run_quietly(isolation: Isolation) {
    let folder = Folder::of(isolation);
    let code = "open('made.txt', 'w').write('kept')\nwhile True: print('line')";
    let mut child = folder
        .command(&["run", "--timeout", "30", "-c", code])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Reads a little and closes the pipe, as `head` does.
    let mut first = [0; 5];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let ended = Ended::from(child.wait_with_output().unwrap());
    assert_eq!(&first, b"line\n");
    assert_eq!(ended, Ended::with(141, "", "📎 1 file in taipan-out:\n  📝 made.txt  4 B\n"));
    assert_eq!(folder.read("taipan-out/made.txt"), "kept");
}

#[apply(in_both)]
#[test]
fn standard_output_on_a_full_disk_is_told_and_files_are_kept(isolation: Isolation) {
    let folder = Folder::of(isolation);
    let full = File::options().write(true).open("/dev/full").unwrap();
    let code = "open('made.txt', 'w').write('kept')\nprint('lost')";
    let output = folder.command(&["run", "-c", code]).stdout(full).stderr(Stdio::piped()).output().unwrap();
    let ended = Ended::from(output);
    assert_eq!(ended.code, Some(3));
    assert_eq!(
        ended.stderr.lines().last(),
        Some(
            "error: The output could not be written to standard output: No space left on device (os error 28). Make \
             room, or send it elsewhere."
        )
    );
    assert_eq!(folder.read("taipan-out/made.txt"), "kept");
}

/// X6: a missing package is installed from the real index, and that is said.
#[apply(in_both)]
#[test]
fn what_was_installed_is_said(isolation: Isolation) {
    let ended = Folder::of(isolation).taipan(&["run", "-c", "import cowsay\nprint(cowsay.__name__)"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), "cowsay\n"), "{}", ended.stderr);
    assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    assert!(ended.stderr.starts_with("📦 Installed: cowsay=="), "{}", ended.stderr);
}

#[apply(in_both)]
#[test]
fn what_could_not_be_installed_is_said_with_the_reason(isolation: Isolation) {
    let output =
        Folder::of(isolation).command(&["run", "-c", "import cowsay"]).env("AUTO_INSTALL", "off").output().unwrap();
    let ended = Ended::from(output);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
    let start = "⚠️ cowsay could not be installed: ";
    assert_eq!(ended.stderr.lines().filter(|line| line.starts_with(start)).count(), 1, "{}", ended.stderr);
}
