//! Who asks (H9): the user of a key, or, as long as there are no keys, whoever sits at this machine.

use std::{net::IpAddr, time::Duration};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock as _};
use headers::{Authorization, HeaderMapExt as _, authorization::Bearer};

use super::{Settings, problem::Problem, router::App};
use crate::{
    catalog::{ApiKey, Catalog},
    identifiers::{LOCAL_USER, UserId},
};

/// Longer texts are no keys.
const LONGEST_KEY: usize = 256;

/// Whoever sends a request, and may.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caller(pub(super) UserId);

/// What is needed to know who asks, and whether it is too often.
#[derive(Debug)]
pub(super) struct Access {
    /// Where the server listens.
    ip: IpAddr,
    cors_origins: Vec<String>,
    /// Only users of keys that exist are counted, so there are no more entries than keys.
    rates: DefaultKeyedRateLimiter<UserId>,
}

impl Access {
    pub(super) fn new(settings: &Settings, ip: IpAddr) -> Self {
        let rates = RateLimiter::keyed(Quota::per_minute(settings.requests_per_minute));
        Self { ip, cors_origins: settings.cors_origins.clone(), rates }
    }

    async fn caller(&self, catalog: &dyn Catalog, headers: &HeaderMap) -> Result<Caller, Problem> {
        let user = match key_of(headers)? {
            Some(key) => {
                let known = catalog.find_key(&ApiKey::hash(&key)).await?;
                known.ok_or_else(|| unauthorized("This key is not known, or was revoked."))?.user_id
            }
            None if self.ip.is_loopback() && !catalog.has_keys().await? => {
                self.check_that_it_is_local(headers)?;
                LOCAL_USER
            }
            None => return Err(unauthorized("Send a key: `Authorization: Bearer …`.")),
        };
        self.rates.check_key(&user).map_err(|not_until| {
            let after = not_until.wait_time_from(self.rates.clock().now());
            let message = "These are more requests in a minute than this server takes from a user. Wait a moment.";
            Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", message)
                .retry_after(after.max(Duration::from_secs(1)))
        })?;
        Ok(Caller(user))
    }

    /// Without keys any web page could have the browser of whoever sits here send requests, also by a name of its own
    /// that leads to this machine (DNS rebinding). So both names must be this server's: that it was asked by, and that of
    /// the page that asks.
    fn check_that_it_is_local(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
        let host = text(header::HOST.as_str()).unwrap_or_default();
        if !self.is_own_name(host) {
            let message = "Without keys this server answers only by the names localhost, 127.0.0.1 and [::1].";
            return Err(Problem::new(StatusCode::FORBIDDEN, "foreign_host", message));
        }
        let is_own_page = match text(header::ORIGIN.as_str()) {
            Some(origin) => origin == format!("http://{host}") || self.cors_origins.iter().any(|other| other == origin),
            None => !matches!(text("sec-fetch-site"), Some("cross-site" | "same-site")),
        };
        let message = "Without keys this server takes requests from its own page and from programs only.";
        is_own_page.then_some(()).ok_or_else(|| Problem::new(StatusCode::FORBIDDEN, "foreign_origin", message))
    }

    fn is_own_name(&self, host: &str) -> bool {
        let name = match host.strip_prefix('[') {
            Some(rest) => rest.split_once(']').map_or("", |(ip, _)| ip),
            None => host.split_once(':').map_or(host, |(name, _)| name),
        };
        let is_own_ip = |ip: IpAddr| ip == self.ip || ip.is_loopback();
        name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(is_own_ip)
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = app.access().caller(&*app.executions().catalog(), &parts.headers).await?;
        tracing::debug!(user = %caller.0, "is let in");
        Ok(caller)
    }
}

fn key_of(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    if !headers.contains_key(header::AUTHORIZATION) {
        return Ok(None);
    }
    let bearer = headers.typed_get::<Authorization<Bearer>>();
    let key = bearer.map(|bearer| bearer.token().to_owned()).filter(|key| key.len() <= LONGEST_KEY);
    key.map(Some)
        .ok_or_else(|| unauthorized("What was sent is no key: `Authorization: Bearer …` is what it must look like."))
}

fn unauthorized(message: &'static str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_its_own() {
        let settings = Settings::of_address("127.0.0.5:80".parse().unwrap());
        let access = Access::new(&settings, settings.address.ip());
        for own in ["localhost", "LOCALHOST:80", "127.0.0.1", "127.0.0.5:8080", "[::1]:80", "[::1]"] {
            assert!(access.is_own_name(own), "{own}");
        }
        for foreign in
            ["", "example.org", "localhost.example.org:80", "10.0.0.1", "[::2]", "[", "0.0.0.0", "127.0.0.1.nip.io"]
        {
            assert!(!access.is_own_name(foreign), "{foreign}");
        }
    }
}
