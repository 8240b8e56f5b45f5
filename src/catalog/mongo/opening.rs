//! Reaching the server, waiting for it within bounds, and making what is missing.

use std::time::Duration;

use backon::Retryable;
use mongodb::{
    Client, Database,
    bson::{Document, doc},
    error::{Error, ErrorKind, Result as ServerResult},
    options::{Acknowledgment, ClientOptions, ReadPreference, SelectionCriteria, WriteConcern},
};
use tokio::time::Instant;

use super::{
    MongoCatalog,
    attempts::{Attempts, pauses},
    failures::Failures,
    indexes,
};
use crate::catalog::{CatalogError, Patience, location::ServerUri};

/// The database, unless the address names one.
const DATABASE: &str = "taipan";
/// The version of the documents that this program knows.
const VERSION: i64 = 1;
/// Where the version of the documents, and when the last cleanup was, are kept.
pub(super) const MOMENTS: &str = "moments";
/// How long an attempt looks for a server, at most; attempts follow each other.
const SELECTION: Duration = Duration::from_secs(2);
const CONNECTING: Duration = Duration::from_secs(5);

pub(super) async fn open(uri: &ServerUri, patience: Patience) -> Result<MongoCatalog, CatalogError> {
    let options = waiting(patience, "its name", || parse(uri, patience)).await.map_err(|error| of_address(&error))?;
    let failures = Failures::about(&name(&options));
    let place = failures.place();
    let client = Client::with_options(options).map_err(|error| of_address(&error))?;
    let database = client.default_database().unwrap_or_else(|| client.database(DATABASE));
    let reached = waiting(patience, &place, || async { database.run_command(doc! { "ping": 1 }).await });
    reached.await.map_err(|error| failures.of(&error))?;
    let attempts = Attempts::new(failures, patience.retries);
    check_version(&database, &attempts).await?;
    attempts.make(|| async { indexes::make(&database).await }).await?;
    Ok(MongoCatalog { client, database, attempts })
}

/// What the address says; that a write is acknowledged only once it cannot be lost is not for it to say.
async fn parse(uri: &ServerUri, patience: Patience) -> ServerResult<ClientOptions> {
    let mut options = ClientOptions::parse(&uri.0).await?;
    options.write_concern = Some(WriteConcern::builder().w(Acknowledgment::Majority).journal(true).build());
    options.selection_criteria = Some(SelectionCriteria::ReadPreference(ReadPreference::Primary));
    options.server_selection_timeout = Some(SELECTION.min(patience.start).min(patience.retries));
    options.connect_timeout = Some(CONNECTING);
    options.app_name.get_or_insert_with(|| "taipan".to_owned());
    Ok(options)
}

/// The servers' names without user and password.
fn name(options: &ClientOptions) -> String {
    let hosts: Vec<_> = options.hosts.iter().map(ToString::to_string).collect();
    format!("mongodb://{}", hosts.join(","))
}

/// Tries until it succeeds, fails for good, or the patience ends.
async fn waiting<T, F, A>(patience: Patience, place: &str, attempt: F) -> ServerResult<T>
where
    F: FnMut() -> A,
    A: Future<Output = ServerResult<T>>,
{
    let begun = Instant::now();
    attempt
        .retry(pauses())
        .when(|error| {
            let waited = begun.elapsed();
            let again = Failures::is_passing(error) && waited < patience.start;
            if again {
                let (waited, at_most) = (waited.as_secs(), patience.start.as_secs());
                tracing::info!(place, waited, at_most, %error, "waiting for the catalog's server");
            }
            again
        })
        .await
}

/// The driver's words may repeat parts of the address, so they are not passed on where it is wrong.
fn of_address(error: &Error) -> CatalogError {
    if let ErrorKind::DnsResolve { .. } = error.kind.as_ref() {
        let place = "the place that DATABASE_URL or MONGODB_URI name".to_owned();
        return CatalogError::Away { place, reason: "its name cannot be looked up".to_owned() };
    }
    let reason = "it is no valid address of a MongoDB server; special characters of the password must be \
                  percent-encoded";
    CatalogError::WrongUrl { reason: reason.to_owned() }
}

/// Refuses what a newer version made, before anything is changed, and marks what is new.
async fn check_version(database: &Database, attempts: &Attempts) -> Result<(), CatalogError> {
    let moments = database.collection::<Document>(MOMENTS);
    let of_schema = doc! { "_id": "schema" };
    let found = attempts.make(|| async { moments.find_one(of_schema.clone()).await }).await?;
    let found = found.map_or(VERSION, |schema| schema.get_i64("version").unwrap_or(i64::MAX));
    if found > VERSION {
        return Err(CatalogError::Newer { place: attempts.place(), found, known: VERSION });
    }
    let mark = doc! { "$max": { "version": VERSION } };
    attempts.make(|| async { moments.update_one(of_schema.clone(), mark.clone()).upsert(true).await.map(drop) }).await
}
