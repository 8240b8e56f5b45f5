use std::{fmt, sync::Arc};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{HeaderMap, Request, Response, body::Incoming};
use url::form_urlencoded;

use crate::discord::server::{Inside, cdn, rest};

/// More than ten files of the largest kind.
const LARGEST: usize = 600 * 1024 * 1024;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Nothing is answered, and the connection ends.
#[derive(Debug)]
pub(super) struct Hangup;

impl fmt::Display for Hangup {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("hung up")
    }
}

impl std::error::Error for Hangup {}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// Answers as the host that was asked for.
pub(super) async fn answer(
    inside: &Arc<Inside>,
    host: &str,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Hangup> {
    let (head, body) = request.into_parts();
    let body = Limited::new(body, LARGEST).collect().await.map_err(|_| Hangup)?.to_bytes();
    let query = form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let method = head.method.to_string();
    let received = Received { method, path: head.uri.path().to_owned(), query, headers: head.headers, body };
    let reply = match host {
        "discord.com" => rest::answer(inside, received).await,
        _ => cdn::answer(inside, &received).await,
    };
    let reply = reply.ok_or(Hangup)?;
    let mut response = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(name, value);
    }
    Ok(response.body(Full::new(reply.bytes())).unwrap())
}
