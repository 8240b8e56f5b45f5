//! `taipan run`: code in, live output and saved files out.

mod document;
mod follow;
mod plan;
mod saving;
mod screen;
mod source;
mod spinner;
mod stored;
mod summary;

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::task::spawn_blocking;

use super::{Exit, Failure, RunArguments, interpreter_of, start_runtime, stop::Stop};
use crate::{
    Outcome,
    config::Settings,
    interpreter::{Builder, Interpreter, InterpreterError},
};
pub(super) use follow::follow;
pub(super) use plan::{Bounds, check_out, input_files};
pub(super) use screen::{Screen, Shown};
pub(super) use source::{MAX_CODE_BYTES, decode_code};
pub(super) use spinner::{Stage, ticks};

use plan::{Plan, Report};
use saving::Saved;
use stored::Ended;

/// How long threads of the interpreter may take to end before the program ends without them.
pub(super) const SHUTDOWN_GRACE: Duration = Duration::from_secs(1);

/// Runs what was typed, and says how it ended.
pub(super) fn run(arguments: RunArguments, settings: &Settings) -> Result<Exit, Failure> {
    // Reading code and input comes first: until then Ctrl-C simply ends the program.
    let plan = Plan::new(arguments, &settings.limits)?;
    let builder = interpreter_of(settings)?.isolation(plan.isolation.unwrap_or(settings.interpreter.isolation));

    let runtime = start_runtime()?;
    let exit = runtime.block_on(perform(plan, builder, settings));
    // Code that cannot be stopped must not hold the program up.
    runtime.shutdown_background();
    exit
}

async fn perform(plan: Plan, builder: Builder, settings: &Settings) -> Result<Exit, Failure> {
    let stop = Stop::listen()?;
    let mut screen = Screen::new(match plan.report {
        Report::Live => Shown::Everything,
        Report::Document => Shown::Progress,
    });
    let interpreter = start_python(builder, &mut screen).await?;
    if stop.is_asked() {
        return Ok(Exit::Cancelled);
    }

    let ended = if let Some(user) = plan.user {
        stored::run(&interpreter, (user, plan.request), settings, &mut screen, &stop).await?
    } else {
        let run = interpreter.start(plan.request).await?;
        Ended { outcome: follow(run, &mut screen, &stop).await?, stored: Vec::new() }
    };
    let exit = match plan.report {
        Report::Live => {
            let remarks = ended.remarks();
            let exit = finish(&mut screen, ended.outcome, &plan.out, plan.bounds);
            for remark in &remarks {
                screen.remark(remark);
            }
            exit
        }
        Report::Document => {
            screen.clear();
            let saved = saving::save(&ended.outcome, &plan.out);
            let exit = report_document(&mut screen, &ended, &saved, plan.bounds);
            saved.keep(ended.outcome);
            exit
        }
    };
    interpreter.shutdown(SHUTDOWN_GRACE).await;
    exit
}

/// Saves what was made and says how the run ended, after its output was shown.
pub(super) fn finish(screen: &mut Screen, outcome: Outcome, out: &Path, bounds: Bounds) -> Result<Exit, Failure> {
    screen.clear();
    let saved = saving::save(&outcome, out);
    let exit = report_live(screen, &outcome, &saved, bounds);
    saved.keep(outcome);
    exit
}

/// Saves what was made in a folder, and gives where each file is. What cannot be saved there is elsewhere, or where it
/// was.
pub(super) fn save(outcome: &Outcome, out: &Path) -> Vec<PathBuf> {
    saving::save(outcome, out).files.into_iter().map(|file| file.path).collect()
}

/// Starts Python on another thread, so that the spinner turns meanwhile.
pub(super) async fn start_python(builder: Builder, screen: &mut Screen) -> Result<Interpreter, Failure> {
    let mut starting = spawn_blocking(move || builder.build());
    let mut ticks = spinner::ticks();
    loop {
        tokio::select! {
            built = &mut starting => {
                screen.clear();
                let built = built.map_err(|error| Failure::interpreter(format!("Python could not be started: {error}.")))?;
                return built.map_err(InterpreterError::into);
            }
            _ = ticks.tick() => screen.tick(&Stage::Starting),
        }
    }
}

fn report_live(screen: &mut Screen, outcome: &Outcome, saved: &Saved, bounds: Bounds) -> Result<Exit, Failure> {
    if let Some(value) = &outcome.result {
        screen.value(&value.text);
    }
    // Whoever closed standard output knows why the run was stopped.
    if screen.stdout_error().is_none() {
        for line in summary::ending(outcome, bounds) {
            screen.remark(&line);
        }
    }
    for line in summary::aftermath(outcome, saved) {
        screen.remark(&line);
    }
    exit(screen.stdout_error(), outcome, saved)
}

fn report_document(screen: &mut Screen, ended: &Ended, saved: &Saved, bounds: Bounds) -> Result<Exit, Failure> {
    let written = document::print(ended, saved, bounds, io::stdout().lock());
    for line in summary::left_out(&ended.outcome, saved) {
        screen.remark(&line);
    }
    exit(written.as_ref().err(), &ended.outcome, saved)
}

/// The exit code: the run's own, unless what it made did not get to where it was asked for.
fn exit(stdout: Option<&io::Error>, outcome: &Outcome, saved: &Saved) -> Result<Exit, Failure> {
    let exit = Exit::from(&outcome.ending);
    match stdout {
        Some(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Exit::ReaderGone),
        Some(error) => {
            return Err(Failure::interpreter(format!(
                "The output could not be written to standard output: {error}. Make room, or send it elsewhere."
            )));
        }
        None => {}
    }
    if outcome.success() && !saved.problems.is_empty() { Ok(Exit::InterpreterFailed) } else { Ok(exit) }
}
