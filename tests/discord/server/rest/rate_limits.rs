use std::{collections::HashMap, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};

use super::{super::document::Route, Reply};

/// All requests together, and in how many seconds.
const GLOBAL: (u32, i64) = (50, 1);

/// Requests that come so soon after a refusal were sent before it was heard.
const ON_THEIR_WAY: TimeDelta = TimeDelta::milliseconds(250);

/// How often routes may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    /// So often that nobody waits, though the headers are there.
    Generous,
    /// As the real one: five messages in five seconds to a channel, one IDENTIFY in five seconds, and the like.
    Real,
}

/// What is left of each route's limit.
pub(crate) struct RateLimits {
    pub(crate) pace: Pace,
    windows: HashMap<String, Window>,
    /// Until when a route, or `*` for all, must not be asked, and when that was said.
    closed: HashMap<String, (DateTime<Utc>, DateTime<Utc>)>,
    /// Whether the last `GET /gateway` gave the address here. A client that is not told one takes the real one.
    pub(crate) gateway_was_told: bool,
}

struct Window {
    ends: DateTime<Utc>,
    left: u32,
}

/// What is left of a limit after a request.
pub(crate) struct Budget {
    limit: u32,
    left: u32,
    ends: DateTime<Utc>,
    now: DateTime<Utc>,
    bucket: String,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self { pace: Pace::Generous, windows: HashMap::new(), closed: HashMap::new(), gateway_was_told: true }
    }
}

impl RateLimits {
    /// Takes one request from the limit of a route and of the place that it is about.
    pub(super) fn spend(&mut self, now: DateTime<Utc>, route: &Route, path: &str) -> Result<Budget, Reply> {
        let (limit, seconds) = self.allowed(route);
        // Interactions have no part in the limit of all requests together.
        let has_part = !["/interactions/", "/webhooks/"].iter().any(|start| route.template.starts_with(start));
        if self.pace == Pace::Real && has_part {
            self.take(now, "*".to_owned(), GLOBAL).map_err(|wait| Reply::too_many(wait, "global"))?;
        }
        let taken = self.take(now, window_of(route, path), (limit, seconds));
        let (left, ends) = taken.map_err(|wait| Reply::too_many(wait, "user"))?;
        let bucket =
            format!("{:016x}", route.name().bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31) ^ u64::from(byte)));
        Ok(Budget { limit, left, ends, now, bucket })
    }

    /// Takes one from a window, and says what is left of it until when; or how long to wait.
    fn take(&mut self, now: DateTime<Utc>, what: String, limit: (u32, i64)) -> Result<(u32, DateTime<Utc>), Duration> {
        let window = self.windows.entry(what).or_insert(Window { ends: now, left: 0 });
        if window.ends <= now {
            *window = Window { ends: now + TimeDelta::seconds(limit.1), left: limit.0 };
        }
        let Some(left) = window.left.checked_sub(1) else {
            return Err((window.ends - now).to_std().unwrap_or(Duration::ZERO));
        };
        window.left = left;
        Ok((left, window.ends))
    }

    /// Remembers that nobody may ask for a while.
    pub(super) fn close(&mut self, now: DateTime<Utc>, route: &Route, path: &str, reply: &Reply) {
        let Some(said) = reply.json.as_ref().filter(|_| reply.status == 429) else { return };
        let wait = said["retry_after"].as_f64().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let until = now + TimeDelta::from_std(wait.unwrap_or_default()).unwrap_or_default();
        let what = if said["global"] == true { "*".to_owned() } else { window_of(route, path) };
        self.closed.insert(what, (until, now));
    }

    /// Whether this was forbidden for now, and whoever asks must have known.
    pub(super) fn is_too_early(&self, now: DateTime<Utc>, route: &Route, path: &str) -> bool {
        let told = ["*".to_owned(), window_of(route, path)].into_iter().filter_map(|what| self.closed.get(&what));
        // Interactions are answered whatever the limits are.
        let has_limits = !route.template.starts_with("/interactions/");
        has_limits && told.into_iter().any(|(until, said)| now < *until && now - *said > ON_THEIR_WAY)
    }

    /// Requests, and in how many seconds.
    fn allowed(&self, route: &Route) -> (u32, i64) {
        match (self.pace, route.method.as_str(), route.template.as_str()) {
            (Pace::Generous, ..) => (10_000, 1),
            (Pace::Real, "post" | "patch", template)
                if template.contains("messages") || template.contains("webhooks") =>
            {
                (5, 5)
            }
            (Pace::Real, "delete", template) if template.contains("messages") => (5, 1),
            (Pace::Real, _, template) if template.contains("typing") => (5, 5),
            (Pace::Real, "put", template) if template.contains("commands") => (2, 60),
            (Pace::Real, ..) => (50, 1),
        }
    }
}

impl Budget {
    pub(super) fn headers(&self) -> [(String, String); 5] {
        let millis = |millis: i64| format!("{}.{:03}", millis / 1000, millis % 1000);
        [
            ("x-ratelimit-limit", self.limit.to_string()),
            ("x-ratelimit-remaining", self.left.to_string()),
            ("x-ratelimit-reset", millis(self.ends.timestamp_millis())),
            ("x-ratelimit-reset-after", millis((self.ends - self.now).num_milliseconds())),
            ("x-ratelimit-bucket", self.bucket.clone()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
    }
}

/// What has a limit of its own: a route, for each channel, guild and webhook.
fn window_of(route: &Route, path: &str) -> String {
    let major: Vec<_> = path.split('/').skip(1).take(2).collect();
    format!("{} {}", route.name(), major.join("/"))
}
