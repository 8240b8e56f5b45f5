//! The key goes to the endpoint and nowhere else (A7).

use std::{
    io,
    sync::{Arc, Mutex},
};

use taipan::chat::model::{ChatModel, Endpoint, Secret};
use tracing_subscriber::fmt::MakeWriter;

use super::{
    endpoint::{KEY, ModelEndpoint, Said, Scripted},
    question,
};

/// A log that is kept.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn the_key_stands_in_no_log_and_no_error() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).finish();
    let endpoint = ModelEndpoint::start([
        Scripted::refusal(503, &format!("Your key {KEY}")),
        Scripted::refusal(400, &format!("Your key {KEY} is odd")),
    ])
    .await;
    let said = {
        let _logging = tracing::subscriber::set_default(subscriber);
        Said::by(endpoint.model().answer(question())).await
    };
    assert_eq!(endpoint.requests()[0].header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    let shown = format!("{said:?} {:?} {}", endpoint.model(), said.complaint());
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("a question to the model is repeated"), "{log}");
    assert!(!log.contains(KEY) && !shown.contains(KEY), "{log}\n{shown}");
    assert!(shown.contains("Secret(…)"), "{shown}");
}

#[tokio::test]
async fn the_key_does_not_follow_to_another_host() {
    let elsewhere = ModelEndpoint::start([Scripted::text("Thank you for the key.")]).await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("{}/v1/chat/completions", elsewhere.root());
        let endpoint = ModelEndpoint::start([Scripted::refusal(status, "").header("location", &location)]).await;
        let said = Said::by(endpoint.model().answer(question())).await;
        let expected = format!(
            "The endpoint sends its callers to {}. If that is right, put its address into OPENAI_BASE_URL.",
            elsewhere.root()
        );
        assert_eq!(said.complaint(), expected);
    }
    assert_eq!(elsewhere.requests().len(), 0);
}

#[tokio::test]
async fn an_endpoint_may_send_its_callers_on_within_itself() {
    let moved = Scripted::refusal(307, "").header("location", "/v1/chat/completions/");
    let endpoint = ModelEndpoint::start([moved, Scripted::text("Well.")]).await;
    assert_eq!(Said::by(endpoint.model().answer(question())).await.text, "Well.");
    let requests = endpoint.requests();
    assert_eq!(requests[1].path, "/v1/chat/completions/");
    assert_eq!(requests[1].body, requests[0].body);
    assert_eq!(requests[1].header("authorization"), Some(format!("Bearer {KEY}").as_str()));
}

#[tokio::test]
async fn an_endpoint_that_sends_its_callers_in_circles_is_left() {
    let round = || Scripted::refusal(307, "").header("location", "/v1/chat/completions");
    let endpoint = ModelEndpoint::start([round(), round(), round(), round(), round()]).await;
    let said = Said::by(endpoint.model().answer(question())).await;
    let expected = format!(
        "The endpoint sends its callers to {}. If that is right, put its address into OPENAI_BASE_URL.",
        endpoint.root()
    );
    assert_eq!((said.complaint(), endpoint.requests().len()), (expected, 4));
}

/// Copying a key brings white space along.
#[tokio::test]
async fn white_space_around_a_key_is_not_sent() {
    let endpoint = ModelEndpoint::start([Scripted::text("Well.")]).await;
    let model = endpoint.model_with(Endpoint::new(endpoint.address(), Some(Secret::new(" abc\n"))));
    Said::by(model.answer(question())).await.end.unwrap();
    assert_eq!(endpoint.requests()[0].header("authorization"), Some("Bearer abc"));
}
