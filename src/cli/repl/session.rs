//! The session behind the prompt: it runs inputs, and answers what the prompt asks.

use std::{
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde::de::DeserializeOwned;

use super::{
    super::{
        Exit, Failure, ReplArguments,
        run::{self, Bounds, SHUTDOWN_GRACE, Screen, follow},
        stop::Stop,
    },
    Command, command,
};
use crate::{Ending, InputFile, Interpreter, Request, config::Settings, formats, formats::measures::ByteSize};

/// Where earlier inputs are kept, in `DATA_DIR`.
const HISTORY: &str = "repl_history";

/// How long an answer may take; what takes longer ends the session, since it is code that does not end.
const PATIENCE: Duration = Duration::from_secs(5);
/// Told with the next input.
const ASKED_TOO_MUCH: &str =
    "The session was ended because it did not answer while an input was typed; this input has begun a new one.";

/// What was typed becomes what is meant, once.
pub(super) struct Plan {
    /// Given to each input.
    files: Vec<InputFile>,
    /// The folder for generated files.
    out: PathBuf,
    /// The limits of each input.
    bounds: Bounds,
    /// The file of earlier inputs.
    pub(super) history: PathBuf,
}

impl Plan {
    pub(super) fn new(arguments: ReplArguments, settings: &Settings) -> Result<Self, Failure> {
        run::check_out(&arguments.out)?;
        Ok(Self {
            files: run::input_files(&arguments.files, settings.limits.file_bytes)?,
            out: arguments.out,
            bounds: Bounds::new(arguments.timeout, &settings.limits),
            history: settings.interpreter.data_dir.join(HISTORY),
        })
    }
}

/// One session of one interpreter.
pub(super) struct Session {
    interpreter: Interpreter,
    plan: Plan,
    inputs: AtomicUsize,
    /// What the next input is told.
    notes: Mutex<Vec<String>>,
}

/// What came of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    /// How the program ends, should it end now.
    pub(super) exit: Exit,
    /// Whether it does.
    pub(super) leaves: bool,
}

impl Session {
    pub(super) fn new(interpreter: Interpreter, plan: Plan) -> Self {
        Self { interpreter, plan, inputs: AtomicUsize::new(0), notes: Mutex::default() }
    }

    /// What this is, and how to leave.
    pub(super) fn greeting(&self) -> String {
        format!(
            "Taipan {} with Python {} in a sandbox. /help says what can be typed; Ctrl-D or exit() leaves.",
            env!("CARGO_PKG_VERSION"),
            self.interpreter.status().python_version
        )
    }

    /// Does what was typed: runs it, or obeys.
    pub(super) async fn take(&self, typed: &str, screen: &mut Screen) -> Result<Taken, Failure> {
        let stays = Taken { exit: Exit::Done, leaves: false };
        match Command::read(typed) {
            _ if typed.trim().is_empty() => Ok(stays),
            None => self.run(typed, screen).await,
            Some(Ok(command)) => {
                for line in self.obey(command).await {
                    screen.remark(&line);
                }
                Ok(stays)
            }
            Some(Err(unknown)) => Err(Failure::wrong_use(format!("There is no command {unknown}: /help lists them."))),
        }
    }

    async fn run(&self, code: &str, screen: &mut Screen) -> Result<Taken, Failure> {
        let number = self.inputs.fetch_add(1, Ordering::Relaxed) + 1;
        let name = format!("in-{number}.py");
        let mut request = Request::new(code).in_session().called(name).timeout(self.plan.bounds.time);
        for file in &self.plan.files {
            request = request.input(file.clone());
        }
        let stop = Stop::listen()?;
        let run = self.interpreter.start(request).await?;
        let mut outcome = follow(run, screen, &stop).await?;
        let is_over = match outcome.ending {
            Ending::Completed | Ending::Raised(_) | Ending::Exited(_) => false,
            Ending::TimedOut | Ending::OutOfMemory | Ending::Killed { .. } | Ending::Cancelled => true,
        };
        if is_over {
            // Its last words are among the notes of this outcome: the next input need not repeat them.
            self.interpreter.end_session(None);
        }
        let exits = matches!(outcome.ending, Ending::Exited(_));
        outcome.notes.splice(0..0, std::mem::take(&mut *self.notes.lock().unwrap_or_else(PoisonError::into_inner)));
        let exit = run::finish(screen, outcome, &self.plan.out, self.plan.bounds)?;
        Ok(Taken { exit, leaves: exits || exit == Exit::ReaderGone })
    }

    async fn obey(&self, command: Command) -> Vec<String> {
        match command {
            Command::Help => command::help(),
            Command::Reset => {
                self.interpreter.end_session(None);
                vec!["The session has ended; the next input begins a new one.".to_owned()]
            }
            Command::Files => self.list_files().await,
        }
    }

    async fn list_files(&self) -> Vec<String> {
        let made: Vec<(String, u64)> = self.ask("files()", []).await.unwrap_or_default();
        let given = self.plan.files.iter().map(|file| {
            let size = std::fs::metadata(&file.path).map_or(0, |found| found.len());
            (file.name.clone(), size)
        });
        let mut files: Vec<_> = given.filter(|(name, _)| !made.iter().any(|(other, _)| other == name)).collect();
        files.extend(made.iter().cloned());
        files.sort();
        if files.is_empty() {
            return vec!["There are no files yet. `--file PATH` gives some, and code can make others.".to_owned()];
        }
        let line = |(name, size): &(String, u64)| {
            format!("  {} {}  {}", formats::kind_of(name).emoji(), name, ByteSize(*size))
        };
        files.iter().map(line).collect()
    }

    /// Whether an input can be run as it is.
    pub(super) async fn is_whole(&self, source: &str) -> bool {
        // What does not answer is told of by running the code.
        self.ask("is_whole(sys.argv[1])", [source]).await.unwrap_or(true)
    }

    /// The names that begin like this.
    pub(super) async fn completions(&self, start: &str) -> Vec<String> {
        self.ask("completions(sys.argv[1], variables)", [start]).await.unwrap_or_default()
    }

    /// The numbers of the lines with which whole inputs end.
    pub(super) async fn ends_of_inputs(&self, text: &str, is_all: bool) -> Option<Vec<usize>> {
        self.ask("ends_of_inputs(*sys.argv[1:])", [text, if is_all { "all" } else { "begun" }]).await
    }

    /// Asks `taipan_runtime.prompting` in an aside of the session.
    async fn ask<T: DeserializeOwned, const N: usize>(&self, question: &str, arguments: [&str; N]) -> Option<T> {
        let code = format!(
            "variables = {{**globals()}}\nimport sys\nfrom taipan_runtime import prompting\nprompting.{question}"
        );
        let request = Request::new(code).aside().args(arguments).timeout(PATIENCE);
        let outcome = self.interpreter.execute(request).await.ok()?;
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        if outcome.success() {
            // Such as why an earlier session has ended.
            notes.extend(outcome.notes);
        } else if !matches!(outcome.ending, Ending::Raised(_)) {
            self.interpreter.end_session(None);
            notes.push(ASKED_TOO_MUCH.to_owned());
        }
        serde_json::from_str(&outcome.result?.text).ok()
    }

    /// Ends the session, and what goes on in it.
    pub(super) async fn close(&self) {
        self.interpreter.shutdown(SHUTDOWN_GRACE).await;
    }
}
