//! A model's endpoint on this machine: real HTTP, and answers from a script.
//!
//! ```ignore
//! let endpoint = ModelEndpoint::start([Scripted::call("execute_python_code", json!({ "code": "6 * 7" })), Scripted::by(
//!     |request| Scripted::text(&format!("It says {}.", request.tool_results().concat())),
//! )]).await;
//! let answer = endpoint.model().answer(question);
//! ```
//!
//! - `scripted`: what it answers, faults included.
//! - `received`: what it was asked.
//! - `said`: a whole answer, as a client hears it.
//! - `clock`: a clock whose pauses take no time and are remembered.

mod clock;
mod received;
mod said;
mod scripted;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use axum::{Router, extract::State, response::Response};
use taipan::chat::model::{Address, Endpoint, EndpointModel, Secret};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use self::scripted::OpenAnswer;
pub(crate) use self::{
    clock::TestClock,
    received::Received,
    said::Said,
    scripted::{Scripted, delta, finish, usage},
};

/// The key that clients of [`ModelEndpoint::model`] send.
pub(crate) const KEY: &str = "sk-test-0123456789abcdef";

/// An endpoint that answers from a script until it is dropped. It lives on the runtime of its test, which must not be
/// blocked meanwhile.
pub(crate) struct ModelEndpoint {
    port: u16,
    state: Arc<Script>,
    serving: JoinHandle<()>,
    pub(crate) clock: Arc<TestClock>,
}

struct Script {
    answers: Answers,
    requests: watch::Sender<Vec<Received>>,
    open: Arc<watch::Sender<usize>>,
}

enum Answers {
    InTurn(Mutex<VecDeque<Scripted>>),
    Always(Box<dyn Fn(&Received) -> Scripted + Send + Sync>),
}

impl ModelEndpoint {
    /// Starts to listen on a port of its own, with one answer for each request.
    pub(crate) async fn start(answers: impl IntoIterator<Item = Scripted>) -> Self {
        Self::listen(Answers::InTurn(Mutex::new(answers.into_iter().collect()))).await
    }

    /// Starts to listen with answers that depend on the requests, as many as are wanted.
    pub(crate) async fn answering(answer: impl Fn(&Received) -> Scripted + Send + Sync + 'static) -> Self {
        Self::listen(Answers::Always(Box::new(answer))).await
    }

    async fn listen(answers: Answers) -> Self {
        let state = Arc::new(Script { answers, requests: watch::Sender::default(), open: Arc::default() });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let router = Router::new().fallback(answer).with_state(Arc::clone(&state));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { port, state, serving, clock: Arc::default() }
    }

    /// Where it listens, without any path.
    pub(crate) fn root(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn address(&self) -> Address {
        self.root().parse().unwrap()
    }

    /// A client of it with a key, whose pauses take no time.
    pub(crate) fn model(&self) -> EndpointModel {
        self.model_with(Endpoint::new(self.address(), Some(Secret::new(KEY))))
    }

    pub(crate) fn model_with(&self, endpoint: Endpoint) -> EndpointModel {
        EndpointModel::new(endpoint, self.clock.clone()).unwrap()
    }

    /// Ends it; connections to it are refused from then on.
    pub(crate) async fn stop(mut self) {
        self.serving.abort();
        // The port is free once the task is gone.
        (&mut self.serving).await.unwrap_err();
    }

    /// What it was asked so far.
    pub(crate) fn requests(&self) -> Vec<Received> {
        self.state.requests.borrow().clone()
    }

    /// Waits until it was asked so many times.
    pub(crate) async fn was_asked(&self, times: usize) {
        self.state.requests.subscribe().wait_for(|requests| requests.len() >= times).await.unwrap();
    }

    /// How many answers somebody is still listening to.
    pub(crate) fn open_answers(&self) -> usize {
        *self.state.open.borrow()
    }

    /// Waits until nobody listens any more.
    pub(crate) async fn is_left_alone(&self) {
        self.state.open.subscribe().wait_for(|open| *open == 0).await.unwrap();
    }

    /// How many answers of the script were not asked for.
    pub(crate) fn answers_left(&self) -> usize {
        match &self.state.answers {
            Answers::InTurn(answers) => answers.lock().unwrap().len(),
            Answers::Always(_) => usize::MAX,
        }
    }
}

impl Drop for ModelEndpoint {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn answer(State(script): State<Arc<Script>>, request: axum::extract::Request) -> Response {
    let request = Received::read(request).await;
    let scripted = match &script.answers {
        Answers::InTurn(answers) => answers.lock().unwrap().pop_front(),
        Answers::Always(answer) => Some(answer(&request)),
    };
    script.requests.send_modify(|requests| requests.push(request.clone()));
    // A status that no client repeats its question for.
    scripted
        .unwrap_or_else(|| Scripted::refusal(418, "The script has no further answer."))
        .send(&request, OpenAnswer::new(&script.open))
        .await
}
