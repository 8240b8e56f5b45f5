//! The tests: one for each family of cases.

use std::{
    env, fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use taipan::{Interpreter, Isolation, Outcome, Request};
use tempfile::TempDir;

use super::{
    bystander::Bystander,
    case::{Case, Run},
    leftovers::Leftovers,
};
use crate::{
    interpreters::settings,
    own_process::{block_on, in_own_process},
};

/// What cases import.
const ATTACK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/interpreter/abuse/attack.py");
/// What is in this process's environment and memory, backwards: hostile code must not find it.
const SECRET_BACKWARDS: &str = "6f1c8-tseretni-fo-nekot";
/// How long a hostile run is given before the bystander comes.
const LEAD: Duration = Duration::from_millis(30);
/// How many bystanders come during one hostile run at most.
const MOST_BYSTANDERS: usize = 3;
/// How long a closed interpreter's folders may be there.
const CLOSING: Duration = Duration::from_secs(5);
const MB: u64 = 1024 * 1024;

/// Issue 3, part 8; X14
#[test]
fn loops() {
    family("loops", &[]);
}

#[test]
fn stubborn() {
    family("stubborn", &[]);
}

#[test]
fn memory() {
    family("memory", &[]);
}

#[test]
fn floods() {
    family("floods", &[]);
}

#[test]
fn files() {
    family("files", &[]);
}

#[test]
fn endings() {
    family("endings", &[]);
}

#[test]
fn processes() {
    family("processes", &[]);
}

#[test]
fn host() {
    family("host", &[]);
}

#[test]
fn network() {
    family("network", &[]);
}

#[test]
fn installed() {
    family("installed", &[]);
}

#[test]
fn next_runs() {
    family("next_runs", &[]);
}

#[test]
fn calls() {
    family("calls", &[]);
}

#[test]
fn protocol() {
    family("protocol", &[]);
}

#[test]
fn arrays() {
    family("arrays", &["numpy"]);
}

#[test]
fn every_family_is_tested() {
    let names = names_in(&cases());
    let source = include_str!("families.rs");
    let untested: Vec<_> = names.iter().filter(|name| !source.contains(&format!("family(\"{name}\""))).collect();
    assert_eq!(untested, Vec::<&String>::new());
}

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interpreter/abuse/cases")
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| name != "__pycache__");
    names.sort();
    names
}

fn family(name: &str, preload: &'static [&'static str]) {
    in_own_process(&format!("interpreter::abuse::families::{name}"), || {
        // What the program complains of is shown with a failure.
        tracing_subscriber::fmt().with_max_level(tracing::Level::WARN).with_writer(std::io::stderr).init();
        let secret: String = SECRET_BACKWARDS.chars().rev().collect();
        // SAFETY: this process has one thread that looks at variables.
        unsafe { env::set_var("BOT_TOKEN", &secret) };
        block_on(run_family(name, preload));
        drop(secret);
    });
}

async fn run_family(name: &str, preload: &[&str]) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut failures = Vec::new();
    {
        let interpreter = interpreter(folder.path(), preload);
        let (bystander, mut leftovers) = (Bystander::new(), Leftovers::new(folder.path()));
        failures.extend(leftovers.look());
        let only = env::var("ABUSE_ONLY").unwrap_or_default();
        for case in names_in(&cases().join(name)) {
            let case = Case::read(&Path::new("tests/interpreter/abuse/cases").join(name).join(case));
            if !case.name.contains(&only) {
                continue;
            }
            let began = Instant::now();
            let mut wrong = Vec::new();
            for run in &case.runs {
                wrong.extend(run_beside(&interpreter, run, &bystander).await);
            }
            interpreter.end_session(Some("attacker"));
            wrong.extend(leftovers.look().into_iter().map(|left| format!("left: {left}")));
            eprintln!("{} {:?}", case.name, began.elapsed());
            failures.extend(wrong.into_iter().map(|wrong| format!("{}: {wrong}", case.name)));
        }
    }
    let began = Instant::now();
    while !names_in(folder.path()).is_empty() && began.elapsed() < CLOSING {
        thread::sleep(Duration::from_millis(5));
    }
    failures.extend(names_in(folder.path()).into_iter().map(|name| format!("left: the folder {name}")));
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

fn interpreter(folder: &Path, preload: &[&str]) -> Interpreter {
    let settings = settings(Isolation::Process).workers(2).workspace_folder(folder).preload(preload.iter().copied());
    let settings = settings.memory_limit(200 * MB).max_workspace_bytes(20 * MB).max_output_file_bytes(MB);
    settings.build().expect("an interpreter")
}

/// Runs hostile code, with bystanders beside it; gives what went wrong.
async fn run_beside(interpreter: &Interpreter, run: &Run, bystander: &Bystander) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let request = request(run, &folder);
    let hostile = async {
        let outcome = interpreter.execute(request).await.expect("an outcome");
        let wrong = run.against(&outcome);
        (wrong, look_at_files(&outcome))
    };
    let beside = async {
        let mut wrong = Vec::new();
        tokio::time::sleep(LEAD).await;
        for _ in 0..MOST_BYSTANDERS {
            wrong.extend(bystander.run(interpreter).await);
        }
        wrong
    };
    let ((mut wrong, files), disturbed) = tokio::join!(hostile, beside);
    wrong.extend(files);
    wrong.extend(disturbed);
    wrong.extend(run.given.iter().filter_map(|(name, text)| {
        let now = fs::read_to_string(folder.path().join(name)).unwrap_or_default();
        (now != *text).then(|| format!("the original of {name} is now {now:?}"))
    }));
    wrong
}

fn request(run: &Run, folder: &TempDir) -> Request {
    let mut request = Request::new(&run.code).owner("attacker").timeout(run.timeout());
    for (name, text) in &run.given {
        fs::write(folder.path().join(name), text).expect("a file");
        request = request.input_file(name, folder.path().join(name));
    }
    if run.code.contains("import attack") {
        request = request.input_file("attack", ATTACK);
    }
    if run.in_session { request.in_session() } else { request }
}

/// Whoever reads a generated file gets what the code wrote, and no file of the host.
fn look_at_files(outcome: &Outcome) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let mut wrong = Vec::new();
    for file in &outcome.generated_files {
        match file.read() {
            Ok(bytes) if bytes.len() as u64 == file.size => {}
            Ok(bytes) => wrong.push(format!("{} has {} bytes, not {}", file.name, bytes.len(), file.size)),
            Err(error) => wrong.push(format!("{} cannot be read: {error}", file.name)),
        }
        let saved = file.save_in(folder.path()).and_then(|saved| saved.symlink_metadata());
        if !saved.is_ok_and(|saved| saved.is_file() && std::os::unix::fs::MetadataExt::mode(&saved) & 0o7111 == 0) {
            wrong.push(format!("{} is saved with rights that it was given by the code", file.name));
        }
    }
    wrong
}
