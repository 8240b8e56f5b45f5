//! Where it is kept what is known about files, conversations and usage.

use std::{
    path::{self, Path},
    time::{Duration, Instant},
};

use chrono::Utc;

use super::check::{Check, Section};
use crate::{
    app,
    catalog::{self, CatalogError, Location, Patience},
    config::Settings,
    formats::measures::{Seconds, counted},
};

/// How long a server may take to answer.
const TIMEOUT: Duration = Duration::from_secs(5);

const FILE: &str = "SQLite file";
const SERVER: &str = "MongoDB server";

/// Whether the catalog can be used. One that is not there yet is not made.
pub(super) async fn section(settings: &Settings) -> Section {
    let data_dir = path::absolute(&settings.interpreter.data_dir);
    let data_dir = data_dir.unwrap_or_else(|_| settings.interpreter.data_dir.clone());
    let check = match app::catalog_location(settings, &data_dir) {
        Ok(Location::File(path)) if !path.exists() => {
            Check::note(FILE, format!("{} is made when it is needed", path.display()))
        }
        Ok(Location::File(path)) => file(&path).await,
        Ok(server @ Location::Server(_)) => match look_into(&server).await {
            Ok(found) => Check::good(SERVER, found),
            Err(error) => Check::missing(SERVER, error.to_string()),
        },
        Err(error) => Check::missing("place", error.to_string()),
    };
    Section { title: "Catalog", checks: vec![check] }
}

async fn file(path: &Path) -> Check {
    match look_into(&Location::File(path.to_owned())).await {
        Ok(found) => Check::good(FILE, format!("{} {found}", path.display())),
        Err(error) => Check::missing(FILE, error.to_string()),
    }
}

async fn look_into(location: &Location) -> Result<String, CatalogError> {
    let began = Instant::now();
    let catalog = catalog::open(location, Patience { start: TIMEOUT, retries: TIMEOUT }).await?;
    let totals = catalog.file_totals(Utc::now()).await;
    catalog.close().await;
    let files = counted(usize::try_from(totals?.files).unwrap_or(usize::MAX), "stored file");
    Ok(format!("answers ({}) and knows {files}", Seconds(began.elapsed())))
}
