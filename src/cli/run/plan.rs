//! What was typed becomes what is meant, once.

use std::{
    collections::HashMap,
    fs::{self, File},
    path::{self, Path, PathBuf},
    time::Duration,
};

use super::source::{self, Source};
use crate::{
    InputFile, Request,
    cli::{Failure, RunArguments},
    config::Limits,
    formats::measures::ByteSize,
    identifiers::UserId,
    interpreter::Isolation,
};

/// Everything a run needs, checked as far as that is possible before Python starts.
#[derive(Debug)]
pub(super) struct Plan {
    /// The code with its files, arguments and limits.
    pub(super) request: Request,
    /// Whose run it is, if that was typed: then his stored files are there.
    pub(super) user: Option<UserId>,
    /// The folder for generated files.
    pub(super) out: PathBuf,
    /// Where the code runs, if that was typed.
    pub(super) isolation: Option<Isolation>,
    /// The limits in force, to be named when they are hit.
    pub(super) bounds: Bounds,
    /// What is printed.
    pub(super) report: Report,
}

/// How long a run may take, and how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Bounds {
    /// The time limit.
    pub(in super::super) time: Duration,
    /// The memory limit of a sandbox.
    pub(super) memory: ByteSize,
}

impl Bounds {
    /// The limits as they are set, and the time that was typed.
    pub(in super::super) fn new(timeout: Option<Duration>, limits: &Limits) -> Self {
        Self { time: timeout.unwrap_or(limits.timeout), memory: ByteSize(limits.memory_bytes) }
    }
}

/// What is printed on standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Report {
    /// The output as it comes, then the last value.
    Live,
    /// One JSON document at the end.
    Document,
}

impl Plan {
    /// Reads the code and the input, and checks the files.
    pub(super) fn new(arguments: RunArguments, limits: &Limits) -> Result<Self, Failure> {
        let source = Source::new(arguments.code, arguments.script)?;
        let stdin_is_typed = arguments.stdin.as_deref() == Some(Path::new("-"));
        if stdin_is_typed && matches!(source, Source::StandardInput) {
            return Err(Failure::wrong_use(
                "Standard input cannot be both the code and its input: give the code as a script or with -c.",
            ));
        }
        check_out(&arguments.out)?;
        let mut request = Request::new(source.read()?).args(arguments.args);
        for file in input_files(&arguments.files, limits.file_bytes)? {
            request = request.input(file);
        }
        if let Some(path) = arguments.stdin {
            request = request.stdin(source::read_input(&path, limits.file_bytes)?);
        }
        if let Some(timeout) = arguments.timeout {
            request = request.timeout(timeout);
        }
        Ok(Self {
            request,
            user: arguments.user,
            out: arguments.out,
            isolation: arguments.isolation,
            bounds: Bounds::new(arguments.timeout, limits),
            report: if arguments.json { Report::Document } else { Report::Live },
        })
    }
}

/// A file in the way is told before anything runs; whatever else may go wrong with the folder, when saving.
pub(in super::super) fn check_out(out: &Path) -> Result<(), Failure> {
    match fs::metadata(out) {
        Ok(found) if !found.is_dir() => {
            Err(Failure::wrong_use(format!("{} is not a folder: name another one with --out.", out.display())))
        }
        _ => Ok(()),
    }
}

/// The files for `load_file`: known by their own names, which therefore must differ.
pub(in super::super) fn input_files(paths: &[PathBuf], most_bytes: u64) -> Result<Vec<InputFile>, Failure> {
    let mut seen: HashMap<String, &Path> = HashMap::new();
    let mut files = Vec::with_capacity(paths.len());
    for given in paths {
        check_input(given, most_bytes)?;
        // Workers have working folders of their own.
        let absolute = path::absolute(given).map_err(|error| unreadable(given, &error.to_string()))?;
        let mut file = InputFile::new("", absolute);
        file.id.clone_from(&file.name);
        if let Some(first) = seen.insert(file.name.clone(), given) {
            return Err(Failure::wrong_use(format!(
                "The files {} and {} have the same name, so load_file could not tell them apart: rename one.",
                first.display(),
                given.display()
            )));
        }
        files.push(file);
    }
    Ok(files)
}

fn check_input(path: &Path, most_bytes: u64) -> Result<(), Failure> {
    let found = fs::metadata(path).map_err(|error| unreadable(path, &source::reason(&error)))?;
    if found.is_dir() {
        return Err(unreadable(path, "it is a folder"));
    }
    if !found.is_file() {
        return Err(unreadable(path, "it is not an ordinary file; save its content first"));
    }
    if found.len() > most_bytes {
        return Err(Failure::wrong_use(format!(
            "The file {} is too large ({}): at most {} are allowed; raise MAX_FILE_SIZE_MB or give a smaller file.",
            path.display(),
            ByteSize(found.len()),
            ByteSize(most_bytes)
        )));
    }
    File::open(path).map_err(|error| unreadable(path, &source::reason(&error)))?;
    Ok(())
}

fn unreadable(path: &Path, reason: &str) -> Failure {
    Failure::wrong_use(format!("The file {} cannot be read: {reason}. Check the --file argument.", path.display()))
}
