use serde_json::json;

use super::raw_bot::{ORDINARY, RawSocket, identify, resume, together};
use crate::discord::server::{Invalid, Pace};

#[tokio::test]
async fn a_session_that_comes_back_is_told_what_it_missed() {
    let (discord, bot, mut socket, ada, _) = together().await;
    ada.sends(&ada.dm(), "first", []);
    assert_eq!(socket.until("MESSAGE_CREATE").await["content"], "first");
    discord.drops_connections();
    assert_eq!(socket.hears().await, Err(None));
    ada.sends(&ada.dm(), "second", []);
    ada.sends(&ada.dm(), "third", []);

    let (mut again, _) = RawSocket::connect(&bot, "?v=10").await;
    again.says(resume(&bot, &socket)).await;
    assert_eq!(again.until("MESSAGE_CREATE").await["content"], "second");
    assert_eq!(again.until("MESSAGE_CREATE").await["content"], "third");
    again.until("RESUMED").await;
    ada.sends(&ada.dm(), "fourth", []);
    assert_eq!(again.until("MESSAGE_CREATE").await["content"], "fourth");
    assert_eq!(discord.gateway_counts(), (2, 1, 1));
    discord.verdict();
}

#[tokio::test]
async fn a_session_that_was_left_or_is_over_cannot_be_resumed() {
    let (discord, bot, mut socket, ..) = together().await;
    socket.leaves().await;
    socket.hears().await.unwrap_err();
    let (mut again, _) = RawSocket::connect(&bot, "?v=10").await;
    again.says(resume(&bot, &socket)).await;
    assert_eq!(again.hears().await.unwrap(), json!({ "op": 9, "s": null, "t": null, "d": false }));
    again.says(identify(&bot, ORDINARY)).await;
    again.until("READY").await;
    discord.verdict();
}

#[tokio::test]
async fn a_sequence_number_that_was_never_reached_closes_with_4007() {
    let (discord, bot, mut socket, ..) = together().await;
    discord.drops_connections();
    socket.sequence = Some(1000);
    let (mut again, _) = RawSocket::connect(&bot, "?v=10").await;
    again.says(resume(&bot, &socket)).await;
    assert_eq!(again.hears().await, Err(Some(4007)));
    discord.verdict();
}

#[tokio::test]
async fn the_server_asks_to_reconnect_invalidates_and_closes_when_told_to() {
    let (discord, bot, mut socket, ..) = together().await;
    discord.asks_to_reconnect();
    assert_eq!(socket.hears().await.unwrap()["op"], 7);
    discord.invalidates(Invalid::Resumable);
    assert_eq!(socket.hears().await.unwrap()["d"], true);
    discord.closes(4000);
    assert_eq!(socket.hears().await, Err(Some(4000)));

    let (mut again, _) = RawSocket::connect(&bot, "?v=10").await;
    discord.turns_away(1, Invalid::Resumable);
    again.says(resume(&bot, &socket)).await;
    assert_eq!(again.hears().await.unwrap()["d"], true);
    again.says(resume(&bot, &socket)).await;
    again.until("RESUMED").await;
    discord.invalidates(Invalid::ForGood);
    assert_eq!(again.hears().await.unwrap()["d"], false);
    discord.verdict();
}

#[tokio::test]
async fn at_the_real_pace_one_may_identify_every_five_seconds() {
    let (discord, bot, ..) = together().await;
    discord.keeps_pace(Pace::Real);
    let (mut socket, _) = RawSocket::connect(&bot, "?v=10").await;
    socket.says(identify(&bot, ORDINARY)).await;
    assert_eq!(socket.hears().await.unwrap(), json!({ "op": 9, "s": null, "t": null, "d": false }));
    discord.time_passes(chrono::TimeDelta::seconds(5));
    socket.says(identify(&bot, ORDINARY)).await;
    socket.until("READY").await;
    discord.verdict();
}

#[tokio::test]
async fn the_next_connections_are_closed_before_hello_when_told_so() {
    let discord = crate::discord::server::Discord::start().await;
    let bot = super::raw_bot::RawBot::of(&discord);
    discord.closes_next(1, 4000);
    let url = bot.asks("GET", "/gateway/bot", None).await.body["url"].as_str().unwrap().to_owned();
    let (mut socket, _) = tokio_tungstenite::connect_async(format!("{url}/?v=10")).await.unwrap();
    let closed = futures_util::StreamExt::next(&mut socket).await.unwrap().unwrap();
    assert!(closed.is_close());
    RawSocket::ready(&bot).await;
    discord.verdict();
}
