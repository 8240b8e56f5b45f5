//! Settings of the HTTP server: where it listens, whom it lets in from where, and how often.

use std::{net::SocketAddr, num::NonZeroU32, ops::RangeInclusive};

use url::Url;

use super::{
    reader::{Reader, Reported},
    setting::{HTTP_ADDRESS, HTTP_CORS_ORIGINS, HTTP_REQUESTS_PER_MINUTE},
};

const REQUEST_COUNTS: RangeInclusive<u32> = 1..=1_000_000;

/// Where programs come in, and which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Http {
    /// `HTTP_ADDRESS`: where the server listens; port 0 is any that is free.
    pub address: SocketAddr,
    /// `HTTP_CORS_ORIGINS`: of which origins web pages may use the server, as browsers write them.
    pub cors_origins: Vec<String>,
    /// `HTTP_REQUESTS_PER_MINUTE`: how many requests a user may send.
    pub requests_per_minute: NonZeroU32,
}

impl Http {
    pub(super) fn read<L: Fn(&str) -> Option<String>>(reader: &mut Reader<L>) -> Result<Self, Reported> {
        let address = reader.read(&HTTP_ADDRESS, |text| text.parse().ok());
        let cors_origins = reader.read_optional(&HTTP_CORS_ORIGINS, parse_origins);
        let requests = reader.read(&HTTP_REQUESTS_PER_MINUTE, parse_requests);
        Ok(Self { address: address?, cors_origins: cors_origins?.unwrap_or_default(), requests_per_minute: requests? })
    }
}

fn parse_requests(text: &str) -> Option<NonZeroU32> {
    text.parse().ok().filter(|count| REQUEST_COUNTS.contains(count)).and_then(NonZeroU32::new)
}

fn parse_origins(text: &str) -> Option<Vec<String>> {
    text.split(',').map(|origin| parse_origin(origin.trim())).collect()
}

/// An origin as browsers send it: scheme, host and, where it is not the usual one, port.
fn parse_origin(text: &str) -> Option<String> {
    let origin = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?.origin();
    (origin.ascii_serialization() == text).then(|| text.to_owned())
}
