use std::time::Duration;

use bytes::Bytes;

/// A file that somebody sends along.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(super) name: String,
    pub(super) bytes: Bytes,
    pub(super) delivery: Delivery,
}

/// How the CDN hands a file out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    Prompt,
    Slow(Duration),
    /// 404.
    Missing,
    /// A web page instead of the file, with 200.
    WebPage,
    /// 502.
    Broken,
    /// The link's time is over.
    Expired,
    /// The connection ends without an answer.
    Cut,
}

impl File {
    pub(crate) fn new(name: &str, bytes: impl Into<Bytes>) -> Self {
        Self { name: name.to_owned(), bytes: bytes.into(), delivery: Delivery::Prompt }
    }

    /// The same, handed out otherwise.
    pub(crate) fn delivered(mut self, delivery: Delivery) -> Self {
        self.delivery = delivery;
        self
    }
}
