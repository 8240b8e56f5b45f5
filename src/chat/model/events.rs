//! What arrives, as JSON: server-sent events, or one document where a server does not stream.

use bytes::Bytes;
use eventsource_stream::Eventsource as _;
use futures_util::{StreamExt as _, stream, stream::BoxStream};
use serde_json::Value;

use super::{ModelError, http::Body};

/// The longest line of a stream, in bytes; the last event of an answer repeats all of it.
const LONGEST_LINE: usize = 2 * 1024 * 1024;
/// What a document that is an answer has at least one of.
const ANSWERS: [&str; 3] = ["choices", "output", "error"];
/// What a stream ends with, if it says so.
const DONE: &str = "[DONE]";

/// Something that arrived.
pub(super) enum Arrival {
    /// A piece of an answer, or a whole one.
    Piece(Value),
    /// The answer is whole.
    Done,
}

/// What arrives of an answer, in whatever form the server gives it; the content decides, since servers mislabel it.
pub(super) fn arrivals(mut body: Body, address: String) -> BoxStream<'static, Result<Arrival, ModelError>> {
    let arrivals = async_stream::stream! {
        let mut beginning = Vec::new();
        let first = loop {
            if let Some(first) = first_sign(&beginning) {
                break first;
            }
            match body.next().await {
                Some(Ok(chunk)) => beginning.extend_from_slice(&chunk),
                Some(Err(error)) => return yield Err(error),
                None => return yield Err(ModelError::CutOff),
            }
        };
        let body = stream::once(async { Ok(Bytes::from(beginning)) }).chain(body).boxed();
        match first {
            b'<' => yield Err(ModelError::NotAnEndpoint { address }),
            b'{' | b'[' => yield document(body).await.map(Arrival::Piece),
            _ => {
                let mut events = events(body);
                while let Some(event) = events.next().await {
                    yield event;
                }
            }
        }
    };
    arrivals.boxed()
}

/// The first byte that is no white space and no byte order mark.
fn first_sign(beginning: &[u8]) -> Option<u8> {
    let text = beginning.strip_prefix(b"\xef\xbb\xbf").unwrap_or(beginning);
    text.iter().copied().find(|byte| !byte.is_ascii_whitespace())
}

async fn document(mut body: Body) -> Result<Value, ModelError> {
    let mut document = Vec::new();
    while let Some(chunk) = body.next().await {
        document.extend_from_slice(&chunk?);
    }
    let text = document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&document);
    let document = parse(text)?;
    let is_answer = ANSWERS.iter().any(|field| document.get(field).is_some());
    if is_answer { Ok(document) } else { Err(ModelError::Unreadable) }
}

fn events(body: Body) -> BoxStream<'static, Result<Arrival, ModelError>> {
    let mut line = 0;
    let bounded = body.map(move |chunk| {
        let chunk = chunk?;
        line = chunk.iter().rposition(|byte| *byte == b'\n').map_or(line + chunk.len(), |end| chunk.len() - end);
        let megabytes = LONGEST_LINE / 1024 / 1024;
        if line > LONGEST_LINE { Err(ModelError::TooLarge { megabytes }) } else { Ok(chunk) }
    });
    // The parser gives an event when an empty line follows, which some servers leave out at the end.
    let ended = bounded.chain(stream::once(async { Ok(Bytes::from_static(b"\n\n")) }));
    let arrivals = ended.eventsource().filter_map(|event| async {
        let event = match event {
            Ok(event) => event,
            Err(eventsource_stream::EventStreamError::Transport(error)) => return Some(Err(error)),
            Err(_) => return Some(Err(ModelError::Unreadable)),
        };
        match event.data.trim() {
            DONE => Some(Ok(Arrival::Done)),
            data if data.starts_with('{') => Some(parse(data.as_bytes()).map(Arrival::Piece)),
            // Some servers send words to keep the connection open.
            _ => None,
        }
    });
    arrivals.boxed()
}

/// JSON that ends too early was cut off with the connection.
fn parse(text: &[u8]) -> Result<Value, ModelError> {
    serde_json::from_slice(text)
        .map_err(|error| if error.is_eof() { ModelError::CutOff } else { ModelError::Unreadable })
}
