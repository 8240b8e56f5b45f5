//! What everything that the bot does shares.

use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use reqwest_0_12::Client;
use serde_json::Value;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    BotSettings,
    outputs::{Output, Outputs},
    pending::{Pending, Uploads},
    running::Going,
};
use crate::{chat::Assistant, executions::Executions, identifiers::UserId};

/// Under which name the catalog keeps whether a user's runs share a session.
pub(super) const SESSION: &str = "session";
/// How often, and how far apart, a message that is not remembered yet is looked up.
const LOOKS: u32 = 10;
const BETWEEN_LOOKS: Duration = Duration::from_millis(150);

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

/// One thing at a time in a place, such as what answers one message.
#[derive(Clone, Default)]
pub(super) struct Places(Arc<std::sync::Mutex<HashMap<u64, Arc<Mutex<()>>>>>);

/// A place that is held; the next one has it when this is dropped.
pub(super) struct Held {
    places: Places,
    place: u64,
    guard: Option<OwnedMutexGuard<()>>,
}

impl Places {
    /// Waits for what goes on in a place, and keeps others waiting. Nobody holds two.
    pub(super) async fn hold(&self, place: u64) -> Held {
        let lock = Arc::clone(self.locks().entry(place).or_default());
        let guard = Some(lock.lock_owned().await);
        Held { places: self.clone(), place, guard }
    }

    fn locks(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Arc<Mutex<()>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        drop(self.guard.take());
        let mut locks = self.places.locks();
        // Whoever waits has a share of the lock.
        if locks.get(&self.place).is_some_and(|lock| Arc::strong_count(lock) == 1) {
            locks.remove(&self.place);
        }
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

    /// What is remembered of a message with buttons. A button may be pressed in the moment between showing it and
    /// remembering it.
    pub(super) async fn output_of(&self, message: u64) -> Option<Output> {
        for _ in 0..LOOKS {
            let output = self.outputs.of_message(message).await;
            if output.as_ref().is_some_and(|output| !output.is_open) {
                return output;
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        self.outputs.of_message(message).await
    }

    /// How long files live; `None` is for ever.
    pub(super) fn file_life(&self) -> Option<Duration> {
        self.settings.file_life
    }

    /// Whether a user's runs share a session; where that cannot be read, they do not.
    pub(super) async fn is_in_session(&self, user: UserId) -> bool {
        if !self.settings.has_sessions {
            return false;
        }
        match self.executions.catalog().preferences(user).await {
            Ok(preferences) => preferences.get(SESSION).and_then(Value::as_bool).unwrap_or(false),
            Err(error) => {
                tracing::error!(%error, "a choice could not be read");
                false
            }
        }
    }
}
