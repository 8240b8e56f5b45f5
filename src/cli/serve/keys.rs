//! `taipan keys`: which programs are let in, and as whom (H9).

use std::io::{self, Write as _};

use chrono::Utc;

use crate::{
    app,
    catalog::{ApiKey, Catalog, CatalogError},
    cli::{Exit, Failure, KeysCommand, start_runtime, terminal::say},
    config::Settings,
    identifiers::UserId,
};

/// Does what was typed with the keys.
pub(in super::super) fn keys(command: KeysCommand, settings: &Settings) -> Result<Exit, Failure> {
    start_runtime()?.block_on(async {
        let files = app::user_files(settings).await?;
        let catalog = files.catalog();
        let done = match command {
            KeysCommand::Add { label, user } => add(&*catalog, user, &label).await,
            KeysCommand::List => list(&*catalog, settings).await,
            KeysCommand::Revoke { keys } => revoke(&*catalog, &keys).await,
        };
        files.close().await;
        done
    })
}

/// The key alone goes to standard output, so that a script can catch it.
async fn add(catalog: &dyn Catalog, user: Option<UserId>, label: &str) -> Result<Exit, Failure> {
    let (text, key) = ApiKey::generate(user, label, Utc::now())?;
    catalog.add_key(&key).await?;
    say(&format!("🔑 Key {} of user {}. It is shown this once:", key.key_id, key.user_id));
    printed(&format!("{}\n", text.expose()))
}

async fn list(catalog: &dyn Catalog, settings: &Settings) -> Result<Exit, Failure> {
    let keys = catalog.keys().await?;
    if keys.is_empty() {
        return printed("🔑 There are no keys.\n");
    }
    let rows = keys.iter().map(|key| {
        let made = key.created_at.with_timezone(&settings.storage.time_zone).format("%Y-%m-%d %H:%M");
        format!("{}  {made}  user {}  {}", key.key_id, key.user_id, key.label).trim_end().to_owned() + "\n"
    });
    printed(&rows.collect::<String>())
}

async fn revoke(catalog: &dyn Catalog, keys: &[String]) -> Result<Exit, Failure> {
    let mut exit = Exit::Done;
    for key in keys {
        if catalog.delete_key(key).await? {
            say(&format!("🗑️ Revoked {key}."));
        } else {
            say(&format!("❌ There is no key {key}. `taipan keys list` shows those there are."));
            exit = Exit::WrongUse;
        }
    }
    Ok(exit)
}

fn printed(text: &str) -> Result<Exit, Failure> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Ok(()) => Ok(Exit::Done),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Exit::ReaderGone),
        Err(error) => Err(Failure::interpreter(format!(
            "Nothing could be written to standard output: {error}. Make room, or send it elsewhere."
        ))),
    }
}

impl From<CatalogError> for Failure {
    fn from(error: CatalogError) -> Self {
        match error {
            CatalogError::TooLong { .. } => Self::wrong_use(error.to_string()),
            _ => Self::interpreter(error.to_string()),
        }
    }
}
