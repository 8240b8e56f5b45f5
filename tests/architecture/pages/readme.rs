//! Everything that README.md tells people to type works, and gives what it says. Its Rust is a documentation test.

use std::{env, fs, process::Command};

use clap::CommandFactory;
use taipan::{
    cli::{Arguments, Exit},
    config,
    formats::FileType,
};

use super::markdown::{code_blocks, code_spans, table};

const README: &str = include_str!("../../../README.md");

/// One test for all blocks: later ones use the files of earlier ones.
#[test]
fn every_command_gives_what_the_readme_shows() {
    let folder = tempfile::tempdir().unwrap();
    let blocks = code_blocks(README, "console");
    assert!(!blocks.is_empty());
    for session in blocks.iter().flat_map(|block| sessions(block)) {
        let shown: Vec<_> = session.output.lines().map(steady).collect();
        let got = type_in(&session.command, folder.path());
        assert_eq!(got.lines().map(steady).collect::<Vec<_>>(), shown, "{}", session.command);
    }
}

#[test]
fn every_option_of_run_is_explained_and_no_other() {
    let mut arguments = Arguments::command();
    arguments.build();
    let run = arguments.find_subcommand("run").unwrap();
    let visible = run.get_arguments().filter_map(|option| option.get_long()).filter(|name| *name != "help");
    let mut options: Vec<_> = visible.map(|name| format!("--{name}")).collect();
    let mut explained: Vec<_> = first_column("option").iter().filter_map(|span| long_option(span)).collect();
    options.sort();
    explained.sort();
    assert_eq!(explained, options);
}

#[test]
fn every_exit_code_is_explained() {
    let all = [
        Exit::Done,
        Exit::Raised,
        Exit::WrongUse,
        Exit::InterpreterFailed,
        Exit::TimedOut,
        Exit::Cancelled,
        Exit::Killed,
        Exit::ReaderGone,
    ];
    assert_eq!(first_column("exit code"), all.map(|exit| exit.code().to_string()));
}

#[test]
fn every_setting_is_listed_with_its_default() {
    let cell = |row: &Vec<Vec<String>>, column: usize| row[column].first().cloned().unwrap_or_default();
    let listed: Vec<_> = table(README, "setting").iter().map(|row| (cell(row, 0), cell(row, 1))).collect();
    let known = config::ALL.map(|setting| (setting.name.to_owned(), setting.default.to_owned()));
    assert_eq!(listed, known);
}

#[test]
fn the_number_of_extensions_is_about_right() {
    let extensions: usize = FileType::all().map(|file_type| file_type.extensions.len()).sum();
    let rounded = extensions / 10 * 10;
    assert!(README.contains(&format!("some {rounded} extensions")), "there are {extensions}");
}

#[test]
fn the_oldest_rust_that_works_is_named() {
    let version = env!("CARGO_PKG_RUST_VERSION");
    assert!(README.contains(&format!("(https://rustup.rs) {version} or newer")), "it is {version}");
}

/// The two commands of issue 2 are shown as they are typed.
#[test]
fn demo_and_test_are_shown() {
    assert_eq!(code_blocks(README, "sh")[0], "make demo\nmake test\n");
    assert!(code_spans(README).contains(&"make bench".to_owned()));
}

fn first_column(heading: &str) -> Vec<String> {
    table(README, heading).into_iter().filter_map(|row| row.into_iter().next()?.into_iter().next()).collect()
}

fn long_option(span: &str) -> Option<String> {
    let option = span.split_whitespace().next()?;
    (option.len() > 2 && option.starts_with("--")).then(|| option.to_owned())
}

/// A command as it is typed at a prompt, and what it prints.
struct Session {
    command: String,
    output: String,
}

/// A line after `$ ` is a command, lines after `> ` go on with it, others are its output.
fn sessions(block: &str) -> Vec<Session> {
    let mut sessions: Vec<Session> = Vec::new();
    for line in block.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            sessions.push(Session { command: format!("{command}\n"), output: String::new() });
            continue;
        }
        let session = sessions.last_mut().expect("a block starts with a command");
        match line.strip_prefix('>') {
            Some(rest) => session.command.extend([rest.strip_prefix(' ').unwrap_or(rest), "\n"]),
            None => session.output.extend([line, "\n"]),
        }
    }
    sessions
}

/// What a shell prints, both streams as they came.
fn type_in(command: &str, folder: &std::path::Path) -> String {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_taipan")).parent().unwrap();
    let mut shell = Command::new("bash");
    shell.current_dir(folder).args(["-c", &format!("PATH=\"{}:$PATH\"; exec 2>&1\n{command}", program.display())]);
    for setting in config::ALL {
        shell.env_remove(setting.name);
    }
    String::from_utf8(shell.output().unwrap().stdout).unwrap()
}

/// A line without what differs from machine to machine: sizes that other libraries decide, and times.
fn steady(line: &str) -> String {
    match line.split_once("\"execution_time\": ") {
        Some((before, _)) => format!("{before}\"execution_time\": …,"),
        None if line.ends_with("KB") => line.rsplit_once("  ").map_or(line, |(name, _)| name).trim_end().to_owned(),
        None => line.to_owned(),
    }
}

#[test]
fn a_block_of_the_console_is_read_as_it_was_typed() {
    let sessions = sessions("$ cat <<'END'\n> a\n>\n> b\n> END\na\n\nb\n$ true\n");
    let read: Vec<_> = sessions.iter().map(|session| (session.command.as_str(), session.output.as_str())).collect();
    assert_eq!(read, [("cat <<'END'\na\n\nb\nEND\n", "a\n\nb\n"), ("true\n", "")]);
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(type_in(&sessions[0].command, folder.path()), sessions[0].output);
    fs::remove_dir(folder.path()).unwrap();
}
