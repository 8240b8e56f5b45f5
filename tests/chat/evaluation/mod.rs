//! The tasks of `make eval`, done by a scripted model: each can be done, and each check notices what is wrong.
//!
//! - `script`: what the scripted model writes, from `tests/fixtures/evaluation`.
//! - `spoiling`: answers and files that look right and are not.

mod script;
mod spoiling;
#[path = "../../../evaluation/trials/mod.rs"]
mod trials;

use std::sync::Arc;

use taipan::{
    Isolation,
    catalog::{self, Location, Patience},
    chat::{Assistant, AssistantSettings},
    executions::{Executions, FileLimits, SystemClock, UserFiles},
    files::Store,
    identifiers::UserId,
};
use tempfile::TempDir;

use self::{
    script::Script,
    trials::{Table, Task, Trial, Trials},
};
use super::endpoint::{ModelEndpoint, Received, Scripted};
use crate::interpreters;

/// Trials of a model that answers so, and what keeps their files.
async fn trials(answer: impl Fn(&Received) -> Scripted + Send + Sync + 'static) -> (Trials, ModelEndpoint, TempDir) {
    let (place, endpoint) = (tempfile::tempdir().unwrap(), ModelEndpoint::answering(answer).await);
    let location = Location::choose(None, place.path()).unwrap();
    let catalog = catalog::open(&location, Patience::default()).await.unwrap();
    let builder = interpreters::settings(Isolation::Process).preload(["numpy", "pandas", "matplotlib.pyplot"]);
    let interpreter = tokio::task::spawn_blocking(|| builder.workers(2).build().unwrap()).await.unwrap();
    let bytes = Store::open(place.path()).unwrap();
    let files = UserFiles::new(bytes, Arc::clone(&catalog), FileLimits::default(), Arc::new(SystemClock));
    let executions = Executions::new(interpreter.clone(), files);
    let settings = AssistantSettings::of_model("test-model");
    let model = Arc::new(endpoint.model());
    let assistant = Assistant::new(executions.clone(), catalog, model, settings, Arc::new(SystemClock));
    (Trials { assistant, executions, interpreter }, endpoint, place)
}

/// Issue 5, part 7. What the scripted model answers are the numbers of the real results, as its code prints them.
#[tokio::test(flavor = "multi_thread")]
async fn every_task_can_be_done_and_its_check_notices_what_is_wrong() {
    let tasks = Task::all();
    assert_eq!(tasks.len(), 20);
    let scripts: Vec<_> = tasks.iter().map(Script::of).collect();
    let rounds: Vec<_> = scripts.iter().map(Script::rounds).collect();
    let (trials, _endpoint, _place) = trials(move |request| script::answer(&scripts, request)).await;
    let (mut table, mut unnoticed) = (Table::new(), Vec::new());
    for (number, task) in tasks.iter().enumerate() {
        let trial = trials.ask(task, UserId(i64::try_from(number).unwrap() + 1)).await;
        table.add(task, &trial);
        if trial.wrong.is_none() {
            assert_eq!(trial.rounds as usize, rounds[number], "{}", task.name);
            unnoticed.extend(unnoticed_of(&trials, task, &trial).await);
        }
    }
    eprintln!("{table}");
    assert_eq!(table.failed(), 0, "{table}");
    assert_eq!(unnoticed, Vec::<String>::new());
    assert!(table.to_string().contains("| all | 20 of 20 passed | 22 | 630 | "), "{table}");
}

/// What is wrong and passes the check all the same, or is not told in a sentence.
async fn unnoticed_of(trials: &Trials, task: &Task, trial: &Trial) -> Vec<String> {
    let spoilt_answer = spoiling::answer(&trial.answer);
    let spoilt_files = spoiling::Files::of(&trials.interpreter, &trial.made).await;
    let mut wrong = vec![("nothing but words", "Done.", Vec::new())];
    // Some questions are answered by a file alone.
    if task.check.contains("\nnumber(") || task.check.contains("    number(") {
        wrong.push(("other numbers", &spoilt_answer, trial.made.clone()));
    }
    if !trial.made.is_empty() {
        wrong.push(("no files", &trial.answer, Vec::new()));
        wrong.push(("other files", &trial.answer, spoilt_files.made()));
    }
    let mut unnoticed = Vec::new();
    for (what, answer, made) in wrong {
        match trials.check(task, answer, &made).await {
            Some(reason) if !reason.contains("Error:") => eprintln!("{}, {what}: {reason}", task.name),
            noticed => unnoticed.push(format!("{}, {what}: {noticed:?}", task.name)),
        }
    }
    unnoticed
}

/// A model that only talks fails, whatever it says, and so does one that does not answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_guesses_is_told_so() {
    let (trials, _endpoint, _place) = trials(|request| match request.body.to_string() {
        body if body.contains("earthquakes") => Scripted::refusal(401, "no such key"),
        _ => Scripted::text("It holds 9,999 reports, which cost $1 million."),
    })
    .await;
    let tasks = Task::all();
    let named = |name: &str| tasks.iter().find(|task| task.name == name).unwrap();
    let mut table = Table::new();
    for (user, name) in [(1, "describe/strikes"), (2, "plot/quakes")] {
        let trial = trials.ask(named(name), UserId(user)).await;
        table.add(named(name), &trial);
    }
    let table = table.to_string();
    let rows: Vec<_> = table.lines().map(|line| line.rsplit_once(" | ").map_or(line, |(row, _)| row)).collect();
    assert_eq!(
        rows[2..5],
        [
            "| describe/strikes | FAILED: the number of reports is 10000, which the answer does not say; it has the \
             numbers ['9,999', '1 million'] | 0 | 15",
            "| plot/quakes | FAILED: The model's endpoint does not accept the key. Check OPENAI_API_KEY. | 0 | 0",
            "| all | 0 of 2 passed | 0 | 15",
        ]
    );
}
