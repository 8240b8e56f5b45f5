//! Settings: read once, checked, explained in `.env.example` (DESIGN 5).

use std::{fs, path::Path, time::Duration};

use serde_json::Value;
use taipan::{
    config::{ALL, LogFormat, Setting, Settings, SettingsError, WrongSetting},
    interpreter::{AutoInstall, Isolation},
};

use super::program::{Ended, Folder};

fn read(given: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    let find = |name: &str| given.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    Settings::read(find)
}

fn wrong(given: &[(&str, &str)]) -> Vec<WrongSetting> {
    match read(given) {
        Err(SettingsError::Wrong(wrong)) => wrong,
        other => panic!("{given:?} should be wrong, but is {other:?}"),
    }
}

#[test]
fn without_settings_the_documented_defaults_hold() {
    let settings = read(&[]).unwrap();
    assert_eq!(settings.interpreter.venv, None);
    assert_eq!(settings.interpreter.workers, None);
    assert_eq!(settings.interpreter.isolation, Isolation::Thread);
    assert_eq!(settings.interpreter.auto_install, AutoInstall::Any);
    assert_eq!(settings.interpreter.data_dir, Path::new("./data"));
    assert_eq!(settings.limits.timeout, Duration::from_secs(60));
    assert_eq!(settings.limits.output_bytes, 100 * 1024);
    assert_eq!(settings.limits.workspace_bytes, 500 * 1024 * 1024);
    assert_eq!(settings.limits.file_bytes, 50 * 1024 * 1024);
    assert_eq!(settings.logging.format, LogFormat::Text);
    assert_eq!(settings.logging.filter.to_string(), "notify=error,warn");
}

#[test]
fn every_setting_arrives_where_it_is_meant_to() {
    let settings = read(&[
        ("TAIPAN_VENV", "/opt/venv"),
        ("WORKERS", "3"),
        ("ISOLATION", "process"),
        ("AUTO_INSTALL", "approved"),
        ("DATA_DIR", "/var/lib/taipan"),
        ("CODE_EXECUTION_TIMEOUT", "0.25"),
        ("MAX_OUTPUT_KB", "7"),
        ("MAX_WORKSPACE_MB", "8"),
        ("MAX_FILE_SIZE_MB", "9"),
        ("LOG", "info,taipan=debug"),
        ("LOG_FORMAT", "json"),
    ])
    .unwrap();
    assert_eq!(settings.interpreter.venv.as_deref(), Some(Path::new("/opt/venv")));
    assert_eq!(settings.interpreter.workers, Some(3));
    assert_eq!(settings.interpreter.isolation, Isolation::Process);
    assert_eq!(settings.interpreter.auto_install, AutoInstall::Approved);
    assert_eq!(settings.interpreter.data_dir, Path::new("/var/lib/taipan"));
    assert_eq!(settings.limits.timeout, Duration::from_millis(250));
    assert_eq!(settings.limits.output_bytes, 7 * 1024);
    assert_eq!(settings.limits.workspace_bytes, 8 * 1024 * 1024);
    assert_eq!(settings.limits.file_bytes, 9 * 1024 * 1024);
    assert_eq!(settings.logging.format, LogFormat::Json);
    assert_eq!(settings.logging.filter.to_string(), "taipan=debug,info");
    assert_eq!(settings.in_force.len(), ALL.len());
}

#[test]
fn each_wrong_value_is_refused_with_its_name_and_what_is_allowed() {
    let cases: [(&str, &[&str], &str); 9] = [
        ("WORKERS", &["0", "257", "-1", "two", "1.5"], "a whole number from 1 to 256"),
        ("ISOLATION", &["Thread", "none"], "`thread` or `process`"),
        ("AUTO_INSTALL", &["yes", "OFF"], "`any`, `approved` or `off`"),
        (
            "CODE_EXECUTION_TIMEOUT",
            &["0", "-1", "300.5", "nan", "inf", "1e-12", "1m", "60s"],
            "a number of seconds above 0 and at most 300, such as 60 or 0.5",
        ),
        ("MAX_OUTPUT_KB", &["0", "10241", "1.5", "100KB"], "a whole number of KB from 1 to 10240"),
        ("MAX_WORKSPACE_MB", &["0", "1048577", "-5"], "a whole number of MB from 1 to 1048576"),
        ("MAX_FILE_SIZE_MB", &["0", "1048577", "fifty"], "a whole number of MB from 1 to 1048576"),
        (
            "LOG",
            &["verbose", "warn,verbose", "taipan=loud"],
            "a level (off, error, warn, info, debug or trace) or parts with levels, such as warn,taipan=debug",
        ),
        ("LOG_FORMAT", &["xml", "JSON"], "`text` or `json`"),
    ];
    for (name, values, allowed) in cases {
        for value in values {
            let expected = WrongSetting { name, value: (*value).to_owned(), allowed };
            assert_eq!(wrong(&[(name, value)]), [expected]);
        }
    }
}

#[test]
fn all_wrong_values_are_named_together_in_the_order_of_the_list() {
    let error = read(&[("LOG_FORMAT", "xml"), ("WORKERS", "0")]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "The setting WORKERS is \"0\", but it must be a whole number from 1 to 256.\n\
         The setting LOG_FORMAT is \"xml\", but it must be `text` or `json`."
    );
}

#[test]
fn an_empty_value_counts_as_not_set() {
    let empty: Vec<_> = ALL.iter().map(|setting| (setting.name, "")).collect();
    assert_eq!(read(&empty).unwrap(), read(&[]).unwrap());
}

#[test]
fn the_example_file_explains_exactly_the_settings_there_are() {
    let explained = ALL.map(|Setting { name, default, allowed, meaning }| {
        format!("\n# {meaning}\n# Allowed: {allowed}.\n{name}={default}\n")
    });
    let head = "# The settings of Taipan, each with its default. Copy this file to `.env` and change what you need;\n\
                # the environment of the process wins over `.env`, and an empty value counts as not set.\n";
    let expected = [head, &explained.concat()].concat();
    let example = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".env.example")).unwrap();
    assert_eq!(example, expected);
}

#[test]
fn a_wrong_setting_stops_the_start_with_a_sentence() {
    let folder = Folder::new();
    let output = folder.command(&["run", "-c", "print(1)"]).env("MAX_OUTPUT_KB", "much").output().unwrap();
    let sentence =
        "error: The setting MAX_OUTPUT_KB is \"much\", but it must be a whole number of KB from 1 to 10240.\n";
    assert_eq!(Ended::from(output), Ended::with(2, "", sentence));
}

#[test]
fn the_file_dot_env_is_read_and_the_environment_wins_over_it() {
    let folder = Folder::new();
    folder.write(".env", "# a comment\nCODE_EXECUTION_TIMEOUT=never\nexport WORKERS='0'\n");
    let output = folder.command(&["run", "-c", "1"]).env("WORKERS", "1").output().unwrap();
    let sentence = "error: The setting CODE_EXECUTION_TIMEOUT is \"never\", but it must be a number of seconds above 0 \
                    and at most 300, such as 60 or 0.5.\n";
    assert_eq!(Ended::from(output), Ended::with(2, "", sentence));
}

#[test]
fn a_line_of_dot_env_that_is_no_setting_is_named() {
    let folder = Folder::new();
    folder.write(".env", "WORKERS=1\nthis is no setting\n");
    let sentence = "error: The settings in .env cannot be read: the line `this is no setting` is not of the form \
                    NAME=value. Correct that line or remove the file.\n";
    assert_eq!(folder.taipan(&["run", "-c", "1"]), Ended::with(2, "", sentence));
}

#[test]
fn a_folder_called_dot_env_is_somebodys_virtual_environment_and_left_alone() {
    let folder = Folder::new();
    folder.write(".env/pyvenv.cfg", "");
    let output = folder.command(&["run", "-c", "1"]).env("WORKERS", "0").output().unwrap();
    let sentence = "error: The setting WORKERS is \"0\", but it must be a whole number from 1 to 256.\n";
    assert_eq!(Ended::from(output), Ended::with(2, "", sentence));
}

#[test]
fn the_log_can_be_one_json_document_a_line() {
    let folder = Folder::new();
    let output = folder.command(&["run", "-c", "print(1)"]).env("LOG", "trace").env("LOG_FORMAT", "json").output();
    let ended = Ended::from(output.unwrap());
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), "1\n"));
    let levels: Vec<_> = ended.stderr.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).collect();
    assert!(levels.iter().any(|line| line["level"] == "TRACE"), "{}", ended.stderr);
}

#[test]
fn a_log_that_goes_into_a_file_has_no_colours() {
    let folder = Folder::new();
    let ended = Ended::from(folder.command(&["run", "-c", "print(1)"]).env("LOG", "trace").output().unwrap());
    assert!(ended.stderr.contains("TRACE"), "{}", ended.stderr);
    assert!(!ended.stderr.contains('\x1b'), "{}", ended.stderr);
}

#[test]
fn without_being_asked_for_nothing_is_logged_but_warnings() {
    let folder = Folder::new();
    assert_eq!(folder.taipan(&["run", "-c", "print(1)"]), Ended::with(0, "1\n", ""));
}
