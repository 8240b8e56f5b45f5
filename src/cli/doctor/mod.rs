//! `taipan doctor`: what this machine gives, and what is missing.

mod catalog;
mod check;
mod discord;
mod folders;
mod index;
mod isolation;
mod model;
mod packages;
mod python;
mod settings;

use std::time::Duration;

use tokio::task::spawn_blocking;

use super::{DoctorArguments, Exit, Failure, start_runtime, stop::Stop, terminal};
use crate::{
    app,
    config::Settings,
    formats::measures::counted,
    interpreter::{AutoInstall, Builder, Interpreter, InterpreterError, Isolation, PackagePolicy},
};
use check::{Mark, Section};

/// How long the interpreter's threads may take to end.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(1);

/// Looks at everything and prints it; wrong settings are part of what is found.
pub(super) fn doctor(arguments: DoctorArguments) -> Result<Exit, Failure> {
    let sections = match Settings::load() {
        Ok(settings) => {
            app::start_log(&settings.logging, terminal::log_line);
            let runtime = start_runtime()?;
            let sections = runtime.block_on(examine(arguments, &settings))?;
            runtime.shutdown_background();
            sections
        }
        Err(error) => vec![settings::wrong(&error)],
    };
    let missing =
        sections.iter().flat_map(|section| &section.checks).filter(|check| check.mark == Mark::Missing).count();
    let verdict = match missing {
        0 => "Everything that is needed is here.".to_owned(),
        count => format!("{} must be put right, marked with ✗.", counted(count, "thing")),
    };
    check::print(&sections, &verdict);
    Ok(if missing == 0 { Exit::Done } else { Exit::InterpreterFailed })
}

async fn examine(arguments: DoctorArguments, settings: &Settings) -> Result<Vec<Section>, Failure> {
    let stop = Stop::listen()
        .map_err(|error| Failure::interpreter(format!("Ctrl-C cannot be listened to: {error}. Try again.")))?;
    tokio::select! {
        sections = sections(arguments, settings) => Ok(sections),
        () = stop.asked() => Err(Failure::cancelled()),
    }
}

async fn sections(arguments: DoctorArguments, settings: &Settings) -> Vec<Section> {
    let python = start(settings, Isolation::Thread).await;
    let sandbox = start(settings, Isolation::Process).await;
    let status = python.as_ref().ok().map(Interpreter::status);

    let mut sections = vec![python::section(python.as_ref().map(|_| ()).map_err(Clone::clone), status.as_ref())];
    if let (Ok(interpreter), Some(status)) = (&python, &status) {
        // Packages are tried where code runs, if that can be.
        let used =
            if settings.interpreter.isolation == Isolation::Process { sandbox.as_ref() } else { Ok(interpreter) };
        let used = used.unwrap_or(interpreter);
        sections.push(packages::section(used, status).await);
        sections.push(isolation::section(settings, &used.status()));
        sections.push(isolation::sandbox(
            settings,
            sandbox.as_ref().map(Interpreter::status).as_ref().map_err(|reason| reason.as_str()),
        ));
        sections.push(index::section(status, settings.interpreter.auto_install, arguments.offline).await);
    }
    for interpreter in [&python, &sandbox].into_iter().flatten() {
        interpreter.shutdown(SHUTDOWN_GRACE).await;
    }
    sections.extend(discord::section(settings, arguments.offline).await);
    sections.push(folders::section(settings));
    sections.push(catalog::section(settings).await);
    sections.push(model::section(settings, arguments.offline).await);
    sections.push(settings::section(settings));
    sections
}

/// Starts an interpreter as `taipan run` does, except that looking at packages must not install any, and that a sandbox
/// starts without layers that are required: it is shown which are in force.
async fn start(settings: &Settings, isolation: Isolation) -> Result<Interpreter, String> {
    let builder = app::interpreter(settings).map_err(|error| format!("The current folder cannot be used: {error}."))?;
    let packages = PackagePolicy { auto_install: AutoInstall::Off, ..PackagePolicy::default() };
    let builder = builder.isolation(isolation).workers(1).packages(packages).require([]);
    let built = spawn_blocking(|| Builder::build(builder)).await.map_err(|error| error.to_string())?;
    built.map_err(|error: InterpreterError| error.to_string())
}
