use chrono::TimeDelta;
use serde_json::{Value, json};

use super::raw_bot::{RawBot, said, together, while_bot_answers};
use crate::discord::server::{Answer, Given};

async fn registered(bot: &RawBot) {
    let file = json!({ "type": 3, "name": "file", "description": "Which", "autocomplete": true });
    let commands = json!([
        { "name": "files", "description": "Your files" },
        { "name": "download", "description": "A file", "options": [file] },
        { "name": "Run Python", "type": 3 },
    ]);
    bot.asks("PUT", &format!("/applications/{}/commands", bot.id), Some(commands)).await;
}

fn whispered(text: &str) -> Value {
    let mut content = said(text);
    content["flags"] = json!(64);
    json!({ "type": 4, "data": content })
}

fn button() -> Value {
    json!([{ "type": 1, "components": [{ "type": 2, "style": 4, "label": "Delete", "custom_id": "delete:1" }] }])
}

#[tokio::test]
async fn a_command_is_answered_by_a_message_for_one_person_that_only_its_token_reaches() {
    let (discord, bot, mut socket, ada, channel) = together().await;
    registered(&bot).await;
    let answer =
        async |interaction: Value| assert_eq!(bot.calls_back(&interaction, whispered("none")).await.status, 204);
    let (reaction, interaction) =
        while_bot_answers(&mut socket, ada.runs_command(&ada.dm(), "/files", &[]), answer).await;
    assert_eq!((&interaction["type"], &interaction["context"]), (&json!(2), &json!(1)));
    assert_eq!(interaction["user"]["global_name"], "Ada");
    let message = reaction.message().await;
    assert_eq!((message.content.as_str(), message.only_for.as_deref()), ("none", Some("Ada")));

    let by_channel = bot.asks("GET", &format!("/channels/{channel}/messages/{}", message.id), None).await;
    assert_eq!(by_channel.refusal(), (404, 10008));
    let edited = bot.follows(&interaction, "PATCH", "/messages/@original", Some(said("still none"))).await;
    assert_eq!((edited.status, &edited.body["content"]), (200, &json!("still none")));
    let more = bot.follows(&interaction, "POST", "", Some(said("for all"))).await;
    let place = format!("/messages/{}", more.body["id"].as_str().unwrap());
    assert_eq!(bot.follows(&interaction, "DELETE", &place, None).await.status, 204);
    assert_eq!(
        discord.transcript(&ada.dm()).to_string(),
        "Ada runs /files\nTaipan (only for Ada): none\nTaipan (only for Ada) (edited): still none\nTaipan: for all\n\
         Taipan (deleted)\n"
    );
    discord.verdict();
}

#[tokio::test]
async fn a_deferred_answer_thinks_until_the_first_message_takes_its_place() {
    let (discord, bot, mut socket, ada, _) = together().await;
    registered(&bot).await;
    let answer = async |interaction: Value| {
        bot.calls_back(&interaction, json!({ "type": 5 })).await;
        assert_eq!(bot.follows(&interaction, "POST", "", Some(said("done"))).await.status, 200);
    };
    let (reaction, interaction) =
        while_bot_answers(&mut socket, ada.runs_command(&ada.dm(), "/files", &[]), answer).await;
    assert_eq!(reaction.answer, Some(Answer::Thinking));
    assert_eq!(reaction.message().await.content, "done");
    assert_eq!(discord.messages(&ada.dm()).len(), 1);
    let original = bot.follows(&interaction, "GET", "/messages/@original", None).await;
    assert_eq!(original.body["content"], "done");
    discord.verdict();
}

#[tokio::test]
async fn buttons_menus_and_forms_carry_what_a_person_did() {
    let (discord, bot, mut socket, ada, channel) = together().await;
    let options = json!([{ "label": "sales.csv", "value": "7" }, { "label": "b.csv", "value": "8" }]);
    let menu = json!({ "type": 3, "custom_id": "pick", "placeholder": "Select a file…", "options": options });
    let mut rows = button();
    rows.as_array_mut().unwrap().push(json!({ "type": 1, "components": [menu] }));
    bot.posts(
        &format!("/channels/{channel}/messages"),
        json!({ "embeds": [{ "title": "Files" }], "components": rows }),
    )
    .await;
    let list = discord.next_message(&ada.dm()).await;
    assert_eq!(list.controls(), ["Delete", "Select a file…"]);

    let form = json!({ "type": 9, "data": { "custom_id": "form", "title": "Run", "components": [
        { "type": 1, "components": [{ "type": 4, "custom_id": "code", "style": 2, "label": "Code", "value": "1" }] },
        { "type": 18, "label": "Input", "component": { "type": 4, "custom_id": "stdin", "style": 1 } },
    ] } });
    let open = async |interaction: Value| assert_eq!(bot.calls_back(&interaction, form.clone()).await.status, 204);
    let (reaction, interaction) = while_bot_answers(&mut socket, ada.presses(&list, "Delete"), open).await;
    assert_eq!(interaction["data"]["custom_id"], "delete:1");
    assert_eq!(interaction["message"]["id"], json!(list.id));

    let form = reaction.form();
    let update = async |interaction: Value| {
        let content = json!({ "type": 7, "data": { "content": "", "embeds": [{ "title": "Ran" }], "components": [] } });
        assert_eq!(bot.calls_back(&interaction, content).await.status, 204);
    };
    let sending = ada.submits(&form, &[("Input", "typed")]);
    let (reaction, interaction) = while_bot_answers(&mut socket, sending, update).await;
    let values = &interaction["data"]["components"];
    assert_eq!(values[0]["components"][0]["value"], "1");
    assert_eq!(values[1]["component"]["value"], "typed");
    assert_eq!(reaction.message().await.to_string(), "\n| Ran\n| ");
    let late = discord.messages(&ada.dm());
    assert_eq!(late[0].controls(), Vec::<String>::new());
    discord.verdict();
}

#[tokio::test]
async fn a_choice_from_a_menu_and_suggestions_while_typing_arrive() {
    let (discord, bot, mut socket, ada, channel) = together().await;
    registered(&bot).await;
    let options = json!([{ "label": "sales.csv", "value": "7" }]);
    let menu = json!([{ "type": 1, "components": [{ "type": 3, "custom_id": "pick", "options": options }] }]);
    let body = json!({ "embeds": [{ "title": "Files" }], "components": menu });
    bot.posts(&format!("/channels/{channel}/messages"), body).await;
    let list = discord.next_message(&ada.dm()).await;
    let note =
        async |interaction: Value| assert_eq!(bot.calls_back(&interaction, json!({ "type": 6 })).await.status, 204);
    let (reaction, interaction) =
        while_bot_answers(&mut socket, ada.chooses(&list, "pick", &["sales.csv"]), note).await;
    assert_eq!((reaction.answer, &interaction["data"]["values"]), (Some(Answer::Acknowledged), &json!(["7"])));

    let offer = async |interaction: Value| {
        let choices = json!({ "type": 8, "data": { "choices": [{ "name": "sales.csv", "value": "7" }] } });
        assert_eq!(bot.calls_back(&interaction, choices).await.status, 204);
    };
    let typing = ada.dm();
    let typing = ada.types(&typing, "/download", ("file", "sal"));
    let (reaction, interaction) = while_bot_answers(&mut socket, typing, offer).await;
    assert_eq!(interaction["data"]["options"][0]["focused"], true);
    assert_eq!((reaction.choices(), reaction.values()), (vec!["sales.csv".to_owned()], vec![json!("7")]));

    let answer = async |interaction: Value| {
        bot.calls_back(&interaction, whispered("here")).await;
    };
    let place = ada.dm();
    let options = [("file", Given::from("7"))];
    let (_, interaction) =
        while_bot_answers(&mut socket, ada.runs_command(&place, "/download", &options), answer).await;
    assert_eq!(interaction["data"]["options"][0]["value"], "7");
    discord.verdict();
}

#[tokio::test]
async fn a_menu_command_carries_the_message_it_was_used_on() {
    let (discord, bot, mut socket, ada, _) = together().await;
    registered(&bot).await;
    let target = ada.sends(&ada.dm(), "```py\nprint(1)\n```", []);
    let answer = async |interaction: Value| {
        let answered = bot.calls_back(&interaction, json!({ "type": 4, "data": said("1") })).await;
        assert_eq!(answered.status, 204);
    };
    let (_, interaction) = while_bot_answers(&mut socket, ada.uses_on(&target, "Run Python"), answer).await;
    let carried = &interaction["data"]["resolved"]["messages"][target.id.to_string()];
    assert_eq!(carried["content"], "```py\nprint(1)\n```");
    discord.verdict();
}

#[tokio::test]
async fn an_interaction_waits_three_seconds_for_an_answer_and_fifteen_minutes_for_more() {
    let (discord, bot, mut socket, ada, _) = together().await;
    registered(&bot).await;
    let too_late = async |interaction: Value| {
        discord.time_passes(TimeDelta::milliseconds(3001));
        assert_eq!(bot.calls_back(&interaction, whispered("late")).await.refusal(), (404, 10062));
    };
    let (reaction, _) = while_bot_answers(&mut socket, ada.runs_command(&ada.dm(), "/files", &[]), too_late).await;
    assert_eq!(reaction.answer, None);
    discord.expects("Ada runs /files was answered after 3.0 s, which is later than 3 s");

    let in_time = async |interaction: Value| assert_eq!(bot.calls_back(&interaction, whispered("a")).await.status, 204);
    let (_, interaction) = while_bot_answers(&mut socket, ada.runs_command(&ada.dm(), "/files", &[]), in_time).await;
    let times = discord.answer_times();
    assert_eq!(times, [TimeDelta::zero()]);
    discord.time_passes(TimeDelta::minutes(14));
    assert_eq!(bot.follows(&interaction, "POST", "", Some(said("b"))).await.status, 200);
    discord.time_passes(TimeDelta::milliseconds(60_001));
    assert_eq!(bot.follows(&interaction, "POST", "", Some(said("c"))).await.refusal(), (401, 50027));
    let edit = bot.follows(&interaction, "PATCH", "/messages/@original", Some(said("c"))).await;
    assert_eq!(edit.refusal(), (401, 50027));
    discord.verdict();
}

#[tokio::test]
async fn answers_that_do_not_fit_the_interaction_are_held_against_the_bot() {
    let (discord, bot, mut socket, ada, _) = together().await;
    registered(&bot).await;
    let answer = async |interaction: Value| {
        let follow = bot.follows(&interaction, "POST", "", Some(said("early"))).await;
        assert_eq!(follow.refusal(), (404, 10015));
        for wrong in [6, 7, 8] {
            let content = json!({ "type": wrong, "data": { "choices": [] } });
            let content = if wrong == 8 { content } else { json!({ "type": wrong }) };
            assert_eq!(bot.calls_back(&interaction, content).await.refusal(), (400, 50035));
        }
        let long = json!({ "type": 4, "data": said(&"x".repeat(2001)) });
        let refused = bot.calls_back(&interaction, long).await;
        assert_eq!(refused.body["errors"]["data"]["content"]["_errors"][0]["code"], "BASE_TYPE_BAD_LENGTH");
        assert_eq!(bot.calls_back(&interaction, whispered("a")).await.status, 204);
        assert_eq!(bot.calls_back(&interaction, whispered("b")).await.refusal(), (400, 40060));
    };
    while_bot_answers(&mut socket, ada.runs_command(&ada.dm(), "/files", &[]), answer).await;
    discord.expects("Command cannot be answered with");
    discord.expects("data/content: ");
    discord.expects("Interaction has already been acknowledged. (40060)");
    discord.verdict();
}

#[tokio::test]
async fn an_interaction_that_nobody_answers_is_held_against_the_bot() {
    let (discord, bot, _socket, ada, _) = together().await;
    registered(&bot).await;
    let later = async { discord.time_passes(TimeDelta::seconds(4)) };
    let place = ada.dm();
    let (reaction, ()) = tokio::join!(ada.runs_command(&place, "/files", &[]), later);
    assert_eq!(reaction.answer, None);
    assert_eq!(discord.complaints(), ["Never answered: Ada runs /files"]);
    std::mem::forget(discord);
}
