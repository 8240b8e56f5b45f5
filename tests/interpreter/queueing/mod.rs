//! Requests wait in one bounded queue, in which owners take turns (X15).

mod bounds;
mod closing;
mod fairness;
mod many;
mod status;
mod zygote;

use taipan::{Event, Interpreter, Isolation, Request, Run};

use crate::interpreters::{Signal, settings};

/// A run that keeps its worker until it is told to go on.
pub(crate) struct Held {
    pub(crate) run: Run,
    signal: Signal,
}

impl Held {
    /// Starts such a run and waits until it has its worker.
    pub(crate) async fn start(interpreter: &Interpreter, request: impl FnOnce(String) -> Request) -> Self {
        let signal = Signal::new();
        let request = request(format!("{}\nprint('went on')", Signal::WAIT)).input(signal.file());
        let mut run = interpreter.start(request).await.expect("a run");
        while run.next().await.expect("an event") != Event::Started {}
        Self { run, signal }
    }

    pub(crate) fn go_on(&self) {
        self.signal.send();
    }
}

fn interpreter(isolation: Isolation, workers: usize, capacity: usize) -> Interpreter {
    settings(isolation).workers(workers).queue_capacity(capacity).build().expect("an interpreter")
}
