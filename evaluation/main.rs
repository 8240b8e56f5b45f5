//! Twenty small tasks for the language model that the settings name: `make eval`.
//!
//! Each is asked through the real assistant, with real files and code in sandboxes; what comes of it is checked in a
//! sandbox too. `make eval TASKS=plot` asks those whose names hold that text.

#![expect(clippy::expect_used, clippy::panic, reason = "a task that cannot be read says which")]
#![expect(clippy::print_stdout, reason = "a program that prints its results")]

mod trials;

use std::{process::ExitCode, sync::Arc, time::Duration};

use taipan::{
    Builder, Isolation, app,
    chat::{DailyLimits, tokens},
    config::Settings,
    identifiers::UserId,
};

use crate::trials::{Table, Task, Trials};

const NO_MODEL: &str = "The evaluation needs a language model: set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of \
                        your own, and OPENAI_MODEL; .env.example explains them.";
/// How long what goes on may take when all is done.
const GRACE: Duration = Duration::from_secs(5);

fn main() -> ExitCode {
    taipan::sandbox::init();
    // `cargo test --benches` only asks whether this builds.
    if std::env::args().any(|argument| argument == "--test") {
        return ExitCode::SUCCESS;
    }
    match evaluate() {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::from(2)
        }
    }
}

/// Asks all tasks that were named, and gives how many were not done well.
fn evaluate() -> Result<usize, String> {
    let mut settings = Settings::load().map_err(|error| error.to_string())?;
    if settings.assistant.address.is_none() {
        return Err(NO_MODEL.to_owned());
    }
    let named: Vec<_> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let is_meant = |task: &Task| named.is_empty() || named.iter().any(|part| task.name.contains(part.as_str()));
    let tasks: Vec<_> = Task::all().into_iter().filter(is_meant).collect();
    if tasks.is_empty() {
        return Err(format!("No task is called so: {}. evaluation/tasks holds them.", named.join(", ")));
    }
    let builder = app::interpreter(&settings).map_err(|error| error.to_string())?;
    // Nothing of it is left among the files, conversations and counters of whoever evaluates.
    let place = tempfile::tempdir().map_err(|error| format!("A folder for the files cannot be made: {error}."))?;
    place.path().clone_into(&mut settings.interpreter.data_dir);
    settings.storage.database = None;
    (settings.assistant.daily, settings.limits.daily_runs) = (DailyLimits::default(), None);
    let runtime = tokio::runtime::Runtime::new().map_err(|error| format!("Threads cannot be started: {error}."))?;
    runtime.block_on(ask(&tasks, &settings, builder))
}

async fn ask(tasks: &[Task], settings: &Settings, builder: Builder) -> Result<usize, String> {
    let builder = builder.isolation(Isolation::Process).preload(["numpy", "pandas", "matplotlib.pyplot"]);
    let starting = tokio::task::spawn_blocking(|| builder.build());
    let interpreter = starting.await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
    let prices = app::prices(settings).map_err(|error| error.to_string())?;
    tokens::load_vocabularies().await;
    let files = app::user_files(settings).await.map_err(|error| error.to_string())?;
    let executions = app::executions(settings, interpreter.clone(), files.clone());
    let assistant = app::assistant(settings, &executions, Arc::new(prices)).map_err(|error| error.to_string())?;
    let trials = Trials { assistant: assistant.ok_or(NO_MODEL)?, executions, interpreter };

    let mut table = Table::new();
    for (number, task) in (1..).zip(tasks) {
        eprintln!("[{number}/{}] {}: {}", tasks.len(), task.name, task.question);
        let trial = trials.ask(task, UserId(number)).await;
        eprintln!("{}", table.add(task, &trial));
        if trial.wrong.is_some() {
            let made: Vec<_> = trial.made.iter().map(|file| file.name.as_str()).collect();
            eprintln!("The answer was: {}\nFiles: {}", trial.answer, made.join(", "));
        }
    }
    println!("{} at {}\n\n{table}", settings.assistant.model, endpoint(settings));
    trials.assistant.close(GRACE).await;
    trials.executions.close(GRACE).await;
    files.close().await;
    Ok(table.failed())
}

fn endpoint(settings: &Settings) -> String {
    settings.assistant.address.as_ref().map(ToString::to_string).unwrap_or_default()
}
