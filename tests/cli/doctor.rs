//! `taipan doctor`: what this machine gives, and what is missing (X16; DESIGN 3 and 5).

use taipan::{Isolation, interpreter::Layer};

use super::program::{Ended, Folder};
use crate::chat::endpoint::{KEY, ModelEndpoint, Scripted};
use crate::interpreters::{apply, in_both};

/// The rows below a title, each as mark, name and detail.
fn section(ended: &Ended, title: &str) -> Vec<(char, String, String)> {
    let rows = ended.stdout.lines().skip_while(|line| *line != title).skip(1).take_while(|line| !line.is_empty());
    let rows: Vec<_> = rows
        .map(|row| {
            let mut parts = row.trim_start().splitn(2, ' ');
            let mark = parts.next().expect("a working machine").chars().next().expect("a working machine");
            let (name, detail) = parts.next().expect("a working machine").split_once("  ").unwrap_or_default();
            (mark, name.to_owned(), detail.trim_start().to_owned())
        })
        .collect();
    assert!(!rows.is_empty(), "no section {title} in\n{}", ended.stdout);
    rows
}

fn names(rows: &[(char, String, String)]) -> Vec<&str> {
    rows.iter().map(|(_, name, _)| name.as_str()).collect()
}

#[test]
fn on_a_machine_with_everything_every_needed_thing_has_a_tick_and_the_exit_code_is_0() {
    let ended = Folder::new().taipan(&["doctor", "--offline"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{}", ended.stdout);
    assert_eq!(ended.stdout.lines().last(), Some("Everything that is needed is here."));
    assert!(!ended.stdout.contains('✗'), "{}", ended.stdout);

    let packages = section(&ended, "Base packages");
    let expected =
        ["numpy", "pandas", "scipy", "scikit-learn", "matplotlib", "seaborn", "pillow", "pyarrow", "openpyxl"];
    assert_eq!(names(&packages), expected);
    for (mark, name, version) in packages {
        assert_eq!(mark, '✓', "{name}");
        assert!(version.starts_with(|first: char| first.is_ascii_digit()), "{name}: {version}");
    }
    let index = section(&ended, "Packages on demand");
    assert_eq!(index.last().unwrap(), &('·', "package index".to_owned(), "not asked: --offline".to_owned()));
}

#[test]
fn the_isolation_is_called_what_it_is() {
    let ended = Folder::new().taipan(&["doctor", "--offline"]);
    let rows = section(&ended, "Isolation");
    let thread = "in force: code runs in this process. This is no security boundary; run only code you trust.";
    assert_eq!(rows.first().unwrap(), &('·', "thread".to_owned(), thread.to_owned()));
    assert_eq!(names(&rows), ["thread", "time limit", "output limit", "file limits"]);
}

/// X16: the layers are shown whatever the isolation is, and packages are tried where code runs.
#[apply(in_both)]
#[test]
fn each_layer_of_the_sandbox_is_shown_with_what_it_stops(isolation: Isolation) {
    let ended = Folder::of(isolation).taipan(&["doctor", "--offline"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{}", ended.stdout);
    let rows = section(&ended, "Sandbox");
    let (layers, others) = rows.split_at(Layer::ALL.len());
    let expected = Layer::ALL.map(|layer| ('✓', layer.name().to_owned(), format!("in force: stops {}", layer.stops())));
    assert_eq!(layers, expected);
    assert_eq!(names(others), ["network", "room"]);
    assert_eq!(others[0].2, "off: no connections in any form");
    if isolation == Isolation::Process {
        let (mark, name, detail) = &section(&ended, "Isolation")[0];
        let told = (*mark, name.as_str(), detail.as_str());
        assert_eq!(told, ('✓', "process", "in force: code runs in a sandbox of its own."));
    }
}

/// X10: files of a sandbox lie in memory, so more runs than fit are told of.
#[test]
fn runs_that_may_take_more_than_the_machine_has_are_told_of() {
    let folder = Folder::new();
    let mut command = folder.command(&["doctor", "--offline"]);
    let ended = Ended::from(command.env("MAX_WORKSPACE_MB", "1048576").output().unwrap());
    let (mark, _, detail) = section(&ended, "Sandbox").pop().unwrap();
    assert_eq!((ended.code, mark), (Some(0), '!'));
    let advice = "Lower MEMORY_LIMIT_MB, MAX_WORKSPACE_MB or WORKERS, or greedy runs bring the machine to its limits.";
    assert!(detail.ends_with(advice), "{detail}");
}

#[test]
fn without_a_python_environment_it_explains_and_looks_at_the_rest() {
    let folder = Folder::new();
    let output = folder.command(&["doctor", "--offline"]).env("TAIPAN_VENV", "/no/such/venv").output().unwrap();
    let ended = Ended::from(output);
    assert_eq!(ended.code, Some(3));
    let sentence = "There is no Python environment at /no/such/venv. Run `make venv`, or name one with TAIPAN_VENV.";
    let python = section(&ended, "Python");
    assert_eq!(python.last().unwrap(), &('✗', "environment".to_owned(), sentence.to_owned()));
    assert_eq!(names(&section(&ended, "Folders")), ["temporary files", "their speed", "data folder"]);
    assert_eq!(ended.stdout.lines().last(), Some("1 thing must be put right, marked with ✗."));
}

#[test]
fn a_folder_for_temporary_files_that_cannot_be_written_to_is_missing() {
    let folder = Folder::new();
    let ended = Ended::from(folder.command(&["doctor", "--offline"]).env("TMPDIR", "/proc").output().unwrap());
    assert_eq!(ended.code, Some(3));
    let folders = section(&ended, "Folders");
    assert_eq!((folders[0].0, folders[0].1.as_str()), ('✗', "temporary files"));
    assert!(folders[0].2.starts_with("/proc cannot be written to: "), "{}", folders[0].2);
}

#[test]
fn settings_are_shown_with_where_they_come_from() {
    let folder = Folder::new();
    folder.write(".env", "MAX_OUTPUT_KB=7\n");
    let output = folder.command(&["doctor", "--offline"]).env("TAIPAN_VENV", "/no/such/venv").output().unwrap();
    let rows = section(&Ended::from(output), "Settings");
    let find = |name: &str| rows.iter().find(|(_, known, _)| known == name).unwrap().2.as_str();
    assert_eq!(find("MAX_OUTPUT_KB"), "7");
    assert_eq!(find("TAIPAN_VENV"), "/no/such/venv");
    assert_eq!(find("CODE_EXECUTION_TIMEOUT"), "60 (default)");
    assert_eq!(find("WORKERS"), "not set");
}

#[test]
fn wrong_settings_are_all_shown() {
    let folder = Folder::new();
    let mut command = folder.command(&["doctor", "--offline"]);
    let ended = Ended::from(command.env("WORKERS", "0").env("LOG_FORMAT", "xml").output().unwrap());
    assert_eq!(ended.code, Some(3));
    let expected = [
        ('✗', "WORKERS", "The setting WORKERS is \"0\", but it must be a whole number from 1 to 256."),
        ('✗', "LOG_FORMAT", "The setting LOG_FORMAT is \"xml\", but it must be `text` or `json`."),
    ];
    let expected = expected.map(|(mark, name, detail)| (mark, name.to_owned(), detail.to_owned()));
    assert_eq!(section(&ended, "Settings"), expected);
    assert_eq!(ended.stdout.lines().last(), Some("2 things must be put right, marked with ✗."));
}

#[test]
fn an_index_that_cannot_be_reached_is_told_but_nothing_needed_is_missing() {
    let folder = Folder::new();
    // Nothing listens on port 9 of this machine.
    let mut command = folder.command(&["doctor"]);
    let ended = Ended::from(command.env("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple").output().unwrap());
    assert_eq!(ended.code, Some(0), "{}", ended.stdout);
    let rows = section(&ended, "Packages on demand");
    let (mark, name, detail) = rows.last().unwrap();
    assert_eq!((*mark, name.as_str()), ('!', "package index"));
    assert!(detail.starts_with("does not answer: "), "{detail}");
    assert!(detail.ends_with(" Check the network, or set AUTO_INSTALL=off."), "{detail}");
}

/// DESIGN 2: the catalog is looked into, and not made.
#[test]
fn the_catalog_is_looked_into_and_one_that_is_damaged_is_missing() {
    let folder = Folder::new();
    let doctor = |folder: &Folder| {
        let mut command = folder.command(&["doctor", "--offline"]);
        Ended::from(command.env("TAIPAN_VENV", "/no/such/venv").output().unwrap())
    };
    let (mark, name, detail) = section(&doctor(&folder), "Catalog").remove(0);
    assert_eq!((mark, name.as_str()), ('·', "SQLite file"));
    assert!(detail.ends_with("/data/catalog.sqlite3 is made when it is needed"), "{detail}");
    assert!(!folder.path().join("data/catalog.sqlite3").exists());

    folder.write("notes.txt", "four");
    assert_eq!(folder.taipan(&["files", "add", "notes.txt"]).code, Some(0));
    let (mark, _, detail) = section(&doctor(&folder), "Catalog").remove(0);
    assert!(mark == '✓' && detail.ends_with(" s) and knows 1 stored file"), "{detail}");

    folder.write("data/catalog.sqlite3", "no catalog at all, but long enough to be looked at as one".repeat(100));
    let ended = doctor(&folder);
    let (mark, _, detail) = section(&ended, "Catalog").remove(0);
    assert!(mark == '✗' && detail.contains("catalog.sqlite3"), "{detail}");
    assert_eq!(ended.stdout.lines().last(), Some("2 things must be put right, marked with ✗."));
}

/// DESIGN 2: a server that does not answer is missing, and its password is not shown.
#[test]
fn a_catalog_on_a_server_that_is_away_is_missing() {
    let folder = Folder::new();
    let mut command = folder.command(&["doctor", "--offline"]);
    // Nothing listens on port 9 of this machine.
    command.env("TAIPAN_VENV", "/no/such/venv").env("MONGODB_URI", "mongodb://anna:secret@127.0.0.1:9");
    let ended = Ended::from(command.output().unwrap());
    let (mark, name, detail) = section(&ended, "Catalog").remove(0);
    assert_eq!((mark, name.as_str()), ('✗', "MongoDB server"));
    assert!(detail.contains("127.0.0.1:9 does not answer"), "{detail}");
    assert!(!ended.stdout.contains("secret"), "{}", ended.stdout);
}

/// DESIGN 2, A7: the model is asked for a word; what hinders it is said as in a conversation.
#[tokio::test(flavor = "multi_thread")]
async fn the_language_model_is_asked_for_a_word() {
    let endpoint = ModelEndpoint::start([Scripted::text("OK"), Scripted::refusal(401, "no such key")]).await;
    let root = endpoint.root();
    let looking = tokio::task::spawn_blocking(move || {
        let doctor = |arguments: &[&str], root: Option<&str>| {
            let folder = Folder::new();
            let mut command = folder.command(arguments);
            command.env("TAIPAN_VENV", "/no/such/venv").env("AUTO_INSTALL", "off").env("OPENAI_MODEL", "test-model");
            if let Some(root) = root {
                command.env("OPENAI_BASE_URL", root).env("OPENAI_API_KEY", KEY);
            }
            let (mark, _, detail) = section(&Ended::from(command.output().unwrap()), "Language model").remove(0);
            (mark, detail)
        };
        let (root, doctor) = (Some(root.as_str()), &doctor);
        [
            doctor(&["doctor"], root),
            doctor(&["doctor"], root),
            doctor(&["doctor", "--offline"], root),
            doctor(&["doctor"], None),
        ]
    });
    let [good, wrong, offline, unset] = looking.await.unwrap();
    assert!(good.0 == '✓' && good.1.starts_with("the model `test-model` answers ("), "{good:?}");
    assert_eq!(wrong, ('✗', "The model's endpoint does not accept the key. Check OPENAI_API_KEY.".to_owned()));
    assert_eq!(offline, ('·', "not asked: --offline".to_owned()));
    let advice = "not set: the assistant needs OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own";
    assert_eq!(unset, ('·', advice.to_owned()));
    assert_eq!(endpoint.requests().len(), 2);
}
