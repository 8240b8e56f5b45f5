//! `taipan serve`: the interpreter for other programs, and a page to try it; and `taipan keys`, which lets them in.

mod keys;

use std::time::Duration;

pub(super) use self::keys::keys;
use super::{
    Exit, Failure, ServeArguments,
    run::{self, Screen, Shown},
    start_runtime,
    stop::Stop,
    terminal,
};
use crate::{
    app,
    config::Settings,
    http::{ServeError, Server},
    interpreter::{Builder, Isolation},
};

/// What nearly every analysis imports.
const WARM: [&str; 3] = ["numpy", "pandas", "matplotlib.pyplot"];
/// How long runs may go on after somebody asked for the end; then they are cancelled.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until somebody asks for the end.
pub(super) fn serve(arguments: ServeArguments, settings: &Settings) -> Result<Exit, Failure> {
    // Whoever comes in over a socket is not the one who started the program.
    let isolation = arguments.isolation.unwrap_or(Isolation::Process);
    let builder = app::interpreter(settings)
        .map_err(|error| Failure::wrong_use(format!("The current folder cannot be used: {error}. Go to another.")))?;
    let runtime = start_runtime()?;
    let exit = runtime.block_on(perform(builder.isolation(isolation).preload(WARM), settings));
    // Code that cannot be stopped must not hold the program up.
    runtime.shutdown_background();
    exit
}

async fn perform(builder: Builder, settings: &Settings) -> Result<Exit, Failure> {
    let stop = Stop::listen()?;
    let files = app::user_files(settings).await?;
    // A place where nobody may listen is said before Python starts.
    let listening = Server::bind(app::http(settings), &files).await?;
    let interpreter = run::start_python(builder, &mut Screen::new(Shown::Everything)).await?;
    let executions = app::executions(settings, interpreter, files.clone());
    let server = listening.serving(executions);
    terminal::say(&format!("🌐 Taipan listens on http://{}", server.address()));
    tokio::select! {
        () = server.serve(stop.asked(), GRACE) => {}
        () = files.clean_hourly() => {}
    }
    files.close().await;
    Ok(Exit::Done)
}

impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Self {
        match error {
            ServeError::WithoutKeys(_) => Self::wrong_use(error.to_string()),
            _ => Self::interpreter(error.to_string()),
        }
    }
}
