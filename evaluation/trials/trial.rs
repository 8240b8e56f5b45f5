//! A task given to a model, and what came of it.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use taipan::{
    Ending, InputFile, Interpreter, Request,
    chat::{Assistant, Channel, Spent, TurnOutcome, UserMessage},
    executions::{Executions, Upload},
    identifiers::UserId,
};

use super::task::{Task, folder};

/// What questions are asked of, and what checks run in.
pub(crate) struct Trials {
    pub(crate) assistant: Assistant,
    pub(crate) executions: Executions,
    pub(crate) interpreter: Interpreter,
}

/// What a model made of a task.
pub(crate) struct Trial {
    /// What is wrong with it; `None` when nothing is.
    pub(crate) wrong: Option<String>,
    pub(crate) answer: String,
    pub(crate) made: Vec<MadeFile>,
    pub(crate) rounds: u32,
    pub(crate) spent: Spent,
    pub(crate) time: Duration,
    /// Keeps the bytes of the files.
    _outcome: TurnOutcome,
}

/// A file that was made.
#[derive(Clone, Debug)]
pub(crate) struct MadeFile {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
}

impl Trials {
    /// Asks the assistant as somebody who has no other files and has said nothing before, and checks the answer.
    pub(crate) async fn ask(&self, task: &Task, user: UserId) -> Trial {
        let mut attached = Vec::new();
        for path in &task.attached {
            let content = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let saved = self.executions.save_upload(user, Upload::named(name_of(path)), content.as_slice()).await;
            attached.push(saved.expect("an upload").file_id);
        }
        let begun = Instant::now();
        let message = UserMessage::new(&task.question).attached(attached);
        let outcome = self.assistant.turn(user, Channel::Terminal, message).outcome().await;
        let time = begun.elapsed();
        let made =
            outcome.files.iter().map(|made| MadeFile { name: made.file.name.clone(), path: made.file.path.clone() });
        let made: Vec<_> = made.collect();
        let wrong = match outcome.ending.sentence() {
            Some(sentence) => Some(sentence),
            None => self.check(task, &outcome.text, &made).await,
        };
        let (answer, rounds, spent) = (outcome.text.clone(), outcome.rounds, outcome.spent);
        Trial { wrong, answer, made, rounds, spent, time, _outcome: outcome }
    }

    /// What is wrong with an answer and the files that were made for it.
    pub(crate) async fn check(&self, task: &Task, answer: &str, made: &[MadeFile]) -> Option<String> {
        let told = tempfile::NamedTempFile::new().expect("a file for the answer");
        fs::write(told.path(), answer).expect("the answer in a file");
        let mut request = Request::new(&task.check)
            .called("check.py")
            .input_file("checking", folder("evaluation/checking.py"))
            .input(InputFile::new("answer", told.path()).named("answer.txt"));
        for path in &task.attached {
            let name = format!("given-{}", name_of(path));
            request = request.input(InputFile::new(&name, path).named(&name));
        }
        for file in named_for_checks(made) {
            request = request.input(file);
        }
        let outcome = self.interpreter.execute(request).await.expect("a check that runs");
        match outcome.ending {
            Ending::Completed => None,
            Ending::Raised(exception) if exception.type_name.ends_with("Wrong") => Some(exception.message),
            Ending::Raised(exception) => Some(format!("{}: {}", exception.type_name, exception.message)),
            other => Some(format!("the check did not end well: {}", other.name())),
        }
    }
}

/// The files that were made, in their order, under names that are none of the check's own.
pub(crate) fn named_for_checks(made: &[MadeFile]) -> impl Iterator<Item = InputFile> {
    made.iter().enumerate().map(|(number, file)| {
        let name = format!("made-{number}-{}", file.name.replace('/', "_"));
        InputFile::new(&name, &file.path).named(&name)
    })
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
