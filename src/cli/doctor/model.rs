//! The language model that `taipan chat` needs.

use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use tokio::time::timeout;

use super::check::{Check, Section};
use crate::{
    app,
    chat::model::{ChatModel as _, Delta, EndpointModel, Message, ModelError, Part, Question},
    config::Settings,
    formats::measures::Seconds,
};

/// How long the answer may take: models that are loaded first take a while.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Enough for a word of a model that thinks first, and cheap.
const MOST_TOKENS: u32 = 64;

const ENDPOINT: &str = "endpoint";

/// Whether the model answers, which is found out by asking it for a word.
pub(super) async fn section(settings: &Settings, offline: bool) -> Section {
    let check = match app::language_model(settings) {
        Ok(None) => Check::note(
            ENDPOINT,
            "not set: the assistant needs OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own",
        ),
        Ok(Some(_)) if offline => Check::note(ENDPOINT, "not asked: --offline"),
        Ok(Some(model)) => ask(&model, &settings.assistant.model).await,
        Err(error) => Check::missing(ENDPOINT, error.to_string()),
    };
    Section { title: "Language model", checks: vec![check] }
}

async fn ask(model: &EndpointModel, name: &str) -> Check {
    let began = Instant::now();
    let failure = match timeout(TIMEOUT, first_answer(model, name)).await {
        Ok(Ok(())) => {
            return Check::good(ENDPOINT, format!("the model `{name}` answers ({})", Seconds(began.elapsed())));
        }
        Ok(Err(error)) => error,
        Err(_) => ModelError::TimedOut { limit: TIMEOUT },
    };
    Check::missing(ENDPOINT, failure.to_string())
}

/// Waits for the end of an answer; a failure is not waited out.
async fn first_answer(model: &EndpointModel, name: &str) -> Result<(), ModelError> {
    let mut answer = model.answer(Question {
        model: name.to_owned(),
        messages: vec![Message::User(vec![Part::Text("Say OK.".to_owned())])],
        tools: Vec::new(),
        max_output_tokens: Some(MOST_TOKENS),
    });
    while let Some(delta) = answer.next().await {
        match delta? {
            Delta::Waiting { reason, .. } => return Err(reason),
            Delta::Finished(_) => return Ok(()),
            _ => {}
        }
    }
    Err(ModelError::CutOff)
}
