use std::{convert::Infallible, io, sync::Arc};

use axum::{body::Body, response::Response};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::Received;

/// One answer of a script. The plain ones speak Chat Completions.
pub(crate) enum Scripted {
    Sent(Sent),
    /// Connected, and never a word.
    Silent,
    /// Depends on the request.
    By(Box<dyn FnOnce(&Received) -> Scripted + Send>),
}

pub(crate) struct Sent {
    status: u16,
    headers: Vec<(String, String)>,
    chunks: Vec<String>,
    end: End,
}

enum End {
    Whole,
    /// The connection breaks.
    Cut,
    /// The connection stays open, and nothing more comes.
    Open,
}

impl Scripted {
    /// A text in a few pieces, usage and all.
    pub(crate) fn text(text: &str) -> Self {
        let pieces = text.split_inclusive(' ').map(|piece| delta(json!({ "content": piece })));
        Self::stream(pieces.chain([finish("stop"), usage(10, 5)]))
    }

    /// A call of a tool.
    pub(crate) fn call(name: &str, arguments: Value) -> Self {
        Self::calls([(name, arguments)])
    }

    /// Several calls in one turn, named `call_a`, `call_b` …
    pub(crate) fn calls<'n>(calls: impl IntoIterator<Item = (&'n str, Value)>) -> Self {
        let deltas = calls.into_iter().zip('a'..='z').enumerate().map(|(index, ((name, arguments), letter))| {
            let function = json!({ "name": name, "arguments": arguments.to_string() });
            let id = format!("call_{letter}");
            delta(json!({ "tool_calls": [{ "index": index, "id": id, "type": "function", "function": function }] }))
        });
        Self::stream(deltas.collect::<Vec<_>>().into_iter().chain([finish("tool_calls"), usage(10, 5)]))
    }

    /// Pieces of a stream and the end of it.
    pub(crate) fn stream(pieces: impl IntoIterator<Item = Value>) -> Self {
        Self::pieces(pieces).then("data: [DONE]\n\n")
    }

    /// Pieces of a stream without its end.
    pub(crate) fn pieces(pieces: impl IntoIterator<Item = Value>) -> Self {
        let chunks = pieces.into_iter().map(|piece| format!("data: {piece}\n\n")).collect();
        Self::sent(200, "text/event-stream", chunks)
    }

    /// Bytes as they are, as an event stream.
    pub(crate) fn raw(content: &str) -> Self {
        Self::sent(200, "text/event-stream", vec![content.to_owned()])
    }

    /// A document, as servers send it that do not stream.
    pub(crate) fn json(document: &Value) -> Self {
        Self::sent(200, "application/json", vec![document.to_string()])
    }

    /// A web page.
    pub(crate) fn html(page: &str) -> Self {
        Self::sent(200, "text/html", vec![page.to_owned()])
    }

    /// A refusal with a message as OpenAI writes it.
    pub(crate) fn refusal(status: u16, message: &str) -> Self {
        Self::error(status, json!({ "error": { "message": message, "type": "invalid_request_error", "code": null } }))
    }

    /// A refusal with any document.
    pub(crate) fn error(status: u16, document: impl Into<Value>) -> Self {
        let document: Value = document.into();
        Self::sent(status, "application/json", vec![document.to_string()])
    }

    /// An answer that depends on the request.
    pub(crate) fn by(answer: impl FnOnce(&Received) -> Self + Send + 'static) -> Self {
        Self::By(Box::new(answer))
    }

    pub(crate) fn header(self, name: &str, value: &str) -> Self {
        self.changed(|sent| sent.headers.push((name.to_owned(), value.to_owned())))
    }

    /// What follows, as it is.
    pub(crate) fn then(self, content: &str) -> Self {
        self.changed(|sent| sent.chunks.push(content.to_owned()))
    }

    /// Then the connection breaks.
    pub(crate) fn cut(self) -> Self {
        self.changed(|sent| sent.end = End::Cut)
    }

    /// Then nothing more comes, and the connection stays.
    pub(crate) fn held_open(self) -> Self {
        self.changed(|sent| sent.end = End::Open)
    }

    fn sent(status: u16, media_type: &str, chunks: Vec<String>) -> Self {
        let headers = vec![("content-type".to_owned(), media_type.to_owned())];
        Self::Sent(Sent { status, headers, chunks, end: End::Whole })
    }

    fn changed(mut self, change: impl FnOnce(&mut Sent)) -> Self {
        let Self::Sent(sent) = &mut self else { panic!("only what is sent can be changed") };
        change(sent);
        self
    }

    pub(super) async fn send(self, request: &Received, open: OpenAnswer) -> Response {
        match self {
            Self::Sent(sent) => sent.response(open),
            Self::Silent => std::future::pending::<Result<Response, Infallible>>().await.unwrap(),
            Self::By(answer) => Box::pin(answer(request).send(request, open)).await,
        }
    }
}

impl Sent {
    fn response(self, open: OpenAnswer) -> Response {
        let chunks = stream::iter(self.chunks.into_iter().map(Ok));
        let body = match self.end {
            End::Whole => chunks.boxed(),
            End::Cut => {
                // What was said before is on its way by then.
                let cut = stream::once(async {
                    tokio::task::yield_now().await;
                    Err(io::Error::other("cut"))
                });
                chunks.chain(cut).boxed()
            }
            End::Open => chunks.chain(stream::pending()).boxed(),
        };
        let body = body.map(move |chunk: io::Result<String>| {
            let _is_open = &open;
            chunk
        });
        let mut response = Response::builder().status(self.status);
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        response.body(Body::from_stream(body)).unwrap()
    }
}

/// Counts an answer as long as somebody listens.
pub(super) struct OpenAnswer(Arc<watch::Sender<usize>>);

impl OpenAnswer {
    pub(super) fn new(open: &Arc<watch::Sender<usize>>) -> Self {
        open.send_modify(|open| *open += 1);
        Self(Arc::clone(open))
    }
}

impl Drop for OpenAnswer {
    fn drop(&mut self) {
        self.0.send_modify(|open| *open -= 1);
    }
}

/// A piece that adds to the answer.
pub(crate) fn delta(delta: Value) -> Value {
    let mut piece = json!({ "id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "test-model-1",
        "choices": [{ "index": 0, "finish_reason": null }] });
    piece["choices"][0]["delta"] = delta;
    piece
}

/// A piece that ends the answer.
pub(crate) fn finish(reason: &str) -> Value {
    json!({ "model": "test-model-1", "choices": [{ "index": 0, "delta": {}, "finish_reason": reason }] })
}

/// A piece that says what the answer took.
pub(crate) fn usage(input: u64, output: u64) -> Value {
    json!({ "model": "test-model-1", "choices": [],
        "usage": { "prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output } })
}
