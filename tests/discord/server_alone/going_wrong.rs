use std::time::Duration;

use serde_json::json;

use super::raw_bot::{RawBot, said, together};
use crate::discord::server::{Discord, Pace, Trouble};

const CREATE: &str = "POST /channels/{channel_id}/messages";

#[tokio::test]
async fn requests_go_wrong_as_often_as_told_and_then_no_more() {
    let (discord, bot, _socket, _, channel) = together().await;
    let troubles = [
        (Trouble::Status(500), (500, 0)),
        (Trouble::Status(502), (502, 0)),
        (Trouble::TooLarge, (413, 40005)),
        (Trouble::Refused { status: 403, code: 50013 }, (403, 50013)),
        (Trouble::RateLimited { retry_after: Duration::from_millis(1500), global: false }, (429, 0)),
    ];
    for (trouble, refusal) in &troubles {
        discord.troubles(CREATE, 1, trouble);
        assert_eq!(bot.says(&channel, "x").await.refusal(), *refusal);
    }
    discord.time_passes(chrono::TimeDelta::milliseconds(1500));
    discord.troubles(CREATE, 1, &Trouble::Delayed(Duration::from_millis(1)));
    assert_eq!(bot.says(&channel, "x").await.status, 200);
    assert_eq!(bot.says(&channel, "x").await.status, 200);
    discord.verdict();
}

#[tokio::test]
async fn too_many_requests_are_told_when_to_come_back() {
    let (discord, bot, _socket, _, channel) = together().await;
    discord.troubles("*", 1, &Trouble::RateLimited { retry_after: Duration::from_millis(1500), global: true });
    let answer = bot.says(&channel, "x").await;
    let header = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
    assert_eq!(
        [header("retry-after"), header("x-ratelimit-global"), header("x-ratelimit-scope")],
        ["2", "true", "global"]
    );
    discord.time_passes(chrono::TimeDelta::milliseconds(1400));
    bot.says(&channel, "x").await;
    discord.expects("POST /channels/{channel_id}/messages was asked before its Retry-After was over");
    discord.time_passes(chrono::TimeDelta::milliseconds(5100));
    assert_eq!(
        answer.body,
        json!({ "message": "You are being rate limited.", "code": 0, "retry_after": 1.5, "global": true })
    );

    discord.keeps_pace(Pace::Real);
    let mut statuses = Vec::new();
    let mut left = Vec::new();
    for _ in 0..6 {
        let answer = bot.says(&channel, "x").await;
        statuses.push(answer.status);
        left.extend(answer.headers.get("x-ratelimit-remaining").map(|left| left.to_str().unwrap().to_owned()));
    }
    assert_eq!(
        (statuses, left),
        (vec![200, 200, 200, 200, 200, 429], ["4", "3", "2", "1", "0"].map(str::to_owned).to_vec())
    );
    discord.time_passes(chrono::TimeDelta::seconds(5));
    assert_eq!(bot.says(&channel, "x").await.status, 200);
    discord.verdict();
}

#[tokio::test]
async fn at_the_real_pace_fifty_requests_a_second_are_enough() {
    let (discord, bot, ..) = together().await;
    discord.keeps_pace(Pace::Real);
    for _ in 0..25 {
        assert_eq!(bot.asks("GET", "/users/@me", None).await.status, 200);
        assert_eq!(bot.asks("GET", "/gateway/bot", None).await.status, 200);
    }
    let refused = bot.asks("GET", "/gateway/bot", None).await;
    assert_eq!(
        (refused.status, &refused.body["global"], &refused.body["retry_after"]),
        (429, &json!(true), &json!(1.0))
    );
    discord.verdict();
}

#[tokio::test]
async fn a_connection_breaks_before_or_after_the_deed() {
    let (discord, bot, _socket, ada, channel) = together().await;
    let path = format!("/channels/{channel}/messages");
    let mut body = said("once");
    body["nonce"] = json!("7");
    body["enforce_nonce"] = json!(true);
    let content = ("application/json".to_owned(), bytes::Bytes::from(body.to_string()));
    discord.troubles(CREATE, 1, &Trouble::Cut);
    bot.sends("POST", &path, Some(content.clone())).await.unwrap_err();
    assert!(discord.messages(&ada.dm()).is_empty());
    discord.troubles(CREATE, 1, &Trouble::AnswerLost);
    bot.sends("POST", &path, Some(content.clone())).await.unwrap_err();
    // The same nonce is the same message.
    assert_eq!(bot.sends("POST", &path, Some(content)).await.unwrap().status, 200);
    assert_eq!(discord.messages(&ada.dm()).len(), 1);
    discord.verdict();
}

#[tokio::test]
async fn the_proxy_leads_to_discord_alone() {
    let discord = Discord::start().await;
    let bot = RawBot::of(&discord);
    bot.fetches("https://gateway.discord.gg/?v=10").await.unwrap_err();
    bot.fetches("https://example.com/").await.unwrap_err();
    assert_eq!(
        discord.violations(),
        [
            "the proxy was asked: CONNECT gateway.discord.gg:443 HTTP/1.1",
            "the proxy was asked: CONNECT example.com:443 HTTP/1.1"
        ]
    );
    discord.expects("the proxy was asked");
    discord.verdict();
}

#[tokio::test]
async fn a_bot_that_was_not_told_the_gateway_must_ask_again() {
    let discord = Discord::start().await;
    let bot = RawBot::of(&discord);
    discord.troubles("GET /gateway", 1, &Trouble::Status(500));
    bot.asks("GET", "/gateway", None).await;
    assert_eq!(discord.complaints(), ["The last GET /gateway failed: a client that goes on takes the real gateway."]);
    bot.asks("GET", "/gateway", None).await;
    discord.verdict();
}

#[tokio::test]
async fn a_rule_that_is_broken_or_a_trouble_that_does_not_come_fails_the_test() {
    let discord = Discord::start().await;
    let bot = RawBot::of(&discord);
    bot.asks("GET", "/nowhere", None).await;
    discord.troubles(CREATE, 2, &Trouble::TooLarge);
    discord.expects("something else");
    assert_eq!(
        discord.complaints(),
        [
            "GET /api/v10/nowhere: there is no such route, or it is not spoken here",
            "This was expected and did not happen: something else",
            "2 troubles did not come to pass.",
        ]
    );
    let ended = tokio::spawn(async move { discord.verdict() }).await;
    assert!(ended.unwrap_err().is_panic());
}
