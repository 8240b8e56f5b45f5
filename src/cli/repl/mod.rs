//! `taipan repl`: an interactive session in a sandbox (X13).

mod asking;
mod command;
mod script;
mod session;

use std::{
    io::{self, IsTerminal as _},
    sync::Arc,
};

use super::{
    Exit, Failure, ReplArguments, interpreter_of,
    prompt::{Next, Prompt},
    run::{self, Screen, Shown},
    start_runtime,
    stop::Stop,
    terminal,
};
use crate::{
    config::Settings,
    interpreter::{Builder, Isolation},
};
use asking::Asking;
use command::Command;
use script::Script;
use session::{Plan, Session};

/// What lines begin with.
const PROMPT: &str = ">>> ";

/// Lets somebody type code, and runs it input by input.
pub(super) fn repl(arguments: ReplArguments, settings: &Settings) -> Result<Exit, Failure> {
    let plan = Plan::new(arguments, settings)?;
    let builder = interpreter_of(settings)?
        // What lives on between inputs is a sandbox, whatever ISOLATION says.
        .isolation(Isolation::Process);
    let runtime = start_runtime()?;
    let exit = runtime.block_on(perform(plan, builder));
    // A prompt that still waits for a key must not hold the program up.
    runtime.shutdown_background();
    exit
}

async fn perform(plan: Plan, builder: Builder) -> Result<Exit, Failure> {
    let mut screen = Screen::new(Shown::Everything);
    let stop = Stop::listen()?;
    let interpreter = run::start_python(builder, &mut screen).await?;
    if stop.is_asked() {
        return Ok(Exit::Cancelled);
    }
    drop(stop);
    let history = plan.history.clone();
    let session = Arc::new(Session::new(interpreter, plan));
    let exit = if io::stdin().is_terminal() && io::stdout().is_terminal() {
        terminal::say(&session.greeting());
        let prompt = Prompt::new(PROMPT, Asking::new(Arc::clone(&session)), &history)?;
        converse(&session, prompt, &mut screen).await
    } else {
        work_off(&session, Script::default(), &mut screen).await
    };
    session.close().await;
    exit
}

/// Reads and runs inputs until somebody leaves.
async fn converse(session: &Session, mut prompt: Prompt<Asking>, screen: &mut Screen) -> Result<Exit, Failure> {
    loop {
        let (back, typed) = match prompt.next().await? {
            Next::Typed(back, typed) => (*back, typed),
            Next::Left => return Ok(Exit::Done),
            Next::Terminated => return Ok(Exit::Cancelled),
        };
        prompt = back;
        match session.take(&typed, screen).await {
            Ok(taken) if taken.leaves => return Ok(taken.exit),
            Ok(_) => {}
            Err(failure) if screen.stdout_error().is_some() => return Err(failure),
            Err(failure) => say_failure(&failure),
        }
        screen.end_line();
    }
}

/// Runs what is not typed but given, statement by statement; the first that fails gives the exit code.
async fn work_off(session: &Session, mut script: Script, screen: &mut Screen) -> Result<Exit, Failure> {
    let mut exit = Exit::Done;
    loop {
        let stop = Stop::listen()?;
        let code = tokio::select! {
            code = script.next(session) => code?,
            () = stop.asked() => return Ok(Exit::Cancelled),
        };
        drop(stop);
        let Some(code) = code else { return Ok(exit) };
        let taken = match session.take(&code, screen).await {
            Ok(taken) => taken,
            Err(failure) if screen.stdout_error().is_some() => return Err(failure),
            Err(failure) => {
                say_failure(&failure);
                session::Taken { exit: failure.exit(), leaves: false }
            }
        };
        if taken.leaves || taken.exit == Exit::Cancelled {
            return Ok(taken.exit);
        }
        if exit == Exit::Done {
            exit = taken.exit;
        }
    }
}

fn say_failure(failure: &Failure) {
    let label = console::style("error:").for_stderr().red().bold();
    terminal::say(&format!("{label} {failure}"));
}
