//! What the model is shown (A5).

use chrono::{DateTime, TimeDelta, Utc};
use taipan::chat::{AssistantSettings, MOST_IMAGES, Sight, UserMessage, model::Image};

use super::given::{Given, NO_FILES, assert_done, given_with};
use crate::chat::endpoint::{ModelEndpoint, Scripted};

const LINK: &str = "https://cdn.example/cat.png?ex=1";

async fn given_seeing(sight: Sight) -> Given {
    let endpoint = ModelEndpoint::answering(|_| Scripted::text("A cat.")).await;
    given_with(|settings: &mut AssistantSettings| settings.sight = sight, endpoint).await
}

fn noon() -> DateTime<Utc> {
    "2026-01-01T12:00:00Z".parse().unwrap()
}

fn cat(expires_at: Option<DateTime<Utc>>) -> UserMessage {
    UserMessage::new("What is this?").image(Image::at(LINK), expires_at)
}

/// A5
#[tokio::test]
async fn a_model_that_sees_is_shown_pictures_until_their_links_end() {
    let given = given_seeing(Sight::All).await;
    assert_done(&given.say(cat(Some(noon() + TimeDelta::minutes(1)))).await);
    assert_eq!(given.last_told(), [format!("user: {NO_FILES}\n\nWhat is this? | {LINK}")]);
    given.ask("Which colour?").await;
    assert_eq!(given.last_told()[0], format!("user: What is this? | {LINK}"));
    given.clock.advance(TimeDelta::minutes(1));
    given.ask("And now?").await;
    assert_eq!(given.last_told()[0], "user: What is this? | [A picture that is no longer available.]");
    // A link that has ended already is not shown at all.
    given.say(cat(Some(noon()))).await;
    assert!(given.last_told().last().unwrap().ends_with("What is this?\n\n[A picture that is no longer available.]"));
}

/// A5
#[tokio::test]
async fn a_model_that_is_blind_is_told_so() {
    let given = given_seeing(Sight::ByName).await;
    given.say(cat(None)).await;
    let blind = "[A picture that you cannot see, since you read text alone.]";
    assert_eq!(given.last_told(), [format!("user: {NO_FILES}\n\nWhat is this?\n\n{blind}")]);
}

/// A5: what is kept of pictures is bounded, and how many are shown.
#[tokio::test]
async fn large_pictures_are_shown_once_and_not_kept() {
    let given = given_seeing(Sight::All).await;
    let image = Image::of_bytes("image/png", &vec![0; 600_000]);
    given.say(UserMessage::new("Look").image(image.clone(), None)).await;
    assert!(given.last_told()[0].ends_with(&*image.url));
    given.ask("And?").await;
    assert_eq!(given.last_told()[0], "user: Look | [A picture that is no longer available.]");
    let many = (0..20).fold(UserMessage::new("Many"), |message, _| message.image(Image::at(LINK), None));
    given.say(many).await;
    assert_eq!(given.last_told().last().unwrap().matches(LINK).count(), MOST_IMAGES);
}

/// A6, A5: pictures count, where the endpoint does not say.
#[tokio::test]
async fn pictures_count_where_the_endpoint_does_not_say() {
    let endpoint = ModelEndpoint::answering(|_| {
        Scripted::stream([
            crate::chat::endpoint::delta(serde_json::json!({ "content": "A cat." })),
            crate::chat::endpoint::finish("stop"),
        ])
    })
    .await;
    let given = given_with(|settings| settings.model = "gpt-4o".to_owned(), endpoint).await;
    let without = given.ask("What is this?").await.spent;
    given.assistant.reset(super::given::ANNA, None).await.unwrap();
    let with = given.say(cat(None)).await.spent;
    assert!(without.is_estimate && with.is_estimate);
    // A picture whose size nobody knows counts as the one with the most tiles: eight.
    let picture = with.usage.input - without.usage.input;
    assert_eq!(picture, 85 + 8 * 170);
}
