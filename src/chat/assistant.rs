//! What edges talk to.

use std::{fmt, ops::RangeInclusive, sync::Arc, time::Duration};

use chrono::NaiveDate;
use serde_json::Value;
use thiserror::Error;
use tokio_util::task::TaskTracker;

use super::{AssistantSettings, Channel, Turn, UserMessage, model::ChatModel, turn, under_way::UnderWay};
use crate::{
    catalog::{Catalog, CatalogError, Counters, UsageEntry},
    executions::{Clock, Executions},
    identifiers::UserId,
};

/// Under which name the catalog keeps the model that a user chose.
const MODEL: &str = "model";

/// Answers users' messages with a language model that runs code as the user who asks (A1–A7). Clones are the same.
#[derive(Clone)]
pub struct Assistant {
    parts: Arc<Parts>,
}

/// What turns need.
pub(super) struct Parts {
    pub(super) executions: Executions,
    pub(super) catalog: Arc<dyn Catalog>,
    pub(super) model: Arc<dyn ChatModel>,
    pub(super) settings: AssistantSettings,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) under_way: Arc<UnderWay>,
    /// Turns whose end is being seen to, whether somebody waits for it or not.
    pub(super) turns: TaskTracker,
}

/// A model that users may not choose. Nothing was changed.
#[derive(Debug, Error)]
pub enum UnknownChoice {
    /// It is not among those that are offered.
    #[error("There is no model `{model}` to choose. Choose one of: {}.", .offered.join(", "))]
    NotOffered {
        /// What was chosen.
        model: String,
        /// What could be.
        offered: Vec<String>,
    },
    /// The catalog failed; the choice may be kept or not.
    #[error("{0}")]
    Catalog(#[from] CatalogError),
}

impl Assistant {
    /// Puts the parts together. The catalog is the one that `executions` has.
    #[must_use]
    pub fn new(
        executions: Executions,
        catalog: Arc<dyn Catalog>,
        model: Arc<dyn ChatModel>,
        settings: AssistantSettings,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let (under_way, turns) = (Arc::default(), TaskTracker::new());
        Self { parts: Arc::new(Parts { executions, catalog, model, settings, clock, under_way, turns }) }
    }

    /// Answers a message. It goes on at once, on the runtime of the caller; dropping the turn stops it.
    ///
    /// Messages of one user in one channel are answered one after another.
    #[must_use]
    pub fn turn(&self, user: UserId, channel: Channel, message: UserMessage) -> Turn {
        turn::start(&self.parts, user, channel, message)
    }

    /// The models that users may choose, the usual one first.
    #[must_use]
    pub fn models(&self) -> Vec<String> {
        let settings = &self.parts.settings;
        let others = settings.other_models.iter().filter(|other| **other != settings.model);
        std::iter::once(&settings.model).chain(others).cloned().collect()
    }

    /// The model that answers a user (U11). One that is no longer offered counts as not chosen.
    ///
    /// # Errors
    /// When the catalog fails.
    pub async fn model_of(&self, user: UserId) -> Result<String, CatalogError> {
        self.parts.model_of(user).await
    }

    /// Lets another model answer a user from now on; `None` is the usual one.
    ///
    /// # Errors
    /// When the model is not offered, or the catalog fails.
    pub async fn choose_model(&self, user: UserId, model: Option<&str>) -> Result<(), UnknownChoice> {
        let offered = self.models();
        if let Some(model) = model.filter(|model| !offered.iter().any(|known| known == model)) {
            return Err(UnknownChoice::NotOffered { model: model.to_owned(), offered });
        }
        let value = model.map(Value::from);
        Ok(self.parts.catalog.set_preference(user, MODEL, value.as_ref()).await?)
    }

    /// Forgets what a user said, in one channel or in all, and says how many turns those were. Turns that go on there
    /// are stopped first, and not remembered either.
    ///
    /// # Errors
    /// When the catalog fails.
    pub async fn reset(&self, user: UserId, channel: Option<&Channel>) -> Result<u64, CatalogError> {
        self.parts.under_way.forget(user, channel).await;
        let channel = channel.map(ToString::to_string);
        self.parts.catalog.clear_turns(user, channel.as_deref()).await
    }

    /// What a user is shown of what he used up on these days (UTC), by day and model (U11).
    ///
    /// # Errors
    /// When the catalog fails.
    pub async fn usage(&self, user: UserId, days: RangeInclusive<NaiveDate>) -> Result<Vec<UsageEntry>, CatalogError> {
        self.parts.catalog.usage(user, Counters::Shown, days).await
    }

    /// Clears what a user is shown of what he used up. What his limits are held against stays (U9).
    ///
    /// # Errors
    /// When the catalog fails.
    pub async fn clear_usage(&self, user: UserId) -> Result<(), CatalogError> {
        self.parts.catalog.clear_usage(user).await
    }

    /// Today, as usage is counted: in UTC.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.parts.today()
    }

    /// Lets turns that go on end; after `grace` they are stopped. Returns when all of them are written down, which
    /// comes before closing what they use.
    pub async fn close(&self, grace: Duration) {
        self.parts.turns.close();
        tokio::select! {
            () = self.parts.turns.wait() => {}
            () = self.parts.clock.sleep(grace) => {
                self.parts.under_way.stop_all();
                self.parts.turns.wait().await;
            }
        }
    }
}

impl Parts {
    pub(super) async fn model_of(&self, user: UserId) -> Result<String, CatalogError> {
        let preferences = self.catalog.preferences(user).await?;
        let chosen = preferences.get(MODEL).and_then(Value::as_str);
        let is_offered = |model: &&str| self.settings.other_models.iter().any(|other| other == model);
        Ok(chosen.filter(is_offered).unwrap_or(&self.settings.model).to_owned())
    }

    pub(super) fn today(&self) -> NaiveDate {
        self.clock.now().date_naive()
    }
}

impl fmt::Debug for Assistant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Assistant").field("settings", &self.parts.settings).finish_non_exhaustive()
    }
}
