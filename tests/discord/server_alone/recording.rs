use serde_json::json;

use super::raw_bot::{said, together};
use crate::discord::server::File;

#[tokio::test]
async fn what_happens_in_a_channel_reads_like_a_chat() {
    let (discord, bot, _socket, ada, channel) = together().await;
    let question = ada.sends(&ada.dm(), "plot this", [File::new("a.csv", "x\n1\n")]);
    assert_eq!(bot.asks("POST", &format!("/channels/{channel}/typing"), None).await.status, 204);
    let mut body = said("⏳ Queued (1)");
    body["message_reference"] = json!({ "message_id": question.id });
    body["components"] = json!([{ "type": 1, "components": [
        { "type": 2, "style": 4, "label": "Stop", "emoji": { "name": "⏹️" }, "custom_id": "stop" },
        { "type": 2, "style": 2, "label": "Again", "custom_id": "again", "disabled": true },
    ] }]);
    let message = bot.posts(&format!("/channels/{channel}/messages"), body).await.body;
    let place = format!("/channels/{channel}/messages/{}", message["id"].as_str().unwrap());
    let mut done = said("✅ Execution succeeded!");
    done["components"] = json!([]);
    done["embeds"] = json!([{ "title": "Files", "description": "one\ntwo", "footer": { "text": "48h" } }]);
    bot.uploads(("PATCH", &place), &done, &[("plot.png", b"\x89PNG")]).await;
    ada.edits(&question, "plot that");
    ada.deletes(&question);
    let reaction = format!("{place}/reactions/%E2%9C%85/@me");
    assert_eq!(bot.asks("PUT", &reaction, None).await.status, 204);
    assert_eq!(bot.asks("DELETE", &place, None).await.status, 204);

    let transcript = discord.transcript(&ada.dm());
    insta::assert_snapshot!(transcript, @"
    Ada: plot this
    + a.csv (4 bytes)
    Taipan is typing…
    Taipan: ⏳ Queued (1)
    [⏹️ Stop] [(Again)]
    Taipan (edited): ✅ Execution succeeded!
    | Files
    | one
    | two
    | 48h
    + plot.png (4 bytes)
    Ada (edited): plot that
    + a.csv (4 bytes)
    Ada (deleted)
    Taipan reacts with ✅
    Taipan (deleted)
    ");
    let kept = serde_json::to_value(&transcript).unwrap();
    assert_eq!(kept[0]["files"][0]["bytes"], "eAoxCg==");
    assert_eq!(kept[3]["happened"], "edited");
    discord.verdict();
}

#[tokio::test]
async fn waiting_ends_as_soon_as_there_is_what_was_waited_for() {
    let (discord, bot, _socket, ada, channel) = together().await;
    let place = ada.dm();
    let talk = async {
        let message = bot.says(&channel, "one").await.body;
        let place = format!("/channels/{channel}/messages/{}", message["id"].as_str().unwrap());
        bot.says(&channel, "two").await;
        bot.asks("PATCH", &place, Some(said("one, changed"))).await;
        bot.asks("DELETE", &place, None).await;
    };
    let wait = async {
        let first = discord.next_message(&place).await;
        assert_eq!(first.content, "one");
        assert_eq!(discord.next_message(&place).await.content, "two");
        discord.gone(&first).await;
        let changed = |kept: &crate::discord::server::Transcript| {
            kept.to_string().contains("(edited): one, changed").then_some(())
        };
        discord.until("the change", &place, changed).await;
    };
    tokio::join!(talk, wait);
    let asked = discord.asked("four requests", |requests| (requests.len() >= 4).then_some(requests.len())).await;
    assert!(asked >= 4);
    discord.verdict();
}
