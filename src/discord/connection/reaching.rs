//! The client, and the first question: whose token is it?

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use reqwest_0_12::{Client, redirect::Policy};
use serenity::{
    Error,
    all::{ApplicationFlags, Http},
    gateway::GatewayError,
    http::{HttpBuilder, HttpError},
};

use super::BotError;
use crate::discord::showing::{Trouble, nobody, trouble};

const USER_AGENT: &str =
    concat!("DiscordBot (https://github.com/serenity-rs/serenity, 0.12.5) taipan/", env!("CARGO_PKG_VERSION"));
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long nothing may come.
const READ_TIMEOUT: Duration = Duration::from_secs(30);
/// How often Discord is asked at the start before the bot gives up.
const MORE_TIMES: usize = 5;

/// The client of everything that is asked by HTTP. It trusts the certificates that the system trusts, and lets nobody
/// send it on to another place: Discord does not, and this machine reaches places that people do not.
pub(super) fn client() -> Result<Client, BotError> {
    let client = Client::builder()
        .user_agent(USER_AGENT)
        .tls_built_in_root_certs(false)
        .tls_built_in_native_certs(true)
        .redirect(Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(READ_TIMEOUT);
    client.build().map_err(|error| BotError::Unreachable { reason: told(&error) })
}

pub(super) fn http(token: &str, client: &Client) -> Http {
    HttpBuilder::new(token).client(client.clone()).default_allowed_mentions(nobody()).build()
}

/// The bot's own account.
pub(super) async fn account(http: &Http) -> Result<u64, BotError> {
    let pauses = ExponentialBuilder::default().with_min_delay(Duration::from_millis(250)).with_max_times(MORE_TIMES);
    let asked = || async { http.get_current_user().await };
    let account = asked.retry(pauses).when(|error| trouble(error) == Trouble::Passing).await;
    account.map(|account| account.id.get()).map_err(|error| ended(&error))
}

/// What Discord says of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What the bot is called.
    pub name: String,
    /// Whether it may have the intent Message Content.
    pub may_read_messages: bool,
}

/// Asks Discord whose token this is, and what it may do.
///
/// # Errors
/// When Discord does not know it, or does not answer.
pub async fn look(token: &str) -> Result<Found, BotError> {
    let http = http(token, &client()?);
    account(&http).await?;
    let found = http.get_current_application_info().await.map_err(|error| ended(&error))?;
    let content = ApplicationFlags::GATEWAY_MESSAGE_CONTENT | ApplicationFlags::GATEWAY_MESSAGE_CONTENT_LIMITED;
    Ok(Found { name: found.name, may_read_messages: found.flags.is_some_and(|flags| flags.intersects(content)) })
}

/// Why there is no connection, or none any more.
pub(super) fn ended(error: &Error) -> BotError {
    match error {
        Error::Http(HttpError::UnsuccessfulRequest(response)) if response.status_code.as_u16() == 401 => {
            BotError::WrongToken
        }
        Error::Http(HttpError::UnsuccessfulRequest(response)) => BotError::Unreachable {
            reason: format!("it answers {} ({})", response.status_code.as_u16(), response.error.message),
        },
        Error::Http(HttpError::Request(error)) => BotError::Unreachable { reason: told(error) },
        Error::Http(HttpError::InvalidHeader(_))
        | Error::Gateway(GatewayError::InvalidAuthentication | GatewayError::NoAuthentication) => BotError::WrongToken,
        Error::Gateway(GatewayError::DisallowedGatewayIntents | GatewayError::InvalidGatewayIntents) => {
            BotError::RefusedIntent
        }
        other => BotError::Ended { reason: other.to_string() },
    }
}

/// The last cause says what happened: that no name was found, that a certificate is not trusted.
fn told(error: &reqwest_0_12::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
