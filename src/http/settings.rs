//! Where to listen, and what is bounded.

use std::{net::SocketAddr, num::NonZeroU32, time::Duration};

/// Where to listen, and what is bounded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// Where to listen; port 0 is any that is free.
    pub address: SocketAddr,
    /// Of which origins web pages may use the server, besides its own.
    pub cors_origins: Vec<String>,
    /// How many requests a user may send in a minute; 1,200 unless set.
    pub requests_per_minute: NonZeroU32,
    /// The longest time that a run may ask for; 300 seconds unless set.
    pub max_timeout: Duration,
    /// How many connections there are at a time; others wait. 2,048 unless set.
    pub connections: usize,
    /// How long the headers of a request may take, and a connection may wait for its next request; 30 seconds unless
    /// set.
    pub header_time: Duration,
    /// How long a body may make the server wait for its next bytes; 30 seconds unless set.
    pub body_pause: Duration,
    /// How long a JSON body may take altogether; 60 seconds unless set.
    pub body_time: Duration,
    /// How large a JSON body may be, in bytes; 10 MB unless set.
    pub json_bytes: usize,
    /// How many files one request may upload; 20 unless set.
    pub files_per_upload: usize,
    /// How long a run whose last listener has gone waits for one to come back before it is cancelled; 5 seconds unless
    /// set.
    pub reconnect_time: Duration,
    /// How long the events of a run that has ended can still be fetched; 60 seconds unless set.
    pub replay_time: Duration,
}

impl Settings {
    /// The usual bounds.
    #[must_use]
    pub fn of_address(address: SocketAddr) -> Self {
        Self {
            address,
            cors_origins: Vec::new(),
            requests_per_minute: NonZeroU32::MIN.saturating_add(1199),
            max_timeout: Duration::from_secs(300),
            connections: 2048,
            header_time: Duration::from_secs(30),
            body_pause: Duration::from_secs(30),
            body_time: Duration::from_secs(60),
            json_bytes: 10 * 1024 * 1024,
            files_per_upload: 20,
            reconnect_time: Duration::from_secs(5),
            replay_time: Duration::from_secs(60),
        }
    }
}
