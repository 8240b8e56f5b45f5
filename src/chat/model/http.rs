//! The HTTP client: the only file that names it.

use std::{error::Error as _, sync::Arc, time::Duration};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::{StreamExt as _, stream::BoxStream};
use reqwest::{
    Client, Response, StatusCode,
    header::{ACCEPT, AUTHORIZATION, HeaderValue, LOCATION},
    redirect::{Attempt, Policy},
};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;
use serde_json::Value;
use tokio::time::{Instant, timeout, timeout_at};

use super::{
    Endpoint, ModelError, Timeouts,
    refusals::{self, Refusal},
};

/// The largest answer that is read, in MB.
const LARGEST_ANSWER_MB: usize = 16;
/// How much of a refusal is read, in bytes.
const READ_REFUSAL: usize = 64 * 1024;
/// How often an endpoint may send its callers on within itself.
const MOST_REDIRECTS: usize = 3;

const USER_AGENT: &str = concat!("taipan/", env!("CARGO_PKG_VERSION"));

/// The content of an answer as it arrives, bounded in size and in how long it is silent.
pub(super) type Body = BoxStream<'static, Result<Bytes, ModelError>>;

/// What comes back from a request.
pub(super) enum Reply {
    Answer(Body),
    Refusal(Refusal),
}

/// A client of one endpoint.
pub(super) struct Http {
    client: Client,
    endpoint: Endpoint,
    authorization: Option<HeaderValue>,
}

impl Http {
    /// Makes nothing but the client: no connection is opened yet.
    pub(super) fn new(endpoint: Endpoint) -> Result<Self, ModelError> {
        let mut builder = Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(endpoint.timeouts.connect)
            .redirect(Policy::custom(stay_at_home))
            .referer(false)
            .tls_backend_preconfigured(tls(endpoint.address.is_https())?);
        if endpoint.address.is_local() {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| away(&error))?;
        let authorization = endpoint.key.as_ref().map(|key| {
            let mut value = HeaderValue::try_from(format!("Bearer {}", key.reveal()));
            if let Ok(value) = &mut value {
                value.set_sensitive(true);
            }
            // A key with line breaks cannot be sent, and is none.
            value.map_err(|_| ModelError::WrongKey)
        });
        Ok(Self { client, authorization: authorization.transpose()?, endpoint })
    }

    pub(super) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Sends a question and waits for the answer's first words, or the whole refusal.
    pub(super) async fn ask(&self, path: &str, body: &Value, now: DateTime<Utc>) -> Result<Reply, ModelError> {
        let mut request = self.client.post(self.endpoint.address.join(path)).json(body);
        request = request.header(ACCEPT, "text/event-stream, application/json");
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let timeouts = self.endpoint.timeouts;
        let response = within(timeouts.first_byte, request.send()).await?.map_err(|error| away(&error))?;
        let status = response.status();
        if status.is_redirection() {
            return Err(redirected(&response));
        }
        if status.is_success() {
            return Ok(Reply::Answer(content(response, timeouts)));
        }
        Ok(Reply::Refusal(refusal(response, status, timeouts, now).await))
    }
}

/// The certificates that this machine trusts, with ring: another part of the program may bring another library along,
/// and then none would be the default. Without `https` none are read, since small containers have none.
fn tls(is_https: bool) -> Result<ClientConfig, ModelError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let verified = builder.and_then(|builder| {
        if is_https {
            builder.with_platform_verifier()
        } else {
            Ok(builder.with_root_certificates(RootCertStore::empty()))
        }
    });
    let config = verified.map_err(|error| ModelError::Away { reason: error.to_string() })?;
    Ok(config.with_no_client_auth())
}

/// Follows an endpoint that moves its callers within itself, as for a slash too many. The key goes nowhere else.
fn stay_at_home(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let is_at_home = attempt.previous().first().is_some_and(|first| first.origin() == attempt.url().origin());
    if is_at_home && attempt.previous().len() <= MOST_REDIRECTS { attempt.follow() } else { attempt.stop() }
}

fn redirected(response: &Response) -> ModelError {
    let location = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
    let target = location.and_then(|location| response.url().join(location).ok());
    let host = target.map(|target| target.origin().ascii_serialization());
    ModelError::Redirected { host: host.unwrap_or_else(|| "another address".to_owned()) }
}

async fn refusal(response: Response, status: StatusCode, timeouts: Timeouts, now: DateTime<Utc>) -> Refusal {
    let header = |name: &str| response.headers().get(name)?.to_str().ok().map(str::to_owned);
    let until = refusals::until(header, now);
    let mut body = Vec::new();
    let mut chunks = content(response, timeouts);
    // What cannot be read of a refusal changes nothing about it.
    while let Some(Ok(chunk)) = chunks.next().await {
        body.extend_from_slice(&chunk);
        if body.len() >= READ_REFUSAL {
            body.truncate(READ_REFUSAL);
            break;
        }
    }
    Refusal { status: status.as_u16(), until, body: String::from_utf8_lossy(&body).into_owned() }
}

fn content(mut response: Response, timeouts: Timeouts) -> Body {
    let chunks = async_stream::stream! {
        let mut patience = timeouts.first_byte;
        let end = Instant::now() + timeouts.whole;
        let mut left = LARGEST_ANSWER_MB * 1024 * 1024;
        loop {
            let chunk = match timeout_at(end, within(patience, response.chunk())).await {
                Ok(Ok(Ok(Some(chunk)))) => chunk,
                Ok(Ok(Ok(None))) => return,
                Ok(Ok(Err(_))) => return yield Err(ModelError::CutOff),
                Ok(Err(silence)) => return yield Err(silence),
                Err(_) => return yield Err(ModelError::TimedOut { limit: timeouts.whole }),
            };
            let Some(rest) = left.checked_sub(chunk.len()) else {
                return yield Err(ModelError::TooLarge { megabytes: LARGEST_ANSWER_MB });
            };
            left = rest;
            patience = timeouts.idle;
            yield Ok(chunk);
        }
    };
    chunks.boxed()
}

async fn within<F: Future>(patience: Duration, future: F) -> Result<F::Output, ModelError> {
    timeout(patience, future).await.map_err(|_| ModelError::TimedOut { limit: patience })
}

/// Why there is no connection, without the address: a query may be a key.
fn away(error: &reqwest::Error) -> ModelError {
    if error.is_timeout() {
        return ModelError::Away { reason: "no connection in time".to_owned() };
    }
    let mut reason = "the connection ended".to_owned();
    let mut cause = error.source();
    while let Some(error) = cause {
        reason = error.to_string();
        cause = error.source();
    }
    ModelError::Away { reason }
}
