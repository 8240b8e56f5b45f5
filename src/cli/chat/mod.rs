//! `taipan chat`: the assistant in a terminal (A8).

mod asking;
mod commands;
mod exchange;
mod markdown;
mod pictures;

use std::{
    io::{self, IsTerminal as _, Read as _},
    path::PathBuf,
    sync::Arc,
};

use tokio::task::spawn_blocking;

use super::{
    ChatArguments, Exit, Failure, interpreter_of,
    prompt::{Next, Prompt},
    run::{self, Screen, Shown, check_out},
    start_runtime,
    stop::Stop,
    terminal,
};
use crate::{
    app,
    chat::{Assistant, tokens},
    config::Settings,
    executions::Executions,
    identifiers::{FileId, UserId},
    interpreter::{Builder, Isolation},
};
use asking::Asking;
use pictures::Pictures;

/// What lines begin with.
const PROMPT: &str = "💬 ";
/// Where earlier inputs are kept, in `DATA_DIR`.
const HISTORY: &str = "chat_history";
/// The longest text that is read from standard input, in bytes.
const LONGEST_INPUT: u64 = 1024 * 1024;

/// A conversation, and what it remembers besides what the assistant does.
struct Talk<'s> {
    assistant: Assistant,
    executions: Executions,
    settings: &'s Settings,
    user: UserId,
    out: PathBuf,
    pictures: Pictures,
    screen: Screen,
    /// Files that go with the next message.
    attached: Vec<FileId>,
    /// Whether there can be sessions.
    has_sessions: bool,
    is_in_session: bool,
    /// The code that was run last.
    last_code: String,
}

/// What came of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taken {
    /// All is well.
    Done,
    /// It could not be done, and it was said why.
    Failed(Exit),
    /// Somebody wants to leave.
    Leaves,
}

/// Lets somebody talk to the assistant.
pub(super) fn chat(arguments: ChatArguments, settings: &Settings) -> Result<Exit, Failure> {
    if settings.assistant.address.is_none() {
        return Err(no_model());
    }
    check_out(&arguments.out)?;
    let prices = app::prices(settings).map_err(|error| Failure::wrong_use(error.to_string()))?;
    // The model writes the code, so it is nobody's whom one could trust.
    let isolation = arguments.isolation.unwrap_or(Isolation::Process);
    let has_sessions = isolation == Isolation::Process;
    let builder = interpreter_of(settings)?.isolation(isolation).preload(["numpy", "pandas", "matplotlib.pyplot"]);
    let runtime = start_runtime()?;
    let exit = runtime.block_on(perform(arguments, settings, builder, has_sessions, Arc::new(prices)));
    // A prompt that still waits for a key must not hold the program up.
    runtime.shutdown_background();
    exit
}

fn no_model() -> Failure {
    Failure::wrong_use(
        "The assistant needs a language model: set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own; \
         .env.example explains both.",
    )
}

async fn perform(
    arguments: ChatArguments,
    settings: &Settings,
    builder: Builder,
    has_sessions: bool,
    prices: Arc<tokens::Prices>,
) -> Result<Exit, Failure> {
    let mut screen = Screen::new(Shown::Everything);
    let stop = Stop::listen()?;
    let interpreter = run::start_python(builder, &mut screen).await?;
    tokens::load_vocabularies().await;
    let files = app::user_files(settings).await?;
    if stop.is_asked() {
        return Ok(Exit::Cancelled);
    }
    drop(stop);
    let executions = app::executions(settings, interpreter, files.clone());
    let assistant = app::assistant(settings, &executions, prices);
    let assistant = assistant.map_err(|error| Failure::interpreter(error.to_string()))?.ok_or_else(no_model)?;
    let mut talk = Talk {
        assistant,
        executions,
        settings,
        user: arguments.user,
        out: arguments.out,
        pictures: Pictures::of_terminal(),
        screen,
        attached: Vec::new(),
        has_sessions,
        is_in_session: has_sessions,
        last_code: String::new(),
    };
    let exit = tokio::select! {
        exit = talk.begin(&arguments.attach, arguments.message) => exit,
        // It goes on until it is dropped.
        () = files.clean_hourly() => Ok(Exit::Done),
    };
    talk.assistant.close(run::SHUTDOWN_GRACE).await;
    talk.executions.close(run::SHUTDOWN_GRACE).await;
    files.close().await;
    exit
}

impl Talk<'_> {
    async fn begin(&mut self, attach: &[PathBuf], message: Option<String>) -> Result<Exit, Failure> {
        for path in attach {
            self.attach(path).await?;
        }
        if let Some(message) = message {
            return self.work_off(vec![message]).await;
        }
        if io::stdin().is_terminal() && io::stdout().is_terminal() {
            terminal::say(&self.greeting());
            let history = self.settings.interpreter.data_dir.join(HISTORY);
            return self.converse(Prompt::new(PROMPT, Asking, &history)?).await;
        }
        let inputs = spawn_blocking(read_inputs).await.map_err(|error| unreadable(&error))?;
        self.work_off(inputs.map_err(|error| unreadable(&error))?).await
    }

    /// Answers what is typed until somebody leaves.
    async fn converse(&mut self, mut prompt: Prompt<Asking>) -> Result<Exit, Failure> {
        loop {
            let (back, typed) = match prompt.next().await? {
                Next::Typed(back, typed) => (*back, typed),
                Next::Left => return Ok(Exit::Done),
                Next::Terminated => return Ok(Exit::Cancelled),
            };
            prompt = back;
            if self.take(&typed).await? == Taken::Leaves {
                return Ok(Exit::Done);
            }
        }
    }

    /// Answers what is not typed but given; the first that fails gives the exit code.
    async fn work_off(&mut self, inputs: Vec<String>) -> Result<Exit, Failure> {
        let mut exit = Exit::Done;
        for input in inputs {
            match self.take(&input).await? {
                Taken::Leaves => break,
                Taken::Failed(Exit::Cancelled) => return Ok(Exit::Cancelled),
                Taken::Failed(failed) if exit == Exit::Done => exit = failed,
                Taken::Failed(_) | Taken::Done => {}
            }
        }
        Ok(exit)
    }

    /// Does what an input asks for.
    async fn take(&mut self, typed: &str) -> Result<Taken, Failure> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Ok(Taken::Done);
        }
        let taken = if typed.starts_with('/') { self.command(typed).await } else { self.exchange(typed).await };
        match (taken, self.screen.stdout_error()) {
            (Err(failure), None) => {
                let label = console::style("error:").for_stderr().red().bold();
                terminal::say(&format!("{label} {failure}"));
                Ok(Taken::Failed(failure.exit()))
            }
            (_, Some(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Taken::Failed(Exit::ReaderGone)),
            (taken, _) => taken,
        }
    }

    fn greeting(&self) -> String {
        let model = &self.settings.assistant.model;
        format!("Ask {model} about your data. /attach PATH gives it a file, /help says the rest; Ctrl-D leaves.")
    }
}

/// What is given on standard input: a message or command on each line.
fn read_inputs() -> io::Result<Vec<String>> {
    let mut text = String::new();
    let read = io::stdin().lock().take(LONGEST_INPUT + 1).read_to_string(&mut text)?;
    if read as u64 > LONGEST_INPUT {
        return Err(io::Error::other("it is longer than 1 MB"));
    }
    Ok(text.lines().map(str::to_owned).collect())
}

fn unreadable(error: &dyn std::fmt::Display) -> Failure {
    Failure::wrong_use(format!("Standard input cannot be read: {error}. Give it text in UTF-8."))
}
