//! A model at an endpoint: asks, learns what it refuses, and repeats what failed for a reason that passes.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use backon::{BackoffBuilder as _, ExponentialBuilder};

use super::{
    Answer, ChatModel, Delta, Endpoint, LONGEST_RETRY_PAUSE, ModelError, Question, RETRIES,
    dialects::{Dialect, Quirks},
    events::arrivals,
    http::{Http, Reply},
    refusals::Asked,
    turn::Turn,
};
use crate::executions::Clock;

/// Of how many models it is remembered what they refuse.
const REMEMBERED_MODELS: usize = 64;

/// A language model behind an endpoint that speaks as OpenAI's do (A1). Clones are the same client.
#[derive(Clone)]
pub struct EndpointModel {
    client: Arc<Client>,
}

struct Client {
    http: Http,
    clock: Arc<dyn Clock>,
    quirks: Mutex<HashMap<String, Quirks>>,
}

impl EndpointModel {
    /// A client of an endpoint; no connection is opened yet.
    ///
    /// # Errors
    /// When the key cannot be sent, or the certificates that this machine trusts cannot be read.
    pub fn new(endpoint: Endpoint, clock: Arc<dyn Clock>) -> Result<Self, ModelError> {
        let client = Client { http: Http::new(endpoint)?, clock, quirks: Mutex::default() };
        Ok(Self { client: Arc::new(client) })
    }
}

impl fmt::Debug for EndpointModel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("EndpointModel").field("endpoint", self.client.http.endpoint()).finish_non_exhaustive()
    }
}

impl ChatModel for EndpointModel {
    fn answer(&self, question: Question) -> Answer {
        let client = Arc::clone(&self.client);
        Box::pin(async_stream::stream! {
            let mut pauses = ExponentialBuilder::default().with_max_times(RETRIES).build();
            loop {
                let mut said_something = false;
                let error = match client.begin(&question).await {
                    Err(error) => error,
                    Ok(mut turn) => loop {
                        match turn.next().await {
                            Ok(Some(delta)) => {
                                said_something = true;
                                yield Ok(delta);
                            }
                            Ok(None) => return,
                            Err(error) => break error,
                        }
                    },
                };
                let pause = client.pause_after(&error, pauses.next()).filter(|_| !said_something);
                let Some(pause) = pause else { return yield Err(error) };
                tracing::debug!(%error, ?pause, "a question to the model is repeated");
                yield Ok(Delta::Waiting { pause, reason: error });
                client.clock.sleep(pause).await;
            }
        })
    }
}

impl Client {
    /// Asks until the answer begins, at most once more for each thing that the model does not take.
    async fn begin(&self, question: &Question) -> Result<Turn, ModelError> {
        let endpoint = self.http.endpoint();
        let address = endpoint.address.to_string();
        let mut quirks = self.known_quirks(&question.model);
        loop {
            let dialect = Dialect::of(quirks);
            let body = dialect.body(question, quirks);
            let refusal = match self.http.ask(dialect.path(), &body, self.clock.now()).await? {
                Reply::Answer(body) => return Ok(Turn::new(arrivals(body, address), dialect.reader(question))),
                Reply::Refusal(refusal) => refusal,
            };
            let learned = refusal.quirk(dialect, !question.tools.is_empty());
            let Some(more) = learned.and_then(|quirk| quirks.with(quirk)) else {
                let asked = Asked { model: &question.model, address: &address, key: endpoint.key.as_ref() };
                return Err(refusal.error(&asked));
            };
            quirks = more;
            self.remember(&question.model, quirks);
        }
    }

    fn known_quirks(&self, model: &str) -> Quirks {
        let known = self.quirks.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(model).copied().unwrap_or_default()
    }

    fn remember(&self, model: &str, quirks: Quirks) {
        let mut known = self.quirks.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED_MODELS && !known.contains_key(model) {
            known.clear();
        }
        let entry = known.entry(model.to_owned()).or_default();
        *entry = entry.and(quirks);
    }

    /// How long to wait before asking again: as long as the endpoint says, otherwise as is usual; `None` to give up.
    fn pause_after(&self, error: &ModelError, usual: Option<Duration>) -> Option<Duration> {
        let usual = usual.filter(|_| error.may_pass())?;
        let asked_for = error.until().map(|until| (until - self.clock.now()).to_std().unwrap_or_default());
        Some(asked_for.unwrap_or(usual)).filter(|pause| *pause <= LONGEST_RETRY_PAUSE)
    }
}
