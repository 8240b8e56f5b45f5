//! A crate outside this repository uses the interpreter without the parts for people.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

/// What only the parts for people need.
const NOT_WANTED: [&str; 16] = [
    "anyhow",
    "axum",
    "clap",
    "console",
    "dotenvy",
    "hyper",
    "indicatif",
    "mongodb",
    "poise",
    "reqwest",
    "serenity",
    "signal-hook",
    "sqlx",
    "tower",
    "tracing-subscriber",
    "utoipa",
];

const MAIN: &str = r#"
use taipan::{Ending, Event, Interpreter, Isolation, Request};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let interpreter = Interpreter::builder().workers(1).isolation(Isolation::Thread).build()?;
    let outcome = interpreter.execute(Request::new("print(6 * 7)")).await?;
    assert_eq!(outcome.stdout, "42\n");
    assert!(matches!(outcome.ending, Ending::Completed));
    let mut run = interpreter.start(Request::new("print('live')")).await?;
    while let Some(event) = run.next().await {
        if let Event::Stdout { text } = event {
            print!("{text}");
        }
    }
    assert!(run.outcome().await?.success());
    interpreter.shutdown(std::time::Duration::from_secs(5)).await;
    Ok(())
}
"#;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where this test program was built: what the outside crate needs is kept beside it, so that it is built once.
fn target_folder() -> PathBuf {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_taipan"));
    program.parent().and_then(Path::parent).expect("a target folder").join("outside-crate")
}

/// Where the library of the environment's Python lies.
fn libraries_of_python() -> String {
    let status = taipan::Interpreter::builder().workers(1).build().expect("an interpreter").status();
    let code = "import sysconfig; print(sysconfig.get_config_var('LIBDIR'))";
    let output = Command::new(status.python_path).args(["-c", code]).output().expect("python");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn cargo(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO"));
    command.args(arguments).arg("--offline").current_dir(folder).env("CARGO_TARGET_DIR", target_folder());
    // The folder has no settings for cargo of its own.
    if std::env::var_os("PYO3_PYTHON").is_none() {
        command.env("PYO3_PYTHON", repository().join(".venv/bin/python"));
    }
    // As the README says for a Python outside of the system's folders.
    command.env("LD_LIBRARY_PATH", libraries_of_python());
    let output = command.output().expect("cargo");
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "cargo {arguments:?}: {stderr}");
    stdout.into_owned()
}

/// Issue 2, part 2: usable with `default-features = false` from a crate outside this repository.
#[test]
fn a_crate_outside_runs_the_example_without_the_parts_for_people() {
    let crate_folder = TempDir::new().expect("a folder");
    let manifest = format!(
        "[package]\nname = \"outside\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\ntaipan = {{ path = \
         {:?}, default-features = false }}\ntokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\n",
        repository()
    );
    fs::create_dir(crate_folder.path().join("src")).expect("a folder");
    fs::write(crate_folder.path().join("Cargo.toml"), manifest).expect("a file");
    fs::write(crate_folder.path().join("src/main.rs"), MAIN).expect("a file");
    // The versions of this repository, which are on this machine already.
    fs::copy(repository().join("Cargo.lock"), crate_folder.path().join("Cargo.lock")).expect("a lock file");

    assert_eq!(cargo(crate_folder.path(), &["run", "--quiet"]), "live\n");

    let tree = cargo(crate_folder.path(), &["tree", "--edges", "normal", "--prefix", "none", "--package", "taipan"]);
    let needed: Vec<_> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    let too_much: Vec<_> = needed.iter().filter(|name| NOT_WANTED.contains(name)).collect();
    assert_eq!(too_much, [] as [&&str; 0]);
    assert!(needed.contains(&"pyo3"), "{tree}");
}
