//! Where an endpoint is.

use std::{fmt, net::IpAddr, str::FromStr};

use thiserror::Error;
use url::{Host, Url};

/// What people copy along with an address.
const ENDINGS: [&str; 3] = ["/chat/completions", "/completions", "/responses"];

/// The address of an endpoint, such as `https://api.openai.com/v1`.
///
/// A slash at its end makes no difference, `/v1` is added where there is no path, and the path of a single request is
/// taken off.
///
/// ```
/// use taipan::chat::model::Address;
///
/// let address: Address = "http://localhost:11434/".parse()?;
/// assert_eq!(address.to_string(), "http://localhost:11434/v1");
/// # Ok::<(), taipan::chat::model::NotAnAddress>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(Url);

/// A text that is no address of an endpoint.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum NotAnAddress {
    /// It is no URL, or none with `http`.
    #[error("The address of an endpoint starts with https:// or http://, such as https://api.openai.com/v1.")]
    NotHttp,
    /// It holds a name or password, which would show up in logs.
    #[error("The address of an endpoint holds no name and no password; the key has a setting of its own.")]
    WithPassword,
}

impl FromStr for Address {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let mut url = Url::parse(text.trim()).map_err(|_| NotAnAddress::NotHttp)?;
        if !["http", "https"].contains(&url.scheme()) || !url.has_host() {
            return Err(NotAnAddress::NotHttp);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(NotAnAddress::WithPassword);
        }
        url.set_fragment(None);
        let path = url.path().trim_end_matches('/');
        let path = ENDINGS.iter().find_map(|ending| path.strip_suffix(ending)).unwrap_or(path).trim_end_matches('/');
        let path = if path.is_empty() { "/v1".to_owned() } else { path.to_owned() };
        url.set_path(&path);
        Ok(Self(url))
    }
}

impl Address {
    /// The URL of one kind of request, such as `chat/completions`. What stands after `?` stays there.
    pub(super) fn join(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(&format!("{}/{path}", self.0.path()));
        url
    }

    /// Whether it is spoken to in secret.
    pub(super) fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Whether the endpoint runs on this machine, so that no proxy is to be asked.
    pub(super) fn is_local(&self) -> bool {
        match self.0.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
            Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
            None => false,
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What stands after `?` may be a key.
        let mut shown = self.0.clone();
        shown.set_query(None);
        formatter.write_str(shown.as_str())
    }
}
