//! Puts the parts together: settings become an interpreter and a log.

use std::{io, path, sync::Arc};

use tokio::task::spawn_blocking;
use tracing_subscriber::{fmt::MakeWriter, layer::SubscriberExt, util::SubscriberInitExt};

use crate::{
    catalog::{self, CatalogError, Location, Patience},
    chat::{
        Assistant, AssistantSettings,
        model::{self, Endpoint, EndpointModel, ModelError},
        tokens::{NotPrices, Prices},
    },
    config::{Expiration, LogFormat, Logging, MAX_TIMEOUT, Secret, Settings},
    discord::BotSettings,
    executions::{DailyRuns, ExecutionError, Executions, FileLimits, SystemClock, UserFiles},
    files::{Store, StoreError},
    http,
    interpreter::{Builder, Interpreter, Isolation, PackagePolicy},
};

/// Where in `DATA_DIR` the packages installed on import lie.
const PACKAGES: &str = "packages";
/// Where in `DATA_DIR` the Discord bot remembers what it has written.
const OUTPUTS: &str = "discord_outputs";

/// An interpreter as the settings describe it, not started yet.
///
/// # Errors
/// When the current folder is gone, so that a relative `DATA_DIR` leads nowhere.
pub fn interpreter(settings: &Settings) -> io::Result<Builder> {
    let wanted = &settings.interpreter;
    let packages = PackagePolicy { auto_install: wanted.auto_install, ..PackagePolicy::default() };
    let mut builder = Interpreter::builder()
        .isolation(wanted.isolation)
        .packages(packages)
        // Workers have working folders of their own, so a relative path is settled before they start.
        .packages_folder(path::absolute(&wanted.data_dir)?.join(PACKAGES))
        .memory_limit(settings.limits.memory_bytes)
        .network(wanted.network)
        .require(wanted.required_layers.iter().copied())
        .session_idle(wanted.session_idle)
        .runs_per_owner(settings.limits.runs_per_user)
        .timeout(settings.limits.timeout)
        .max_timeout(MAX_TIMEOUT)
        .max_output_bytes(settings.limits.output_bytes)
        .max_workspace_bytes(settings.limits.workspace_bytes);
    if let Some(venv) = &wanted.venv {
        builder = builder.venv(path::absolute(venv)?);
    }
    if let Some(workers) = wanted.workers {
        builder = builder.workers(workers);
    }
    Ok(builder)
}

/// Users' stored files, as the settings describe where they are and how long they live. Waits a while for a database
/// server that does not answer yet.
///
/// # Errors
/// When the folder cannot be used or the catalog cannot be opened, in a sentence.
pub async fn user_files(settings: &Settings) -> Result<UserFiles, ExecutionError> {
    let data_dir = path::absolute(&settings.interpreter.data_dir).map_err(StoreError::Io)?;
    let opening = data_dir.clone();
    let store = spawn_blocking(move || Store::open(&opening)).await.map_err(|_| ExecutionError::ShuttingDown)?;
    let store = store.map_err(StoreError::NotWritable)?;
    let storage = &settings.storage;
    let catalog = catalog::open(&catalog_location(settings, &data_dir)?, Patience::default()).await?;
    let limits = FileLimits {
        expiration: match storage.expiration {
            Expiration::After(time) => Some(time),
            Expiration::Never => None,
        },
        max_files_per_user: storage.files_per_user,
        max_file_bytes: settings.limits.file_bytes,
    };
    Ok(UserFiles::new(store, catalog, limits, Arc::new(SystemClock)))
}

/// Where the catalog is, as the settings say.
///
/// # Errors
/// When what they name is no such place.
pub fn catalog_location(settings: &Settings, data_dir: &path::Path) -> Result<Location, CatalogError> {
    Location::choose(settings.storage.database.as_ref().map(Secret::expose), data_dir)
}

/// Runs for users, limited as the settings say: what every edge begins with (U13).
#[must_use]
pub fn executions(settings: &Settings, interpreter: Interpreter, files: UserFiles) -> Executions {
    let runs = DailyRuns { most: settings.limits.daily_runs, time_zone: settings.storage.time_zone };
    Executions::new(interpreter, files).limited(runs)
}

/// What holds for the Discord bot, as the settings say.
///
/// # Errors
/// When the current folder is gone, so that a relative `DATA_DIR` leads nowhere.
pub fn bot(settings: &Settings, isolation: Isolation) -> io::Result<BotSettings> {
    let wanted = &settings.discord;
    Ok(BotSettings {
        access: wanted.access.clone(),
        message_content: wanted.message_content,
        shards: wanted.shards,
        max_file_bytes: settings.limits.file_bytes,
        has_sessions: isolation == Isolation::Process,
        max_files: settings.storage.files_per_user,
        file_life: match settings.storage.expiration {
            Expiration::After(time) => Some(time),
            Expiration::Never => None,
        },
        folder: path::absolute(&settings.interpreter.data_dir)?.join(OUTPUTS),
    })
}

/// How programs come in, as the settings describe it.
#[must_use]
pub fn http(settings: &Settings) -> http::Settings {
    let wanted = &settings.http;
    http::Settings {
        cors_origins: wanted.cors_origins.clone(),
        requests_per_minute: wanted.requests_per_minute,
        max_timeout: MAX_TIMEOUT,
        ..http::Settings::of_address(wanted.address)
    }
}

/// What models cost, as the settings say. Reads the disk.
///
/// # Errors
/// When the file of prices cannot be read or is no list of prices.
pub fn prices(settings: &Settings) -> Result<Prices, NotPrices> {
    Prices::load(settings.assistant.prices_file.as_deref())
}

/// The assistant, as the settings describe it; `None` where nobody set up a language model (U15).
///
/// # Errors
/// When there can be no connection to the model, in a sentence.
pub fn assistant(
    settings: &Settings,
    executions: &Executions,
    prices: Arc<Prices>,
) -> Result<Option<Assistant>, ModelError> {
    let wanted = &settings.assistant;
    let Some(model) = language_model(settings)? else { return Ok(None) };
    let assistant = AssistantSettings {
        other_models: wanted.other_models.clone(),
        max_tool_rounds: wanted.max_tool_rounds,
        daily: wanted.daily,
        time_zone: settings.storage.time_zone,
        network: settings.interpreter.network,
        prices,
        ..AssistantSettings::of_model(&wanted.model)
    };
    let catalog = executions.catalog();
    let clock = Arc::new(SystemClock);
    Ok(Some(Assistant::new(executions.clone(), catalog, Arc::new(model), assistant, clock)))
}

/// The language model behind the endpoint that the settings name, if they name one. No connection is opened yet.
///
/// # Errors
/// When there can be no connection to the model, in a sentence.
pub fn language_model(settings: &Settings) -> Result<Option<EndpointModel>, ModelError> {
    let Some(address) = settings.assistant.address.clone() else { return Ok(None) };
    let key = settings.assistant.key.as_ref().map(|key| model::Secret::new(key.expose()));
    EndpointModel::new(Endpoint::new(address, key), Arc::new(SystemClock)).map(Some)
}

/// Starts the log of this process, which goes to standard error through `writer`. Later calls change nothing, since a process has one log.
pub fn start_log<W>(logging: &Logging, writer: W)
where
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(console::colors_enabled_stderr());
    let registry = tracing_subscriber::registry().with(logging.filter.clone());
    let started = match logging.format {
        LogFormat::Text => registry.with(lines).try_init(),
        LogFormat::Json => registry.with(lines.json()).try_init(),
    };
    if let Err(error) = started {
        tracing::debug!(%error, "the log was started before");
    }
}
