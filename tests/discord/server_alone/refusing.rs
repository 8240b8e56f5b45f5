use serde_json::{Value, json};

use super::raw_bot::{RawBot, said, together};
use crate::discord::server::{Discord, Permission};

/// Sends a wrong message, and gives what Discord says to it; the server must hold it against the bot.
async fn refused(discord: &Discord, bot: &RawBot, channel: &str, mut body: Value) -> String {
    let before = discord.violations().len();
    body["allowed_mentions"] = json!({ "parse": [] });
    let answer = bot.posts(&format!("/channels/{channel}/messages"), body).await;
    assert_eq!(answer.status, 400, "{:?}", answer.body);
    let violations = discord.violations();
    assert_eq!(violations.len(), before + 1, "{violations:?}");
    violations.last().unwrap().trim_start_matches("POST /channels/{channel_id}/messages: ").to_owned()
}

fn buttons(ids: &[&str]) -> Value {
    let buttons = ids.iter().map(|id| json!({ "type": 2, "style": 1, "label": "x", "custom_id": id }));
    json!({ "type": 1, "components": buttons.collect::<Vec<_>>() })
}

fn menu(options: usize) -> Value {
    let options = (0..options).map(|number| json!({ "label": "x", "value": number.to_string() }));
    json!({ "type": 1, "components": [{ "type": 3, "custom_id": "m", "options": options.collect::<Vec<_>>() }] })
}

#[tokio::test]
async fn messages_over_discords_limits_are_refused_and_held_against_the_bot() {
    let (discord, bot, _socket, ada, channel) = together().await;
    let long = |length: usize| "ä".repeat(length);
    let field = json!({ "name": long(256), "value": long(1024) });
    let cases = [
        (said(&long(2001)), "content: "),
        (said("   "), "Cannot send an empty message (50006)"),
        (json!({ "embeds": [{ "title": long(257) }] }), "embeds/0/title: "),
        (json!({ "embeds": [{ "fields": vec![field.clone(); 26] }] }), "embeds/0/fields: "),
        (json!({ "embeds": [{ "fields": vec![field; 5] }] }), "embeds: Embed size exceeds maximum size of 6000"),
        (json!({ "embeds": [{}] }), "embeds/0: This embed is empty"),
        (json!({ "embeds": [{ "title": "x", "image": { "url": "attachment://no.png" } }] }), "embeds/0/image/url: "),
        (json!({ "components": [buttons(&["a", "b", "c", "d", "e", "f"])] }), "components/0/components: "),
        (json!({ "components": [buttons(&["a", "a"])] }), "components: Component custom id cannot be duplicated: a"),
        (json!({ "components": vec![buttons(&["a"]); 6] }), "components: Must be between 1 and 5 in length."),
        (json!({ "components": [buttons(&[&long(101)])] }), "components/0/components/0/custom_id: "),
        (json!({ "components": [menu(26)] }), "components/0/components/0/options: "),
        (json!({ "components": [menu(0)] }), "components/0/components/0/options: "),
        (json!({ "content": "x", "flags": 64 }), "flags: 64 has flags that cannot be set here."),
        (
            json!({ "content": "x", "contents": "y" }),
            "Additional properties are not allowed ('contents' was unexpected)",
        ),
        (json!({ "content": 7 }), "content: "),
        (json!({ "content": "x", "attachments": [{ "id": 0 }] }), "attachments/0/id: 0 is neither"),
    ];
    for (body, sentence) in cases {
        let told = refused(&discord, &bot, &channel, body.clone()).await;
        assert!(told.contains(sentence), "{sentence:?} is not said of {body}, but {told}");
    }
    assert!(discord.messages(&ada.dm()).is_empty());
    discord.expects("POST /channels/{channel_id}/messages: 400");
    discord.verdict();
}

#[tokio::test]
async fn what_is_just_within_the_limits_is_taken() {
    let (discord, bot, _socket, _, channel) = together().await;
    assert_eq!(bot.says(&channel, &"ä".repeat(2000)).await.status, 200);
    let embed = json!({ "title": "t".repeat(256), "description": "d".repeat(4096) });
    let rows = [buttons(&["a", "b", "c", "d", "e"]), menu(25)];
    let body = json!({ "embeds": [embed], "components": rows });
    assert_eq!(bot.posts(&format!("/channels/{channel}/messages"), body).await.status, 200);
    discord.verdict();
}

#[tokio::test]
async fn discords_shape_of_errors_names_the_field() {
    let (discord, bot, _socket, _, channel) = together().await;
    let answer = bot.says(&channel, &"x".repeat(2001)).await;
    assert_eq!(answer.refusal(), (400, 50035));
    assert_eq!(answer.body["message"], "Invalid Form Body");
    assert_eq!(answer.body["errors"]["content"]["_errors"][0]["code"], "BASE_TYPE_BAD_LENGTH");
    discord.expects("50035");
    discord.verdict();
}

/// U12
#[tokio::test]
async fn whatever_could_wake_somebody_is_held_against_the_bot() {
    let (discord, bot, _socket, ada, channel) = together().await;
    let path = format!("/channels/{channel}/messages");
    bot.posts(&path, json!({ "content": "plain" })).await;
    discord.expects(r#""plain" was sent without allowed_mentions"#);
    bot.posts(&path, json!({ "content": ada.mention(), "allowed_mentions": { "parse": ["users"] } })).await;
    discord.expects("pings @Ada");
    bot.posts(&path, json!({ "content": "@everyone", "allowed_mentions": { "parse": ["everyone"] } })).await;
    discord.expects(r#""@everyone" pings @everyone"#);
    let question = ada.sends(&ada.dm(), "?", []);
    let reference = json!({ "message_id": question.id });
    let body = json!({ "content": "!", "message_reference": reference, "allowed_mentions": { "replied_user": true } });
    bot.posts(&path, body).await;
    discord.expects("pings @Ada by replying");
    bot.posts(&path, json!({ "content": "@everyone", "allowed_mentions": { "parse": [] } })).await;
    assert_eq!(discord.violations().len(), 4);
    discord.verdict();
}

#[tokio::test]
async fn permissions_closed_dms_and_what_is_gone_are_refused_as_discord_does() {
    let (discord, bot, _socket, ada, dm) = together().await;
    let guild = discord.guild("Lab");
    let channel = guild.channel("general");
    let id = channel.id.to_string();
    channel.denies(Permission::SendMessages);
    assert_eq!(bot.says(&id, "x").await.refusal(), (403, 50013));
    channel.allows(Permission::SendMessages);
    channel.denies(Permission::AttachFiles);
    let path = format!("/channels/{id}/messages");
    assert_eq!(bot.uploads(("POST", &path), &json!({}), &[("a.txt", b"a")]).await.refusal(), (403, 50013));
    let seen = bot.asks("GET", &format!("/channels/{id}"), None).await.body;
    assert_eq!(seen["permission_overwrites"][0]["deny"], (1 << 15).to_string());
    channel.denies(Permission::ViewChannel);
    assert_eq!(bot.says(&id, "x").await.refusal(), (403, 50001));
    guild.deletes(&channel);
    assert_eq!(bot.says(&id, "x").await.refusal(), (404, 10003));
    ada.closes_dms();
    assert_eq!(bot.says(&dm, "x").await.refusal(), (403, 50007));
    let theirs = ada.sends(&ada.dm(), "mine", []);
    assert_eq!(
        bot.asks("DELETE", &format!("/channels/{dm}/messages/{}", theirs.id), None).await.refusal(),
        (403, 50003)
    );
    ada.deletes(&theirs);
    assert_eq!(bot.asks("GET", &format!("/channels/{dm}/messages/{}", theirs.id), None).await.refusal(), (404, 10008));
    discord.verdict();
}

#[tokio::test]
async fn who_does_not_say_who_it_is_is_refused() {
    let (discord, mut bot, _socket, ..) = together().await;
    bot.token = "wrong".to_owned();
    assert_eq!(bot.asks("GET", "/users/@me", None).await.refusal(), (401, 0));
    assert_eq!(bot.asks("GET", "/guilds/1/audit-logs", None).await.refusal(), (404, 0));
    discord.expects("GET /api/v10/guilds/1/audit-logs: there is no such route");
    discord.verdict();
}

#[tokio::test]
async fn commands_are_registered_and_counted_and_wrong_ones_refused() {
    let (discord, bot, ..) = together().await;
    let path = format!("/applications/{}/commands", bot.id);
    let good = json!([{ "name": "files", "description": "Your files" }, { "name": "Run Python", "type": 3 }]);
    let answer = bot.asks("PUT", &path, Some(good.clone())).await;
    assert_eq!((answer.status, answer.body[1]["name"].clone()), (200, json!("Run Python")));
    let again = bot.asks("PUT", &path, Some(good)).await;
    assert_eq!(again.body[0]["id"], answer.body[0]["id"]);
    assert_eq!(discord.commands().1, 2);

    let required =
        |required: bool, name: &str| json!({ "type": 3, "name": name, "description": "d", "required": required });
    let cases = [
        (json!({ "name": "Files", "description": "d" }), "0/name: Command name is invalid"),
        (json!({ "name": "files" }), "0/description: This field is required"),
        (json!({ "name": "x", "type": 3, "description": "d" }), "0/description: Context menu commands"),
        (
            json!({ "name": "x", "description": "d", "options": [required(false, "a"), required(true, "b")] }),
            "0/options: Required options must be placed before",
        ),
    ];
    for (command, sentence) in cases {
        assert_eq!(bot.asks("PUT", &path, Some(json!([command]))).await.refusal(), (400, 50035));
        let told = discord.violations().last().unwrap().clone();
        assert!(told.contains(sentence), "{told}");
    }
    discord.expects("PUT /applications/{application_id}/commands: 400");
    discord.verdict();
}
