//! The two commands of `uv` that an installation consists of.
//!
//! First all versions are settled with the base packages as constraints: what needs another numpy than the one
//! here is refused, or an older version of it is found, and the reason is known. (Leaving the base packages out of
//! the question, as `--excludes` does, would install what fails on import.) Then exactly those distributions that
//! are new are installed, without asking for dependencies again.

mod child;
mod environment;

use std::{
    ffi::OsString,
    fmt::Display,
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    process::Command,
};

pub(super) use self::child::Watch;
use self::{
    child::{Finished, run},
    environment::passed_on,
};
use super::{
    distribution::Distribution,
    failure::Failure,
    store::{DiskUse, Staging},
};

/// How the files of a package come from the cache into an owner's folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkMode {
    /// All owners have the cache's own file: no time and no disk for the second of them. Only where code cannot write
    /// to its packages, and where owners have processes of their own: a process loads a library of machine code once,
    /// whatever path leads to it, and many refuse to be set up a second time.
    HardLink,
    /// Each owner has files of his own.
    Copy,
}

impl LinkMode {
    fn name(self) -> &'static str {
        match self {
            Self::HardLink => "hardlink",
            Self::Copy => "copy",
        }
    }
}

/// The installer of an environment.
#[derive(Debug)]
pub(super) struct Uv {
    venv: PathBuf,
    cache: PathBuf,
    links: LinkMode,
    environment: Vec<(OsString, OsString)>,
}

/// One installation: where it works, and what may end it.
pub(super) struct Job<'a> {
    pub(super) staging: &'a Staging,
    pub(super) watch: &'a Watch<'a>,
    pub(super) disk: &'a DiskUse,
}

impl Uv {
    /// The `uv` of an environment, with a cache on the same filesystem as the folders it fills.
    ///
    /// Of `environment` it gets only what leads to an index, a proxy or a certificate.
    pub(super) fn new(
        venv: &Path,
        cache: &Path,
        links: LinkMode,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Self {
        Self { venv: venv.to_owned(), cache: cache.to_owned(), links, environment: passed_on(environment) }
    }

    /// Settles the versions of what is wanted and all it needs, beside `fixed` ones.
    pub(super) fn resolve(
        &self,
        wanted: &[&str],
        fixed: &[Distribution],
        job: &Job<'_>,
    ) -> Result<Result<Vec<Distribution>, String>, Failure> {
        let folder = job.staging.path();
        let constraints = write_lines(folder.join("constraints.txt"), fixed)?;
        let wanted = write_lines(folder.join("wanted.txt"), wanted)?;
        let mut command = self.command("compile", job);
        command.args(["--no-header", "--no-annotate", "--no-strip-markers", "--constraints"]);
        command.arg(constraints).arg(wanted);
        let finished = execute(command, job)?;
        if !finished.succeeded {
            return Ok(Err(finished.stderr));
        }
        Ok(Ok(finished.stdout.lines().filter_map(Distribution::parse).collect()))
    }

    /// Installs exactly these distributions into the staging folder's target.
    pub(super) fn install(&self, distributions: &[Distribution], job: &Job<'_>) -> Result<Result<(), String>, Failure> {
        let pins = write_lines(job.staging.path().join("pins.txt"), distributions)?;
        let mut command = self.command("install", job);
        command.args(["--no-deps", "--compile-bytecode", "--link-mode", self.links.name(), "--target"]);
        command.arg(job.staging.target()).arg("--requirements").arg(pins);
        let finished = execute(command, job)?;
        Ok(if finished.succeeded { Ok(()) } else { Err(finished.stderr) })
    }

    /// Removes all that was fetched. Waits for installations that are using it.
    pub(super) fn empty_cache(&self, watch: &Watch<'_>) -> Result<(), Failure> {
        let mut command = Command::new(self.venv.join("bin/uv"));
        command.args(["cache", "clean", "--quiet", "--no-config", "--cache-dir"]).arg(&self.cache);
        command.current_dir(&self.venv).env_clear();
        let finished = run(command, watch, &|| Ok(()))?;
        if finished.succeeded { Ok(()) } else { Err(Failure::Other(finished.stderr)) }
    }

    /// `uv pip …` as all its uses here have it: wheels only, no settings but ours, and a working directory that no
    /// run can write to (`uv` reads settings from where it stands, and a worker stands in its run's folder).
    fn command(&self, what: &str, job: &Job<'_>) -> Command {
        let mut command = Command::new(self.venv.join("bin/uv"));
        command.args(["pip", what, "--quiet", "--no-progress", "--color", "never", "--only-binary", ":all:"]);
        command.arg("--python").arg(self.venv.join("bin/python")).arg("--no-python-downloads");
        if !self.environment.iter().any(|(name, _)| name == "UV_CONFIG_FILE") {
            command.arg("--no-config");
        }
        command.current_dir(job.staging.path()).env_clear().envs(self.environment.iter().cloned());
        command.arg("--cache-dir").arg(&self.cache);
        command
    }
}

fn execute(command: Command, job: &Job<'_>) -> Result<Finished, Failure> {
    run(command, job.watch, &|| job.disk.check())
}

fn write_lines(path: PathBuf, lines: &[impl Display]) -> io::Result<PathBuf> {
    let mut file = BufWriter::new(File::create(&path)?);
    for line in lines {
        writeln!(file, "{line}")?;
    }
    file.flush()?;
    Ok(path)
}
