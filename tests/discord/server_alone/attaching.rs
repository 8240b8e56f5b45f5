use serde_json::{Value, json};

use super::raw_bot::{RawBot, together};
use crate::discord::server::{Delivery, File};

fn names(message: &Value) -> Vec<&str> {
    message["attachments"].as_array().unwrap().iter().map(|file| file["filename"].as_str().unwrap()).collect()
}

async fn sent(bot: &RawBot, channel: &str, files: &[(&str, &[u8])]) -> Value {
    let answer = bot.uploads(("POST", &format!("/channels/{channel}/messages")), &json!({}), files).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    answer.body
}

fn place(message: &Value) -> String {
    format!("/channels/{}/messages/{}", message["channel_id"].as_str().unwrap(), message["id"].as_str().unwrap())
}

#[tokio::test]
async fn files_of_the_bot_lie_on_the_cdn_under_names_as_discord_cleans_them() {
    let (discord, bot, _socket, _, channel) = together().await;
    let message = sent(&bot, &channel, &[("📊 a b (ID: 7).csv", b"1,2"), (".env", b"x"), ("ünï", b"y")]).await;
    assert_eq!(names(&message), ["a_b_ID_7.csv", "env", "n"]);
    assert_eq!(message["attachments"][0]["title"], "📊 a b (ID: 7)");
    let url = message["attachments"][0]["url"].as_str().unwrap();
    assert_eq!(bot.fetches(url).await.unwrap(), (200, "1,2".into()));
    let media = message["attachments"][0]["proxy_url"].as_str().unwrap();
    assert_eq!(bot.fetches(media).await.unwrap().0, 200);
    // Without its signature a link is worth nothing.
    assert_eq!(bot.fetches(url.split('?').next().unwrap()).await.unwrap().0, 404);
    discord.time_passes(chrono::TimeDelta::hours(25));
    assert_eq!(bot.fetches(url).await.unwrap().0, 404);
    discord.verdict();
}

#[tokio::test]
async fn an_edit_keeps_the_files_unless_it_lists_or_brings_some() {
    let (discord, bot, _socket, _, channel) = together().await;
    let message = sent(&bot, &channel, &[("a.txt", b"a"), ("b.txt", b"b")]).await;
    let place = place(&message);
    let text = json!({ "content": "x", "allowed_mentions": { "parse": [] } });
    let edited = bot.asks("PATCH", &place, Some(text)).await.body;
    assert_eq!(names(&edited), ["a.txt", "b.txt"]);

    let kept = json!({ "attachments": [{ "id": message["attachments"][1]["id"] }] });
    assert_eq!(names(&bot.asks("PATCH", &place, Some(kept.clone())).await.body), ["b.txt"]);

    let mut both = kept;
    both["attachments"].as_array_mut().unwrap().push(json!({ "id": 0, "description": "new" }));
    assert_eq!(names(&bot.uploads(("PATCH", &place), &both, &[("c.txt", b"c")]).await.body), ["b.txt", "c.txt"]);

    // What is not listed beside a new file is dropped.
    assert_eq!(names(&bot.uploads(("PATCH", &place), &json!({}), &[("d.txt", b"d")]).await.body), ["d.txt"]);
    discord.verdict();
}

#[tokio::test]
async fn too_large_and_too_many_files_are_refused() {
    let (discord, bot, _socket, _, channel) = together().await;
    let path = format!("/channels/{channel}/messages");
    let large = vec![0; 10 * 1024 * 1024 + 1];
    assert_eq!(bot.uploads(("POST", &path), &json!({}), &[("a.bin", &large)]).await.refusal(), (413, 40005));
    let whole = &large[1..];
    sent(&bot, &channel, &[("a.bin", whole), ("b.bin", whole)]).await;
    let three = [("a.bin", whole), ("b.bin", whole), ("c.bin", whole)];
    assert_eq!(bot.uploads(("POST", &path), &json!({}), &three).await.refusal(), (413, 40005));
    let eleven = vec![("a.txt", &b"a"[..]); 11];
    assert_eq!(bot.uploads(("POST", &path), &json!({}), &eleven).await.refusal(), (400, 50035));
    discord.expects("413 Request entity too large (40005)");
    discord.expects("attachments: Must be 10 or fewer in length.");
    discord.takes_files_up_to(10);
    assert_eq!(bot.uploads(("POST", &path), &json!({}), &[("a.bin", &[0; 11])]).await.refusal(), (413, 40005));
    discord.verdict();
}

#[tokio::test]
async fn files_of_people_come_as_their_delivery_says() {
    let (discord, bot, mut socket, ada, _) = together().await;
    let file = |delivery| File::new("a.csv", "1,2").delivered(delivery);
    let deliveries = [Delivery::Prompt, Delivery::Missing, Delivery::WebPage, Delivery::Broken, Delivery::Expired];
    let message = ada.sends(&ada.dm(), "look", deliveries.map(file));
    let heard = socket.until("MESSAGE_CREATE").await;
    let mut statuses = Vec::new();
    for file in heard["attachments"].as_array().unwrap() {
        statuses.push(bot.fetches(file["url"].as_str().unwrap()).await.unwrap().0);
    }
    assert_eq!(statuses, [200, 404, 200, 502, 404]);
    assert_eq!(discord.fetched(&message), 5);
    let slow = Delivery::Slow(std::time::Duration::from_millis(1));
    ada.sends(&ada.dm(), "again", [file(slow), file(Delivery::Cut)]);
    let heard = socket.until("MESSAGE_CREATE").await;
    let url = |number: usize| heard["attachments"][number]["url"].as_str().unwrap();
    assert_eq!(bot.fetches(url(0)).await.unwrap(), (200, "1,2".into()));
    bot.fetches(url(1)).await.unwrap_err();
    discord.verdict();
}
