//! What everything that the bot does shares.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use reqwest_0_12::Client;
use serde_json::Value;
use tokio::sync::{Mutex, MutexGuard};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    BotSettings,
    outputs::Outputs,
    pending::{Pending, Uploads},
    running::Going,
};
use crate::{chat::Assistant, executions::Executions, identifiers::UserId};

/// Under which name the catalog keeps whether a user's runs share a session.
pub(super) const SESSION: &str = "session";
/// How many locks places share.
const PLACES: usize = 64;

/// What everything that the bot does shares.
pub(super) struct Bot {
    pub(super) executions: Executions,
    /// Without a language model there is none (U15).
    pub(super) assistant: Option<Assistant>,
    pub(super) settings: BotSettings,
    pub(super) outputs: Outputs,
    pub(super) going: Going,
    pub(super) pending: Pending,
    pub(super) uploads: Uploads,
    pub(super) downloads: Client,
    /// Whatever answers somebody.
    pub(super) tasks: TaskTracker,
    /// Nothing new is begun any more.
    pub(super) closing: CancellationToken,
    /// Runs in the same place follow each other.
    pub(super) places: Places,
    /// The bot's own account.
    pub(super) account: AtomicU64,
}

/// One thing at a time in a place. Places share locks, which makes some wait for each other and none for ever.
pub(super) struct Places(Vec<Mutex<()>>);

impl Places {
    pub(super) fn new() -> Self {
        Self((0..PLACES).map(|_| Mutex::new(())).collect())
    }

    /// Waits for what goes on in a place, and keeps others waiting. Nobody holds two.
    pub(super) async fn hold(&self, place: u64) -> MutexGuard<'_, ()> {
        // The low bits of Discord's ids count what is made within a millisecond.
        let index = usize::try_from((place ^ (place >> 22)) % PLACES as u64).unwrap_or_default();
        self.0[index].lock().await
    }
}

impl Bot {
    /// The user that an account of Discord is.
    pub(super) fn user(account: u64) -> UserId {
        UserId(account.cast_signed())
    }

    /// The bot's own account.
    pub(super) fn id(&self) -> u64 {
        self.account.load(Ordering::Relaxed)
    }

    /// How long files live; `None` is for ever.
    pub(super) fn file_life(&self) -> Option<Duration> {
        self.settings.file_life
    }

    /// Whether a user's runs share a session; where that cannot be read, they do not.
    pub(super) async fn is_in_session(&self, user: UserId) -> bool {
        match self.executions.catalog().preferences(user).await {
            Ok(preferences) => preferences.get(SESSION).and_then(Value::as_bool).unwrap_or(false),
            Err(error) => {
                tracing::error!(%error, "a choice could not be read");
                false
            }
        }
    }
}
