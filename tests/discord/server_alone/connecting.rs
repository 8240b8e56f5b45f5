use std::time::Duration;

use serde_json::{Value, json};

use super::raw_bot::{ORDINARY, RawBot, RawSocket, identify, together};
use crate::discord::server::Discord;

#[tokio::test]
async fn a_bot_hears_hello_and_then_ready_and_its_guilds() {
    let discord = Discord::start().await;
    let guild = discord.guild("Lab");
    guild.channel("general");
    let bot = RawBot::of(&discord);
    let (mut socket, hello) = RawSocket::connect(&bot, "?v=10&encoding=json").await;
    assert_eq!(hello, json!({ "op": 10, "s": null, "t": null, "d": { "heartbeat_interval": 41_250 } }));

    socket.says(identify(&bot, ORDINARY)).await;
    let ready = socket.until("READY").await;
    assert_eq!(ready["guilds"], json!([{ "id": guild.id, "unavailable": true }]));
    assert_eq!(ready["user"]["id"], json!(discord.bot()));
    let guild = socket.until("GUILD_CREATE").await;
    assert_eq!([&guild["name"], &guild["channels"][0]["name"]], ["Lab", "general"]);
    discord.ready().await;

    socket.says(json!({ "op": 1, "d": socket.sequence })).await;
    assert_eq!(socket.hears().await.unwrap()["op"], 11);
    assert_eq!((discord.heartbeats(), discord.gateway_counts()), (1, (1, 1, 0)));
    discord.verdict();
}

#[tokio::test]
async fn the_whole_connection_may_be_one_compressed_stream() {
    let discord = Discord::start().await;
    discord.guild("Lab");
    let bot = RawBot::of(&discord);
    let (mut socket, hello) = RawSocket::connect(&bot, "?v=10&encoding=json&compress=zlib-stream").await;
    assert_eq!(hello["op"], 10);
    socket.says(identify(&bot, ORDINARY)).await;
    socket.until("GUILD_CREATE").await;
    // HELLO, READY and the guild.
    assert_eq!(socket.compressed, 3);

    let ada = discord.user("Ada");
    for number in 0..50 {
        ada.sends(&ada.dm(), &format!("{number} {}", "ä".repeat(40 * number)), []);
        let heard = socket.until("MESSAGE_CREATE").await;
        assert_eq!(heard["content"], format!("{number} {}", "ä".repeat(40 * number)).trim());
    }
    discord.verdict();
}

#[tokio::test]
async fn large_payloads_are_compressed_for_those_who_ask_when_identifying() {
    let discord = Discord::start().await;
    discord.guild("Lab");
    let bot = RawBot::of(&discord);
    let (mut socket, _) = RawSocket::connect(&bot, "?v=10").await;
    let mut payload = identify(&bot, ORDINARY);
    payload["d"]["compress"] = json!(true);
    socket.says(payload).await;
    socket.until("GUILD_CREATE").await;
    assert_eq!(socket.compressed, 2);
    socket.says(json!({ "op": 1, "d": null })).await;
    assert_eq!((socket.hears().await.unwrap()["op"].clone(), socket.compressed), (json!(11), 2));
    discord.verdict();
}

#[tokio::test]
async fn a_wrong_token_and_intents_that_are_not_granted_close_the_connection() {
    let discord = Discord::start().await;
    let bot = RawBot::of(&discord);
    let content = 1 << 15;
    let refused = async |payload: Value| {
        let (mut socket, _) = RawSocket::connect(&bot, "?v=10").await;
        socket.says(payload).await;
        socket.hears().await
    };
    let mut wrong = identify(&bot, ORDINARY);
    wrong["d"]["token"] = json!("wrong");
    assert_eq!(refused(wrong).await, Err(Some(4004)));
    discord.grants_no_privileged_intents();
    assert_eq!(refused(identify(&bot, ORDINARY | content)).await, Err(Some(4014)));
    assert_eq!(bot.asks("GET", "/applications/@me", None).await.body["flags"], 0);
    discord.verdict();
}

#[tokio::test]
async fn what_breaks_the_protocol_closes_the_connection_and_is_held_against_the_bot() {
    let discord = Discord::start().await;
    let bot = RawBot::of(&discord);
    let mut shard = identify(&bot, ORDINARY);
    shard["d"]["shard"] = json!([2, 2]);
    let cases = [
        (json!({ "op": 3, "d": {} }), 4003),
        (json!({ "op": 77 }), 4001),
        (identify(&bot, 1 << 40), 4013),
        (shard, 4010),
        (json!("x".repeat(5000)), 4002),
    ];
    for (payload, code) in cases {
        let (mut socket, _) = RawSocket::connect(&bot, "?v=10").await;
        socket.says(payload).await;
        assert_eq!(socket.hears().await, Err(Some(code)));
        discord.expects(&format!("closed with {code}"));
    }
    RawSocket::connect(&bot, "?v=9").await;
    discord.expects("v=9");
    assert_eq!(discord.violations().len(), 6);
    discord.verdict();
}

#[tokio::test]
async fn a_bot_that_stops_its_heartbeats_is_closed_with_4009() {
    let discord = Discord::start().await;
    discord.wants_heartbeats_every(Duration::from_millis(40));
    let bot = RawBot::of(&discord);
    let (mut socket, _) = RawSocket::connect(&bot, "?v=10").await;
    assert_eq!(socket.hears().await, Err(Some(4009)));
    discord.expects("no heartbeat came");
    discord.verdict();
}

#[tokio::test]
async fn heartbeats_are_not_acknowledged_when_that_is_what_is_tried() {
    let (discord, _, mut socket, ada, _) = together().await;
    discord.acknowledges_heartbeats(false);
    socket.says(json!({ "op": 1, "d": null })).await;
    discord.gateway_has("the heartbeat", |[.., heartbeats]| heartbeats == 1).await;
    ada.sends(&ada.dm(), "hello", []);
    assert_eq!(socket.hears().await.unwrap()["t"], "MESSAGE_CREATE");
    discord.verdict();
}

#[tokio::test]
async fn without_the_intent_for_it_the_text_of_others_messages_is_empty_in_guilds() {
    let discord = Discord::start().await;
    let (ada, channel) = (discord.user("Ada"), discord.guild("Lab").channel("general"));
    let bot = RawBot::of(&discord);
    let (mut socket, _) = RawSocket::connect(&bot, "?v=10").await;
    socket.says(identify(&bot, ORDINARY)).await;
    socket.until("GUILD_CREATE").await;
    let heard = async |socket: &mut RawSocket| socket.until("MESSAGE_CREATE").await["content"].clone();
    ada.sends(&channel, "not for the bot", []);
    assert_eq!(heard(&mut socket).await, "");
    let mentioning = format!("{} look", discord.mention());
    ada.sends(&channel, &mentioning, []);
    assert_eq!(heard(&mut socket).await, mentioning);
    ada.sends(&ada.dm(), "for the bot alone", []);
    assert_eq!(heard(&mut socket).await, "for the bot alone");
    discord.verdict();
}

#[tokio::test]
async fn a_shard_hears_of_its_own_guilds_and_the_first_one_of_dms() {
    let discord = Discord::start().await;
    let channels: Vec<_> = (0..2).map(|number| discord.guild(&format!("Lab {number}")).channel("general")).collect();
    let ada = discord.user("Ada");
    let bot = RawBot::of(&discord);
    let mut sockets = Vec::new();
    for shard in 0..2 {
        let (mut socket, _) = RawSocket::connect(&bot, "?v=10").await;
        let mut payload = identify(&bot, ORDINARY | 1 << 15);
        payload["d"]["shard"] = json!([shard, 2]);
        socket.says(payload).await;
        socket.until("READY").await;
        sockets.push(socket);
    }
    for channel in &channels {
        ada.sends(channel, &channel.id.to_string(), []);
    }
    ada.sends(&ada.dm(), "in private", []);
    let mut heard = Vec::new();
    for socket in &mut sockets {
        socket.leaves().await;
        while let Ok(payload) = socket.hears().await {
            if payload["t"] == "MESSAGE_CREATE" {
                heard.push(payload["d"]["content"].as_str().unwrap().to_owned());
            }
        }
    }
    // Each message once; the DM by the first.
    assert_eq!(heard.len(), 3);
    discord.verdict();
}
