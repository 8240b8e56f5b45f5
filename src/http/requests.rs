//! What happens to every request: it gets an id, is logged and counted, and its answer gets headers that keep browsers
//! from doing what nobody meant.

use std::{
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tracing::Instrument as _;

use super::{problem::Problem, router::App};

/// By which a client and the log name the same request.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The longest id that is taken from a client, in bytes.
const LONGEST_ID: usize = 64;
/// How many bytes the names and values of headers may have together. What has more than a hundred of them, or twice that
/// many bytes, is refused before it is a request, with an answer that has no body.
const MOST_HEADER_BYTES: usize = 32 * 1024;
/// What an answer may do in a browser unless it says otherwise: nothing.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// Tells ids of this program from those of an earlier one.
static STARTED: LazyLock<u64> = LazyLock::new(|| {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_secs() ^ (u64::from(since.subsec_nanos()) << 32)
});
static NEXT: AtomicU64 = AtomicU64::new(1);

tokio::task_local! {
    static CURRENT: String;
}

/// The id of the request that is being answered; empty outside of one.
pub(super) fn current_id() -> String {
    CURRENT.try_with(Clone::clone).unwrap_or_default()
}

/// Sees a request through.
pub(super) async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    let id = id_of(request.headers());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    // At this level it stands beside whatever is logged meanwhile.
    let span = tracing::error_span!("request", id, %method, route);
    let began = Instant::now();
    let answering = async {
        let mut response = if is_small(request.headers()) {
            next.run(request).await
        } else {
            let message = format!("The headers of a request may have at most {MOST_HEADER_BYTES} bytes.");
            Problem::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "headers_too_large", message).into_response()
        };
        protect(response.headers_mut());
        let took = began.elapsed();
        tracing::info!(status = response.status().as_u16(), seconds = took.as_secs_f64(), "answered");
        app.metrics().answered(method.as_str(), &route, response.status().as_u16(), took);
        response
    };
    let mut response = CURRENT.scope(id.clone(), answering.instrument(span)).await;
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// The client's own id, where it is a short word, so that it cannot write lines into the log.
fn id_of(headers: &HeaderMap) -> String {
    let given = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let given = given.filter(|id| (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(is_allowed));
    given.map_or_else(|| format!("{:x}-{:x}", *STARTED, NEXT.fetch_add(1, Ordering::Relaxed)), str::to_owned)
}

fn is_small(headers: &HeaderMap) -> bool {
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    bytes <= MOST_HEADER_BYTES
}

fn protect(headers: &mut HeaderMap) {
    let mut unless_set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    unless_set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    unless_set(header::REFERRER_POLICY, "no-referrer");
    unless_set(header::X_FRAME_OPTIONS, "DENY");
    unless_set(header::CONTENT_SECURITY_POLICY, NOTHING);
    unless_set(header::CACHE_CONTROL, "no-store");
    unless_set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
}
