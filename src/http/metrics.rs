//! What is counted, and how Prometheus reads it.

use std::{
    fmt,
    sync::{Arc, atomic::AtomicU64},
    time::{Duration, Instant},
};

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

use crate::{
    executions::{Answer, ExecutionError, Status},
    interpreter::Event,
};

/// The media type of [`Metrics::text`].
pub(super) const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// Where the bars of histograms end, in seconds.
const SECONDS: [f64; 12] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0];

/// Everything that is counted. Clones are the same.
#[derive(Clone, Debug)]
pub(super) struct Metrics(Arc<Measures>);

#[derive(Debug)]
struct Measures {
    registry: Registry,
    requests: Family<OfRequest, Counter>,
    request_seconds: Family<OfRoute, Histogram, fn() -> Histogram>,
    runs: Family<OfRun, Counter>,
    run_seconds: Family<OfStage, Histogram, fn() -> Histogram>,
    generated_files: Counter,
    generated_bytes: Counter,
    workers: Family<OfState, Gauge>,
    sandboxes: Gauge,
    queue: Gauge,
    files: Gauge,
    bytes: Gauge,
    uptime: Gauge<f64, AtomicU64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfRequest {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfRoute {
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfRun {
    ending: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfStage {
    stage: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfState {
    state: &'static str,
}

/// A run as it is measured from outside.
#[derive(Debug)]
pub(super) struct Watched {
    began: Instant,
    waited: Option<Duration>,
}

impl Watched {
    /// The run was asked for.
    pub(super) fn begin() -> Self {
        Self { began: Instant::now(), waited: None }
    }

    /// Something happened in it.
    pub(super) fn saw(&mut self, event: &Event) {
        if matches!(event, Event::Started) {
            self.waited.get_or_insert(self.began.elapsed());
        }
    }
}

impl Metrics {
    pub(super) fn new() -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(SECONDS);
        let mut measures = Measures {
            registry: Registry::with_prefix("taipan"),
            requests: Family::default(),
            request_seconds: Family::new_with_constructor(histogram),
            runs: Family::default(),
            run_seconds: Family::new_with_constructor(histogram),
            generated_files: Counter::default(),
            generated_bytes: Counter::default(),
            workers: Family::default(),
            sandboxes: Gauge::default(),
            queue: Gauge::default(),
            files: Gauge::default(),
            bytes: Gauge::default(),
            uptime: Gauge::default(),
        };
        measures.register();
        Self(Arc::new(measures))
    }

    /// A request was answered. What is sent of the answer from then on is not measured.
    pub(super) fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        // Methods may be anything, and each would be a line for ever.
        let is_usual = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].contains(&method);
        let method = if is_usual { method } else { "other" }.to_owned();
        let of_request = OfRequest { method, route: route.to_owned(), status };
        self.0.requests.get_or_create(&of_request).inc();
        self.0.request_seconds.get_or_create(&OfRoute { route: route.to_owned() }).observe(took.as_secs_f64());
    }

    /// A run has ended.
    pub(super) fn ran(&self, watched: &Watched, answered: &Result<Answer, ExecutionError>) {
        let ending = answered.as_ref().map_or("not_run", |answer| answer.outcome.ending.name());
        self.0.runs.get_or_create(&OfRun { ending }).inc();
        let stage = |stage, took: Duration| {
            self.0.run_seconds.get_or_create(&OfStage { stage }).observe(took.as_secs_f64());
        };
        if let Some(waited) = watched.waited {
            stage("waiting", waited);
        }
        stage("total", watched.began.elapsed());
        if let Ok(answer) = answered {
            stage("code", answer.outcome.execution_time);
            self.0.generated_files.inc_by(answer.generated_files.len() as u64);
            self.0.generated_bytes.inc_by(answer.generated_files.iter().map(|answered| answered.file.size).sum());
        }
    }

    /// Everything, with how it is right now.
    pub(super) fn text(&self, status: &Status) -> Result<String, fmt::Error> {
        let (measures, interpreter) = (&*self.0, &status.interpreter);
        for (state, count) in [("busy", interpreter.workers_busy), ("idle", interpreter.workers_idle)] {
            measures.workers.get_or_create(&OfState { state }).set(signed(count));
        }
        measures.sandboxes.set(signed(interpreter.sandboxes_ready));
        measures.queue.set(signed(interpreter.queue_length));
        measures.files.set(signed(status.total_user_files));
        measures.bytes.set(signed(status.total_file_bytes));
        measures.uptime.set(interpreter.uptime.as_secs_f64());
        let mut text = String::new();
        encode(&mut text, &measures.registry)?;
        Ok(text)
    }
}

impl Measures {
    fn register(&mut self) {
        let registry = &mut self.registry;
        registry.register("http_requests", "Requests that were answered", self.requests.clone());
        registry.register_with_unit(
            "http_request",
            "From the head of a request to the head of its answer",
            Unit::Seconds,
            self.request_seconds.clone(),
        );
        registry.register("runs", "Runs that have ended, by how they did", self.runs.clone());
        registry.register_with_unit("run", "How long the stages of runs took", Unit::Seconds, self.run_seconds.clone());
        registry.register("generated_files", "Files that runs made", self.generated_files.clone());
        registry.register_with_unit("generated", "Bytes of these files", Unit::Bytes, self.generated_bytes.clone());
        registry.register("workers", "Workers that run code, and that wait for some", self.workers.clone());
        registry.register("sandboxes_ready", "Sandboxes that wait for code", self.sandboxes.clone());
        registry.register("queue_length", "Runs that wait for a worker", self.queue.clone());
        registry.register("stored_files", "Files of all users", self.files.clone());
        registry.register_with_unit("stored", "Bytes of all users' files", Unit::Bytes, self.bytes.clone());
        registry.register_with_unit("uptime", "Since the interpreter started", Unit::Seconds, self.uptime.clone());
    }
}

fn signed(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}
