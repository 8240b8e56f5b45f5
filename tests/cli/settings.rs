//! Settings: read once, checked, explained in `.env.example` (DESIGN 5).

use std::{fs, path::Path, time::Duration};

use serde_json::Value;
use taipan::{
    config::{ALL, Expiration, LogFormat, Secret, Setting, Settings, SettingsError, Visibility, WrongSetting},
    interpreter::{AutoInstall, Isolation, Layer, Network},
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
    assert_eq!(settings.interpreter.network, Network::Off);
    assert_eq!(settings.interpreter.required_layers, [Layer::Namespaces, Layer::Seccomp, Layer::ResourceLimits]);
    assert_eq!(settings.interpreter.session_idle, Duration::from_secs(30 * 60));
    assert_eq!(settings.limits.timeout, Duration::from_secs(60));
    assert_eq!(settings.limits.memory_bytes, 1024 * 1024 * 1024);
    assert_eq!(settings.limits.runs_per_user, 1);
    assert_eq!(settings.limits.output_bytes, 100 * 1024);
    assert_eq!(settings.limits.workspace_bytes, 500 * 1024 * 1024);
    assert_eq!(settings.limits.file_bytes, 50 * 1024 * 1024);
    assert_eq!(settings.storage.database, None);
    assert_eq!(settings.storage.expiration, Expiration::After(Duration::from_secs(48 * 3600)));
    assert_eq!(settings.storage.files_per_user, 20);
    assert_eq!(settings.storage.time_zone.name(), "UTC");
    assert_eq!(settings.logging.format, LogFormat::Text);
    assert_eq!(settings.logging.filter.to_string(), "notify=error,warn");
}

#[test]
fn every_setting_arrives_where_it_is_meant_to() {
    let settings = read(&[
        ("TAIPAN_VENV", "/opt/venv"),
        ("WORKERS", "3"),
        ("ISOLATION", "process"),
        ("SANDBOX_NETWORK", "on"),
        ("SANDBOX_REQUIRE", "namespaces, Landlock,memory"),
        ("AUTO_INSTALL", "approved"),
        ("DATA_DIR", "/var/lib/taipan"),
        ("DATABASE_URL", "sqlite:///var/lib/catalog"),
        ("FILE_EXPIRATION_HOURS", "0.1"),
        ("MAX_FILES_PER_USER", "3"),
        ("TIMEZONE", "Europe/Berlin"),
        ("CODE_EXECUTION_TIMEOUT", "0.25"),
        ("MEMORY_LIMIT_MB", "256"),
        ("MAX_OUTPUT_KB", "7"),
        ("MAX_WORKSPACE_MB", "8"),
        ("MAX_FILE_SIZE_MB", "9"),
        ("MAX_RUNS_PER_USER", "4"),
        ("SESSION_IDLE_MINUTES", "5"),
        ("LOG", "info,taipan=debug"),
        ("LOG_FORMAT", "json"),
    ])
    .unwrap();
    assert_eq!(settings.interpreter.venv.as_deref(), Some(Path::new("/opt/venv")));
    assert_eq!(settings.interpreter.workers, Some(3));
    assert_eq!(settings.interpreter.isolation, Isolation::Process);
    assert_eq!(settings.interpreter.network, Network::On);
    assert_eq!(settings.interpreter.required_layers, [Layer::Namespaces, Layer::Landlock, Layer::Memory]);
    assert_eq!(settings.interpreter.session_idle, Duration::from_secs(5 * 60));
    assert_eq!(settings.interpreter.auto_install, AutoInstall::Approved);
    assert_eq!(settings.interpreter.data_dir, Path::new("/var/lib/taipan"));
    assert_eq!(settings.limits.timeout, Duration::from_millis(250));
    assert_eq!(settings.limits.memory_bytes, 256 * 1024 * 1024);
    assert_eq!(settings.limits.runs_per_user, 4);
    assert_eq!(settings.limits.output_bytes, 7 * 1024);
    assert_eq!(settings.limits.workspace_bytes, 8 * 1024 * 1024);
    assert_eq!(settings.limits.file_bytes, 9 * 1024 * 1024);
    assert_eq!(settings.storage.database, Some(Secret::from("sqlite:///var/lib/catalog")));
    assert_eq!(settings.storage.expiration, Expiration::After(Duration::from_secs(6 * 60)));
    assert_eq!(settings.storage.files_per_user, 3);
    assert_eq!(settings.storage.time_zone.name(), "Europe/Berlin");
    assert_eq!(settings.logging.format, LogFormat::Json);
    assert_eq!(settings.logging.filter.to_string(), "taipan=debug,info");
    assert_eq!(settings.in_force.len(), ALL.len());
}

#[test]
fn each_wrong_value_is_refused_with_its_name_and_what_is_allowed() {
    let cases: [(&str, &[&str], &str); 17] = [
        ("WORKERS", &["0", "257", "-1", "two", "1.5"], "a whole number from 1 to 256"),
        ("ISOLATION", &["Thread", "none"], "`thread` or `process`"),
        ("SANDBOX_NETWORK", &["yes", "OFF", "outward"], "`off` or `on`"),
        (
            "SANDBOX_REQUIRE",
            &["firewall", "namespaces,firewall", "namespaces,", "all", ","],
            "layers with commas between them, out of namespaces, landlock, seccomp, rlimits, environment, descriptors, \
             memory and workspace",
        ),
        ("AUTO_INSTALL", &["yes", "OFF"], "`any`, `approved` or `off`"),
        (
            "FILE_EXPIRATION_HOURS",
            &["0", "-2", "-1.0", "-0.5", "nan", "inf", "876001", "1e-9", "never", "48h"],
            "a number of hours above 0 and at most 876000, such as 48 or 0.1, or -1 for ever",
        ),
        ("MAX_FILES_PER_USER", &["0", "-1", "100001", "all"], "a whole number from 1 to 100000"),
        ("TIMEZONE", &["Berlin", "+01:00"], "the name of a time zone, such as UTC or Europe/Berlin"),
        (
            "CODE_EXECUTION_TIMEOUT",
            &["0", "-1", "300.5", "nan", "inf", "1e-12", "1m", "60s"],
            "a number of seconds above 0 and at most 300, such as 60 or 0.5",
        ),
        (
            "MEMORY_LIMIT_MB",
            &["0", "15", "-1", "1.5", "1GB", "1048577"],
            "a whole number of MB from 16 up to the memory of this machine",
        ),
        ("MAX_OUTPUT_KB", &["0", "10241", "1.5", "100KB"], "a whole number of KB from 1 to 10240"),
        ("MAX_WORKSPACE_MB", &["0", "1048577", "-5"], "a whole number of MB from 1 to 1048576"),
        ("MAX_FILE_SIZE_MB", &["0", "1048577", "fifty"], "a whole number of MB from 1 to 1048576"),
        ("MAX_RUNS_PER_USER", &["0", "257", "many"], "a whole number from 1 to 256"),
        ("SESSION_IDLE_MINUTES", &["0", "1441", "never", "0.5"], "a whole number of minutes from 1 to 1440"),
        (
            "LOG",
            &["verbose", "warn,verbose", "taipan=loud"],
            "a level (off, error, warn, info, debug or trace) or parts with levels, such as warn,taipan=debug",
        ),
        ("LOG_FORMAT", &["xml", "JSON"], "`text` or `json`"),
    ];
    for (name, values, allowed) in cases {
        for value in values {
            let expected = WrongSetting { name, value: (*value).to_owned(), allowed: allowed.into() };
            assert_eq!(wrong(&[(name, value)]), [expected]);
        }
    }
}

/// X10: a limit that this machine cannot keep is refused before anything starts.
#[test]
fn a_memory_limit_beyond_the_machine_is_refused_with_what_the_machine_has() {
    let ended =
        Ended::from(Folder::new().command(&["run", "-c", "1"]).env("MEMORY_LIMIT_MB", "1048576").output().unwrap());
    let (before, after) = ended.stderr.split_once(" (").unwrap();
    assert_eq!(
        before,
        "error: The setting MEMORY_LIMIT_MB is \"1048576\", but it must be a whole number of MB from 16 up to the memory \
         of this machine"
    );
    let memory: u64 = after.strip_suffix(" MB).\n").unwrap().parse().unwrap();
    assert!((16..1_048_576).contains(&memory), "{memory}");
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
}

/// The table of settings and the layers themselves name the same.
#[test]
fn the_layers_that_may_be_required_are_those_there_are() {
    let (setting, names) = (ALL.iter().find(|setting| setting.name == "SANDBOX_REQUIRE"), Layer::ALL.map(Layer::name));
    let (last, others) = names.split_last().unwrap();
    let listed = format!("layers with commas between them, out of {} and {last}", others.join(", "));
    assert_eq!(setting.unwrap().allowed, listed);
    let all = read(&[("SANDBOX_REQUIRE", &names.join(","))]).unwrap();
    assert_eq!(all.interpreter.required_layers, Layer::ALL);
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

/// S2
#[test]
fn files_may_be_kept_for_minutes_or_for_ever() {
    let expiration = |text| read(&[("FILE_EXPIRATION_HOURS", text)]).unwrap().storage.expiration;
    assert_eq!(expiration("-1"), Expiration::Never);
    assert_eq!(expiration("0.0001"), Expiration::After(Duration::from_millis(360)));
    assert_eq!(expiration("876000"), Expiration::After(Duration::from_secs(876_000 * 3600)));
}

#[test]
fn the_database_is_named_in_one_way_and_never_shown() {
    let settings = read(&[("MONGODB_URI", "mongodb+srv://me:hunter2@db.example/taipan")]).unwrap();
    assert_eq!(
        settings.storage.database.as_ref().map(Secret::expose),
        Some("mongodb+srv://me:hunter2@db.example/taipan")
    );
    assert!(!format!("{settings:?}").contains("hunter2"));
    let hidden = |name, allowed: &'static str| WrongSetting {
        name,
        value: "(set, not shown)".to_owned(),
        allowed: allowed.into(),
    };
    let address = "a `mongodb://` or `mongodb+srv://` address, where DATABASE_URL is not set";
    let any = "`sqlite:` with a path, or a `mongodb://` or `mongodb+srv://` address";
    for wrong_one in ["postgres://me:hunter2@db.example", "sqlite:", "sqlite:///", "mongodb://", "hunter2"] {
        assert_eq!(wrong(&[("DATABASE_URL", wrong_one)]), [hidden("DATABASE_URL", any)]);
    }
    assert_eq!(wrong(&[("MONGODB_URI", "sqlite:here")]), [hidden("MONGODB_URI", address)]);
    let both = [("DATABASE_URL", "sqlite:here"), ("MONGODB_URI", "mongodb://localhost")];
    assert_eq!(wrong(&both), [hidden("MONGODB_URI", address)]);
}

/// DESIGN 5: secrets are taken out of the environment once read, where code in this process could see them.
#[test]
fn code_finds_no_secret_in_the_environment() {
    let secrets = ALL.iter().filter(|setting| setting.visibility == Visibility::Secret);
    let folder = Folder::new();
    for setting in secrets {
        let code = format!(
            "import os\nprint(os.environ.get({:?}), b'hunter2' in open('/proc/self/environ', 'rb').read())",
            setting.name
        );
        let value = "mongodb://me:hunter2@127.0.0.1:1/";
        let output = folder.command(&["run", "-c", &code]).env(setting.name, value).output().unwrap();
        assert_eq!(Ended::from(output), Ended::with(0, "None False\n", ""));
    }
}

#[test]
fn an_empty_value_counts_as_not_set() {
    let empty: Vec<_> = ALL.iter().map(|setting| (setting.name, "")).collect();
    assert_eq!(read(&empty).unwrap(), read(&[]).unwrap());
}

#[test]
fn the_example_file_explains_exactly_the_settings_there_are() {
    let explained = ALL.map(|Setting { name, default, allowed, meaning, .. }| {
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
