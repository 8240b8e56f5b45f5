//! The command line: one module for each thing that can be typed.

mod arguments;
mod bot;
mod chat;
mod doctor;
mod exit;
mod failure;
mod files;
mod prompt;
mod repl;
mod run;
mod serve;
mod stop;
mod terminal;

use std::process::ExitCode;

use tokio::runtime::{self, Runtime};

pub use arguments::{
    Arguments, ChatArguments, Command, DoctorArguments, FilesArguments, FilesCommand, KeysCommand, ReplArguments,
    RunArguments, ServeArguments,
};
pub use exit::Exit;
pub use failure::Failure;

use crate::{app, config::Settings, interpreter::Builder};

/// Threads for waiting on events and signals; code runs on workers of its own.
const ASYNC_THREADS: usize = 2;

/// Does what was typed.
///
/// # Errors
/// When it could not be done, with the sentence to show and the exit code.
pub fn execute(arguments: Arguments) -> Result<Exit, Failure> {
    match arguments.command {
        Command::Run(arguments) => {
            let settings = Settings::load()?;
            app::start_log(&settings.logging, terminal::log_line);
            run::run(*arguments, &settings)
        }
        Command::Repl(arguments) => {
            let settings = Settings::load()?;
            app::start_log(&settings.logging, terminal::log_line);
            repl::repl(arguments, &settings)
        }
        Command::Chat(arguments) => {
            let settings = Settings::load()?;
            app::start_log(&settings.logging, terminal::log_line);
            chat::chat(arguments, &settings)
        }
        Command::Bot => {
            let settings = Settings::load()?;
            app::start_log(&settings.logging, terminal::log_line);
            bot::bot(&settings)
        }
        Command::Files(arguments) => {
            let settings = Settings::load()?;
            app::start_log(&settings.logging, terminal::log_line);
            files::files(arguments, &settings)
        }
        Command::Serve(arguments) => {
            let settings = Settings::load()?;
            app::start_log(&settings.logging, terminal::log_line);
            serve::serve(arguments, &settings)
        }
        Command::Keys { command } => {
            let settings = Settings::load()?;
            app::start_log(&settings.logging, terminal::log_line);
            serve::keys(command, &settings)
        }
        Command::Doctor(arguments) => doctor::doctor(arguments),
    }
}

/// The program's exit code; a failure is said on standard error.
#[must_use]
pub fn finish(result: Result<Exit, Failure>) -> ExitCode {
    let exit = result.unwrap_or_else(|failure| {
        let label = console::style("error:").for_stderr().red().bold();
        terminal::say(&format!("{label} {failure}"));
        failure.exit()
    });
    exit.into()
}

/// An interpreter as the settings describe it, for one person: with one worker unless they say otherwise.
fn interpreter_of(settings: &Settings) -> Result<Builder, Failure> {
    let builder = app::interpreter(settings)
        .map_err(|error| Failure::wrong_use(format!("The current folder cannot be used: {error}. Go to another.")))?;
    Ok(builder.workers(settings.interpreter.workers.unwrap_or(1)))
}

/// The asynchronous side of the program. It is made before Python starts, so that its threads belong to nobody's run.
fn start_runtime() -> Result<Runtime, Failure> {
    runtime::Builder::new_multi_thread()
        .worker_threads(ASYNC_THREADS)
        .thread_name("taipan-async")
        .enable_all()
        .build()
        .map_err(|error| {
            Failure::interpreter(format!(
                "The program's threads cannot be started: {error}. Check the limits of processes and open files."
            ))
        })
}
