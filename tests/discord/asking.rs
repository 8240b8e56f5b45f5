//! Questions (U1, U11, U14, A4).

use serde_json::json;

use super::{
    given::{Together, seen, settled},
    server::Seen,
};
use crate::chat::endpoint::{ModelEndpoint, Scripted};

/// U1, U14, A3: the answer stands in one message, with what the code made below.
#[tokio::test]
async fn a_question_is_answered_in_one_message_and_what_code_made_comes_below() {
    let code = "open('made.txt', 'w').write('made')\nprint(6 * 7)";
    let endpoint = ModelEndpoint::start([
        Scripted::call("execute_python_code", json!({ "code": code })),
        Scripted::text("It is **42**, @everyone."),
        Scripted::text("As I said: 42."),
    ])
    .await;
    let settings = [("OPENAI_BASE_URL", &*endpoint.root()), ("OPENAI_MODEL", "gpt-4o-mini, gpt-4o")];
    let Together { discord, channel, ada, bot } = Together::with(&settings).await;

    ada.sends(&channel, &format!("{} what is 6 times 7?", discord.mention()), []);
    let answer = discord.next_message(&channel).await;
    let answer = discord.message_with(&answer, |seen| seen.content.contains("Generated")).await;
    let expected = "It is **42**, @everyone.\n\n📎 **Generated 1 file(s):**\n• made.txt (text, 0.0 KB)\n💾 Files available for \
                    48 hours (expires <t:TIME:R>)";
    assert_eq!(settled(&answer.content), expected);
    assert_eq!(answer.controls(), ["📜 Show code", "📄 Full output", "🗑️ Delete"]);
    let shown = ada.presses(&answer, "📜 Show code").await.message().await;
    assert_eq!(shown.content, format!("```py\n{code}\n```"));

    // A reply to it goes on from there.
    ada.replies(&answer, "sure?", []);
    let is_second = |seen: &Seen| seen.content == "As I said: 42.";
    let second = seen(&discord, &channel, |messages| messages.iter().find(|seen| is_second(seen)).cloned()).await;
    assert_eq!(second.controls(), Vec::<String>::new());
    let told = endpoint.requests()[2].body.to_string();
    assert!(told.contains("In reply to:") && told.contains("It is **42**"), "{told}");

    let usage = ada.runs_command(&channel, "/usage", &[]).await.message().await;
    assert!(usage.content.starts_with("📊 **Today:** 2 messages, 45 tokens, $"), "{usage}");
    let models = ada.runs_command(&channel, "/model", &[]).await.message().await;
    assert_eq!(models.content, "● `gpt-4o-mini`\n○ `gpt-4o`");
    let chosen = ada.runs_command(&channel, "/model", &[("name", "gpt-4o".into())]).await.message().await;
    assert_eq!(chosen.content, "✅ `gpt-4o` answers you from now on.");

    // The deleted question takes its answer along.
    drop(bot);
    discord.verdict();
}

/// U12, U14: a long answer is split with its code whole.
#[tokio::test]
async fn a_long_answer_is_split_with_blocks_of_code_kept_whole() {
    let line = "x = 'some line of code that is neither short nor long'\n";
    let long = format!("See:\n```py\n{}```\nThat is all.", line.repeat(60));
    let endpoint = ModelEndpoint::start([Scripted::text(&long)]).await;
    let Together { discord, ada, bot, .. } = Together::with(&[("OPENAI_BASE_URL", &*endpoint.root())]).await;
    let dm = ada.dm();
    ada.sends(&dm, "show me", []);
    let is_end = |seen: &Seen| seen.content.ends_with("That is all.") && seen.controls().is_empty();
    seen(&discord, &dm, |messages| messages.iter().any(is_end).then_some(())).await;
    let pages: Vec<_> = discord.messages(&dm).into_iter().filter(|seen| seen.author != "Ada").collect();
    assert_eq!(pages.len(), 2);
    assert!(pages.iter().all(|page| page.content.matches("```").count() == 2), "{pages:?}");
    assert!(pages[1].content.starts_with("```py\nx = "), "{}", pages[1]);
    let lines: usize = pages.iter().map(|page| page.content.matches(line.trim()).count()).sum();
    assert_eq!(lines, 60);
    drop(bot);
    discord.verdict();
}
