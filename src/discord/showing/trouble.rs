//! What Discord refuses, and what is tried again.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use serenity::{Error, http::HttpError};

/// How often something is tried once more.
const MORE_TIMES: usize = 4;
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// Why Discord did not do what it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::discord) enum Trouble {
    /// The message, channel or interaction is not there any more.
    Gone,
    /// The bot may not do this there, or the person does not want to be written to.
    Forbidden,
    /// The request was too large.
    TooLarge,
    /// It may be otherwise later.
    Passing,
    /// Anything else.
    Other,
}

/// Why Discord did not do it, by the codes of its documentation of errors.
pub(in crate::discord) fn trouble(error: &Error) -> Trouble {
    let Error::Http(error) = error else { return Trouble::Other };
    match error {
        HttpError::UnsuccessfulRequest(response) => match (response.status_code.as_u16(), response.error.code) {
            (413, _) | (_, 40005) => Trouble::TooLarge,
            // Unknown channel, message, webhook and interaction; a token of an interaction that ended.
            (_, 10003 | 10008 | 10015 | 10062 | 50027) => Trouble::Gone,
            // No access, direct messages closed, permission missing, and a blocked or lurking account.
            (_, 50001 | 50007 | 50013 | 20026 | 40007) | (403, _) => Trouble::Forbidden,
            (404, _) => Trouble::Gone,
            (500..=599 | 429, _) => Trouble::Passing,
            _ => Trouble::Other,
        },
        HttpError::Request(_) => Trouble::Passing,
        _ => Trouble::Other,
    }
}

/// Does something that may be done twice, until it is done or cannot be.
pub(in crate::discord) async fn retried<T, F>(attempt: impl FnMut() -> F) -> serenity::Result<T>
where
    F: Future<Output = serenity::Result<T>>,
{
    let pauses = ExponentialBuilder::default().with_min_delay(FIRST_PAUSE).with_max_times(MORE_TIMES).with_jitter();
    attempt.retry(pauses).when(|error| trouble(error) == Trouble::Passing).await
}
