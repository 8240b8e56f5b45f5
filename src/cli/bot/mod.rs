//! `taipan bot`: the Discord bot, until somebody ends it.

use std::sync::Arc;

use super::{
    Exit, Failure,
    run::{self, Screen, Shown},
    start_runtime,
    stop::Stop,
    terminal,
};
use crate::{
    app,
    chat::tokens::{self, Prices},
    config::Settings,
    discord::{self, BotError, Parts},
    interpreter::{Builder, Isolation},
};

/// What code finds imported already (X7).
const WARM: [&str; 9] =
    ["numpy", "pandas", "scipy", "sklearn", "matplotlib.pyplot", "seaborn", "PIL", "pyarrow", "openpyxl"];

/// Serves people on Discord until SIGTERM or Ctrl-C.
pub(super) fn bot(settings: &Settings) -> Result<Exit, Failure> {
    let Some(token) = &settings.discord.token else { return Err(no_token()) };
    if !discord::has_shape_of_token(token.expose()) {
        return Err(BotError::NotAToken.into());
    }
    let prices = app::prices(settings).map_err(|error| Failure::wrong_use(error.to_string()))?;
    let builder = app::interpreter(settings)
        .map_err(|error| Failure::wrong_use(format!("The current folder cannot be used: {error}. Go to another.")))?;
    // Anybody may write the code.
    let is_chosen = settings.interpreter.isolation_is_given;
    let isolation = if is_chosen { settings.interpreter.isolation } else { Isolation::Process };
    let builder = builder.isolation(isolation);
    let runtime = start_runtime()?;
    let exit =
        runtime.block_on(perform(settings, token.expose(), (builder.preload(WARM), isolation), Arc::new(prices)));
    // What cannot be ended must not hold the program up.
    runtime.shutdown_background();
    exit
}

fn no_token() -> Failure {
    Failure::wrong_use(
        "The bot needs a token: set DISCORD_TOKEN. README.md says how to come by one, from \"create an application\" on.",
    )
}

async fn perform(
    settings: &Settings,
    token: &str,
    (builder, isolation): (Builder, Isolation),
    prices: Arc<Prices>,
) -> Result<Exit, Failure> {
    let stop = Stop::listen()?;
    let mut screen = Screen::new(Shown::Progress);
    let interpreter = tokio::select! {
        interpreter = run::start_python(builder, &mut screen) => interpreter?,
        () = stop.asked() => return Ok(Exit::Done),
    };
    if settings.assistant.address.is_some() {
        tokens::load_vocabularies().await;
    }
    let files = app::user_files(settings).await?;
    let executions = app::executions(settings, interpreter, files.clone());
    let assistant = app::assistant(settings, &executions, prices);
    let parts = Parts {
        assistant: assistant.map_err(|error| Failure::interpreter(error.to_string()))?,
        executions: executions.clone(),
        settings: app::bot(settings, isolation).map_err(|error| {
            Failure::wrong_use(format!("The current folder cannot be used: {error}. Go to another."))
        })?,
        say: Box::new(terminal::say),
    };
    let served = tokio::select! {
        served = discord::serve(parts, token, stop.asked()) => served,
        () = files.clean_hourly() => Ok(()),
    };
    executions.close(run::SHUTDOWN_GRACE).await;
    files.close().await;
    served.map(|()| Exit::Done).map_err(Failure::from)
}

impl From<BotError> for Failure {
    fn from(error: BotError) -> Self {
        match error {
            BotError::NotAToken | BotError::WrongToken | BotError::RefusedIntent => Self::wrong_use(error.to_string()),
            _ => Self::interpreter(error.to_string()),
        }
    }
}
