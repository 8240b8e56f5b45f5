use serde_json::{Value, json};

use super::raw_bot::{said, together, while_bot_answers};
use crate::discord::server::{Discord, File, Given};

#[tokio::test]
async fn a_bot_is_led_here_by_its_environment() {
    let discord = Discord::start().await;
    let [token, proxy, authority] = discord.environment();
    assert_eq!(token, ("DISCORD_TOKEN", discord.token()));
    assert_eq!((proxy.0, proxy.1.starts_with("http://127.0.0.1:")), ("HTTPS_PROXY", true));
    let certificate = std::fs::read_to_string(&authority.1).unwrap();
    assert_eq!((authority.0, certificate.starts_with("-----BEGIN CERTIFICATE-----")), ("SSL_CERT_FILE", true));
    discord.verdict();
}

#[tokio::test]
async fn a_reply_carries_what_it_answers_and_wakes_its_author() {
    let (discord, bot, mut socket, ada, channel) = together().await;
    bot.says(&channel, "question?").await;
    let question = discord.next_message(&ada.dm()).await;
    socket.until("MESSAGE_CREATE").await;
    ada.replies(&question, "answer", [File::new("a b.csv", "1")]);
    let heard = socket.until("MESSAGE_CREATE").await;
    assert_eq!((&heard["type"], &heard["referenced_message"]["content"]), (&json!(19), &json!("question?")));
    assert_eq!(heard["mentions"][0]["id"], json!(discord.bot()));
    assert_eq!(heard["author"]["id"], json!(ada.id()));
    let written = discord.messages(&ada.dm());
    assert_eq!((written[1].file_names(), written[1].files[0].name.as_str()), (vec!["a b.csv"], "a_b.csv"));
    discord.verdict();
}

#[tokio::test]
async fn members_have_roles_and_may_leave() {
    let (discord, bot, mut socket, ada, _) = together().await;
    let guild = discord.guild("Lab");
    let role = guild.role("staff", [&ada]);
    let place = format!("/guilds/{}/members/{}", guild.id, ada.id());
    assert_eq!(bot.asks("GET", &place, None).await.body["roles"], json!([role]));
    let channel = guild.channel("general");
    ada.sends(&channel, "hello", []);
    assert_eq!(socket.until("MESSAGE_CREATE").await["member"]["roles"], json!([role]));
    ada.leaves(&guild);
    assert_eq!(bot.asks("GET", &place, None).await.refusal(), (404, 10007));
    assert_eq!(bot.asks("GET", &format!("/users/{}", ada.id()), None).await.body["global_name"], "Ada");
    discord.verdict();
}

#[tokio::test]
async fn a_file_is_given_to_a_command_and_lies_on_the_cdn() {
    let (discord, bot, mut socket, ada, _) = together().await;
    let file = json!({ "type": 11, "name": "file", "description": "Which", "required": true });
    let command = json!([{ "name": "upload", "description": "A file", "options": [file] }]);
    bot.asks("PUT", &format!("/applications/{}/commands", bot.id), Some(command)).await;
    let answer = async |interaction: Value| {
        let options = &interaction["data"]["options"][0]["value"];
        let file = &interaction["data"]["resolved"]["attachments"][options.as_str().unwrap()];
        assert_eq!(bot.fetches(file["url"].as_str().unwrap()).await.unwrap(), (200, "1,2".into()));
        bot.calls_back(&interaction, json!({ "type": 4, "data": said("got it") })).await;
    };
    let options = [("file", Given::File(File::new("b.csv", "1,2")))];
    let place = ada.dm();
    while_bot_answers(&mut socket, ada.runs_command(&place, "/upload", &options), answer).await;
    let request = discord.requests().pop().unwrap();
    assert_eq!(request.route, "POST /interactions/{interaction_id}/{interaction_token}/callback");
    assert_eq!((request.status, request.body.unwrap()["data"]["content"].clone()), (Some(204), json!("got it")));
    discord.verdict();
}

#[tokio::test]
async fn something_that_is_not_there_any_more_can_be_pressed_all_the_same() {
    let (discord, bot, mut socket, ada, channel) = together().await;
    bot.says(&channel, "plain").await;
    let plain = discord.next_message(&ada.dm()).await;
    let answer = async |interaction: Value| {
        assert_eq!(interaction["data"]["custom_id"], "delete:7");
        bot.calls_back(&interaction, json!({ "type": 4, "data": said("gone") })).await;
    };
    let (reaction, _) = while_bot_answers(&mut socket, ada.presses_unseen(&plain, "delete:7"), answer).await;
    assert_eq!(reaction.message().await.content, "gone");
    discord.verdict();
}

#[tokio::test]
async fn a_change_of_a_message_can_be_waited_for_and_files_that_came_along_are_seen() {
    let (discord, bot, _socket, ada, channel) = together().await;
    let path = format!("/channels/{channel}/messages");
    let change = async {
        let message = bot.uploads(("POST", &path), &said("…"), &[("📈 plot.png", b"png")]).await.body;
        let place = format!("{path}/{}", message["id"].as_str().unwrap());
        bot.asks("PATCH", &place, Some(said("done"))).await;
    };
    let place = ada.dm();
    let wait = async {
        let first = discord.next_message(&place).await;
        discord.message_with(&first, |seen| seen.content == "done").await
    };
    let ((), done) = tokio::join!(change, wait);
    assert_eq!(done.file_names(), ["📈 plot.png"]);
    assert_eq!(discord.requests()[1].files, ["📈 plot.png"]);
    assert_eq!(discord.requests()[1].path, path);
    discord.verdict();
}

#[tokio::test]
async fn a_token_that_was_reset_is_refused_from_then_on() {
    let (discord, bot, ..) = together().await;
    let before = discord.now();
    discord.resets_token();
    assert_eq!(bot.asks("GET", "/users/@me", None).await.refusal(), (401, 0));
    discord.time_passes(chrono::TimeDelta::days(1));
    assert!(discord.now() - before >= chrono::TimeDelta::days(1));
    discord.verdict();
}

#[tokio::test]
async fn every_route_of_the_document_is_answered() {
    let (discord, bot, _socket, _, channel) = together().await;
    let mut statuses = Vec::new();
    for (method, template) in Discord::routes() {
        let body = match (method.as_str(), template.rsplit('/').next().unwrap()) {
            ("put", "commands") => Some(json!([])),
            ("post", "commands") => Some(json!({ "name": "x", "description": "d" })),
            ("post", "channels") => Some(json!({ "recipient_id": "1" })),
            ("post", "callback") => Some(json!({ "type": 5 })),
            ("post", "messages" | "{webhook_token}") | ("patch", _) => Some(said("x")),
            _ => None,
        };
        let template = template.replace("{channel_id}", &channel).replace("{application_id}", &bot.id);
        let parts = template.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
        let path = parts.collect::<Vec<_>>().join("/");
        let answer = bot.asks(&method.to_uppercase(), &path, body).await;
        statuses.push(format!("{} {method} {template}", answer.status));
    }
    let failed: Vec<_> =
        statuses.iter().filter(|status| !["2", "4"].iter().any(|class| status.starts_with(class))).collect();
    assert_eq!((failed, statuses.len()), (Vec::<&String>::new(), 29));
    discord.verdict();
}

#[tokio::test]
async fn a_message_changes_without_an_edit_when_a_preview_of_its_link_comes_up() {
    let (discord, _bot, mut socket, ada, _) = together().await;
    let message = ada.sends(&ada.dm(), "https://example.com/", []);
    ada.sees_preview(&message, "Example");
    let heard = socket.until("MESSAGE_UPDATE").await;
    assert_eq!((&heard["edited_timestamp"], &heard["embeds"][0]["title"]), (&Value::Null, &json!("Example")));
    discord.verdict();
}

#[tokio::test]
async fn moderators_take_messages_away_and_throw_the_bot_out() {
    let (discord, bot, mut socket, ada, _) = together().await;
    let guild = discord.guild("Lab");
    let channel = guild.channel("general");
    let messages = ["one", "two"].map(|text| ada.sends(&channel, text, []));
    guild.purges(&channel, &messages);
    assert_eq!(socket.until("MESSAGE_DELETE_BULK").await["ids"], json!([messages[0].id, messages[1].id]));
    assert!(discord.messages(&channel).is_empty());
    guild.removes_bot();
    assert_eq!(socket.until("GUILD_DELETE").await["id"], json!(guild.id));
    assert_eq!(bot.says(&channel.id.to_string(), "x").await.refusal(), (403, 50001));
    discord.verdict();
}
