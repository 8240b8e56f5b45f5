//! Discord's hiccups, and ours (issue 6, part 5).

use std::time::Duration;

use super::{
    given::{Together, seen, settled},
    server::{File, Trouble},
};

const DONE: &str = "✅ Execution succeeded!\n```\n1\n```\n⏱️ Executed in Ns";

/// A message that was being written when the program died says so afterwards, and its button runs the code again.
#[tokio::test]
async fn a_restart_in_the_middle_of_a_run_is_said_and_nothing_hangs() {
    let Together { discord, ada, mut bot, .. } = Together::start().await;
    let dm = ada.dm();
    let source = ada.sends(&dm, "```py\nimport os, time\nif not os.path.exists('/nothing'): time.sleep(60)\n```", []);
    discord.next_message(&dm).await;
    let output = ada.uses_on(&source, "Run Python").await.message().await;
    // What is shown is remembered right afterwards, and so before it is shown anew.
    let output = discord.message_with(&output, |seen| seen.content.starts_with("🐍 Running… 2s")).await;
    bot.kill().await;
    let bot = bot.again(&discord, &[]).await;
    let told = discord.message_with(&output, |seen| seen.content.starts_with("⚠️")).await;
    assert_eq!(told.content, "⚠️ The bot was restarted while this was going on. Nothing of it goes on any more.");

    // Its code is still known, and so is that of the source.
    ada.edits(&source, "```py\nprint(1)\n```");
    let again = discord.message_with(&output, |seen| seen.content.contains("Executed")).await;
    assert_eq!(settled(&again.content), DONE);
    drop(bot);
    discord.verdict();
}

/// SIGTERM in the middle of a run stops it, and its message says so before the program ends.
#[tokio::test]
async fn a_run_that_goes_on_at_the_end_of_the_program_is_stopped_and_says_so() {
    let Together { discord, channel, ada, mut bot } = Together::start().await;
    let source = ada.sends(&channel, "```py\nimport time\ntime.sleep(60)\n```", []);
    let output = ada.uses_on(&source, "Run Python").await.message().await;
    let output = discord.message_with(&output, |seen| seen.content.starts_with("🐍 Running…")).await;
    bot.terminate();
    let (code, said) = bot.ended().await;
    assert_eq!(code, Some(0), "{said}");
    let output = discord.message_with(&output, |_| true).await;
    assert!(output.content.starts_with("❌ Error: Cancelled: The run was cancelled.\n"), "{output}");
    discord.verdict();
}

/// Refusals that pass do not lose an answer, nor double it.
#[tokio::test]
async fn every_message_is_answered_once_whatever_discord_says_in_between() {
    let Together { discord, channel, ada, bot } = Together::start().await;
    let route = "POST /channels/{channel_id}/messages";
    let pause = Duration::from_millis(300);
    for trouble in [
        Trouble::Status(502),
        Trouble::Status(500),
        Trouble::Cut,
        Trouble::AnswerLost,
        Trouble::RateLimited { retry_after: pause, global: false },
        Trouble::RateLimited { retry_after: pause, global: true },
    ] {
        discord.troubles(route, 1, &trouble);
        ada.sends(&channel, &format!("{} hello", discord.mention()), []);
        let answer = discord.next_message(&channel).await;
        assert!(answer.content.starts_with("💬 I cannot chat yet"), "{answer}");
    }
    let answers = discord.messages(&channel).into_iter().filter(|seen| seen.author != "Ada").count();
    assert_eq!(answers, 6);
    drop(bot);
    discord.verdict();
}

/// The gateway comes back after all that can happen to it, and nothing that is asked afterwards is lost.
#[tokio::test]
async fn the_connection_comes_back_whatever_becomes_of_it() {
    let Together { discord, channel, ada, bot } = Together::start().await;
    discord.drops_connections();
    discord.gateway_has("a resumed session", |[_, _, resumes, _]| resumes == 1).await;
    discord.asks_to_reconnect();
    discord.gateway_has("another", |[_, _, resumes, _]| resumes == 2).await;
    ada.sends(&channel, &format!("{} hello", discord.mention()), []);
    let answer = discord.next_message(&channel).await;
    assert!(answer.content.starts_with("💬 I cannot chat yet"), "{answer}");
    drop(bot);
    discord.verdict();
}

/// U4: a request that is too large is tried again in smaller ones.
#[tokio::test]
async fn files_that_are_too_much_at_once_are_sent_in_several_messages() {
    let Together { discord, channel, ada, bot } = Together::start().await;
    let code = "for n in range(3): open(f'{n}.txt', 'w').write('x')";
    let source = ada.sends(&channel, &format!("```py\n{code}\n```"), []);
    let output = ada.uses_on(&source, "Run Python").await;
    discord.troubles("POST /webhooks/{webhook_id}/{webhook_token}", 1, &Trouble::TooLarge);
    output.message().await;
    let files = seen(&discord, &channel, |messages| {
        let files: Vec<_> = messages.iter().filter(|seen| !seen.files.is_empty()).cloned().collect();
        (files.len() == 2).then_some(files)
    });
    let names: Vec<_> = files.await.iter().map(|seen| seen.file_names().join(" ")).collect();
    assert_eq!(names, ["0.txt", "1.txt 2.txt"]);
    drop(bot);
    discord.verdict();
}

/// Issue 6, bad input: an unknown `custom_id`, an empty block, backticks without end.
#[tokio::test]
async fn nothing_that_people_send_leaves_them_without_an_answer() {
    let Together { discord, channel, ada, bot } = Together::start().await;
    let source = ada.sends(&channel, &format!("{} {}", discord.mention(), "`".repeat(1900)), []);
    let answer = discord.next_message(&channel).await;
    let unknown = ada.presses_unseen(&answer, "something else").await.message().await;
    assert_eq!(
        unknown.content,
        "🕸️ This button is from another version of the bot and does nothing any more. Start anew."
    );
    let none = ada.uses_on(&source, "Run Python").await.message().await;
    assert!(none.content.starts_with("🔍 There is no Python code in this message."), "{none}");
    let odd = File::new("../../\u{202e}x.exe`\n@everyone", "a");
    ada.sends(&ada.dm(), "", [odd]);
    let stored = discord.next_message(&ada.dm()).await;
    assert!(stored.content.contains("File Uploaded Successfully!"), "{stored}");
    drop(bot);
    discord.verdict();
}
