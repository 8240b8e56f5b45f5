use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use taipan::{
    Isolation,
    catalog::{Catalog, FileRecord},
    chat::{Assistant, AssistantSettings, Channel, TOOL_NAME, TurnEnding, TurnEvent, TurnOutcome, UserMessage},
    executions::{Clock, DailyRuns, Executions, FileLimits, Upload, UserFiles},
    files::Store,
    identifiers::UserId,
};
use tempfile::TempDir;
use tokio::sync::watch;

use crate::{
    catalog::given::{Engine, Store as CatalogPlace},
    chat::endpoint::{ModelEndpoint, Received, Scripted},
    interpreters,
};

pub(super) const ANNA: UserId = UserId(7);
pub(super) const BEN: UserId = UserId(8);
/// What the model is told first of the world, while the user has no files.
pub(super) const NO_FILES: &str = "[It is Thursday, 2026-01-01 12:00 (UTC). The user has no files.]";
/// What each result ends with.
pub(super) const REMINDER: &str = "reminder: the next run starts anew, without the variables and imports of this one.";

/// A clock that goes when it is told to, from 2026-01-01 12:00 UTC on.
pub(super) struct TestClock(watch::Sender<DateTime<Utc>>);

impl TestClock {
    fn new() -> Self {
        Self(watch::Sender::new("2026-01-01T12:00:00Z".parse().unwrap()))
    }

    pub(super) fn advance(&self, time: TimeDelta) {
        self.0.send_modify(|now| *now += time);
    }
}

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.borrow()
    }

    async fn sleep(&self, duration: Duration) {
        let until = self.now() + TimeDelta::from_std(duration).unwrap();
        // A clock that is gone stands still.
        if self.0.subscribe().wait_for(|now| *now >= until).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// An assistant and what it is made of.
pub(super) struct Given {
    pub(super) assistant: Assistant,
    pub(super) endpoint: ModelEndpoint,
    pub(super) executions: Executions,
    pub(super) catalog: Arc<dyn Catalog>,
    pub(super) clock: Arc<TestClock>,
    _data_dir: TempDir,
    _catalog_place: CatalogPlace,
}

/// The usual settings, and one answer for each time the model is asked.
pub(super) async fn given(answers: impl IntoIterator<Item = Scripted>) -> Given {
    given_with(|_| (), ModelEndpoint::start(answers).await).await
}

/// Answers that depend on what is asked.
pub(super) async fn given_answering(answer: impl Fn(&Received) -> Scripted + Send + Sync + 'static) -> Given {
    given_with(|_| (), ModelEndpoint::answering(answer).await).await
}

pub(super) async fn given_with(change: impl FnOnce(&mut AssistantSettings), endpoint: ModelEndpoint) -> Given {
    given_in(Isolation::Thread, change, endpoint).await
}

pub(super) async fn given_in(
    isolation: Isolation,
    change: impl FnOnce(&mut AssistantSettings),
    endpoint: ModelEndpoint,
) -> Given {
    let (data_dir, place, clock) = (tempfile::tempdir().unwrap(), Engine::Sqlite.store(), Arc::new(TestClock::new()));
    let catalog = place.open().await;
    let store = Store::open(data_dir.path()).unwrap();
    let interpreter = interpreters::plain(isolation);
    let files = UserFiles::new(store, Arc::clone(&catalog), FileLimits::default(), clock.clone());
    let executions = Executions::new(interpreter, files);
    let mut settings = AssistantSettings::of_model("test-model");
    change(&mut settings);
    let model = Arc::new(endpoint.model());
    let assistant = Assistant::new(executions.clone(), Arc::clone(&catalog), model, settings, clock.clone());
    Given { assistant, endpoint, executions, catalog, clock, _data_dir: data_dir, _catalog_place: place }
}

impl Given {
    /// The same, where each user may have so many runs a day.
    pub(super) fn with_daily_runs(self, most: u64) -> Self {
        let executions = self.executions.clone().limited(DailyRuns { most: Some(most), ..DailyRuns::default() });
        let (catalog, model) = (Arc::clone(&self.catalog), Arc::new(self.endpoint.model()));
        let settings = AssistantSettings::of_model("test-model");
        let assistant = Assistant::new(executions.clone(), catalog, model, settings, self.clock.clone());
        Self { assistant, executions, ..self }
    }

    /// Anna asks in the terminal, and waits for the end.
    pub(super) async fn ask(&self, text: &str) -> TurnOutcome {
        self.say(UserMessage::new(text)).await
    }

    pub(super) async fn say(&self, message: UserMessage) -> TurnOutcome {
        self.assistant.turn(ANNA, Channel::Terminal, message).outcome().await
    }

    /// Uploads a file, a second after whatever came before.
    pub(super) async fn upload(&self, user: UserId, name: &str, content: &str) -> FileRecord {
        self.clock.advance(TimeDelta::seconds(1));
        self.executions.save_upload(user, Upload::named(name), content.as_bytes()).await.unwrap()
    }

    /// What the model was told, message by message, the last time it was asked: without its task.
    pub(super) fn last_told(&self) -> Vec<String> {
        told(self.endpoint.requests().last().unwrap())
    }

    /// What the model was told of its calls, the last time it was asked.
    pub(super) fn last_results(&self) -> Vec<String> {
        self.endpoint.requests().last().unwrap().tool_results()
    }
}

/// The messages of a request as `role: text`, calls as `role: calls name(arguments)`; without the task.
pub(super) fn told(request: &Received) -> Vec<String> {
    let messages = request.body["messages"].as_array().unwrap();
    assert_eq!(messages[0]["role"], "system");
    messages[1..].iter().map(written).collect()
}

fn written(message: &Value) -> String {
    let role = message["role"].as_str().unwrap();
    let text = match &message["content"] {
        Value::Array(parts) => {
            let part = |part: &Value| part["text"].as_str().or(part["image_url"]["url"].as_str()).unwrap().to_owned();
            parts.iter().map(part).collect::<Vec<_>>().join(" | ")
        }
        content => content.as_str().unwrap_or_default().to_owned(),
    };
    let calls = message["tool_calls"].as_array().into_iter().flatten().map(|call| {
        let function = &call["function"];
        format!(" calls {}({})", function["name"].as_str().unwrap(), function["arguments"].as_str().unwrap())
    });
    format!("{role}: {text}{}", calls.collect::<String>())
}

/// The model wants this code run.
pub(super) fn run(code: &str) -> Scripted {
    Scripted::call(TOOL_NAME, json!({ "code": code }))
}

/// All that happens in a turn, and its end.
pub(super) async fn heard(mut turn: taipan::chat::Turn) -> (Vec<TurnEvent>, TurnOutcome) {
    let mut events = Vec::new();
    while let Some(event) = turn.next().await {
        events.push(event);
    }
    (events, turn.outcome().await)
}

/// Waits until the code of a turn prints.
pub(super) async fn until_printed(turn: &mut taipan::chat::Turn) {
    while let Some(event) = turn.next().await {
        if matches!(event, TurnEvent::Run(taipan::Event::Stdout { .. })) {
            return;
        }
    }
    panic!("it prints");
}

pub(super) fn assert_done(outcome: &TurnOutcome) {
    assert!(matches!(outcome.ending, TurnEnding::Done), "{:?}", outcome.ending);
    assert!(outcome.is_remembered);
}
