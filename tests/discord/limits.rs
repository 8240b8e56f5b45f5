//! Who may do what, and how much (U11, U13, X13).

use super::given::{Bot, Together, settled};
use super::server::Discord;

/// U13: whom the bot does not serve, it says so, whatever he does.
#[tokio::test]
async fn whoever_is_not_allowed_is_told_so() {
    let discord = Discord::start().await;
    let channel = discord.guild("Lab").channel("general");
    let (ada, bob) = (discord.user("Ada"), discord.user("Bob"));
    let (admin, denied) = (ada.id().to_string(), bob.id().to_string());
    let bot = Bot::connected(&discord, &[("DENIED_USERS", &denied), ("ADMIN_ID", &admin), ("DAILY_RUNS", "1")]).await;

    let sentence = "🚫 You may not use this bot. Whoever runs it can allow it to you.";
    assert_eq!(bob.runs_command(&channel, "/files", &[]).await.message().await.content, sentence);
    bob.sends(&channel, &format!("{} hello", discord.mention()), []);
    assert_eq!(discord.next_message(&channel).await.content, sentence);

    // An admin sees what protects the machine.
    let status = ada.runs_command(&channel, "/status", &[]).await.message().await;
    assert!(status.content.contains("🛡️ **Isolation:** process\n"), "{status}");
    assert!(status.content.contains("\n✅ seccomp: "), "{status}");

    // So many runs in a day.
    let run = async |code: &str| {
        let form = ada.runs_command(&channel, "/run", &[]).await.form();
        ada.submits(&form, &[("code", code)]).await.message().await
    };
    let first = run("1").await;
    let first = discord.message_with(&first, |seen| seen.content.contains("Executed")).await;
    assert_eq!(settled(&first.content), "✅ Execution succeeded!\n```\n1\n```\n⏱️ Executed in Ns");
    let second = run("2").await;
    assert!(second.content.starts_with("❌ You have reached the limit of 1 run a day. It ends at "), "{second}");
    drop(bot);
    discord.verdict();
}

/// U11, X13: on request variables live on.
#[tokio::test]
async fn a_session_keeps_variables_until_it_is_reset() {
    let Together { discord, channel, ada, bot } = Together::start().await;
    let session =
        async |what: usize| ada.runs_command(&channel, "/session", &[("what", what.into())]).await.message().await;
    let run = async |code: &str| {
        let form = ada.runs_command(&channel, "/run", &[]).await.form();
        let output = ada.submits(&form, &[("code", code)]).await.message().await;
        discord.message_with(&output, |seen| seen.content.contains("Executed")).await
    };
    assert_eq!(session(0).await.content, "✅ Variables live on from run to run.");
    run("x = 41").await;
    assert_eq!(settled(&run("x + 1").await.content), "✅ Execution succeeded!\n```\n42\n```\n⏱️ Executed in Ns");
    assert_eq!(session(2).await.content, "🔄 Your session was reset.");
    assert!(run("x").await.content.starts_with("❌ Error: NameError: name 'x' is not defined\n"));
    assert_eq!(session(1).await.content, "✅ Each run begins anew.");
    let help = ada.runs_command(&channel, "/help", &[]).await.message().await;
    assert!(help.content.starts_with("🐍 **I run Python and look into your files.**\n"), "{help}");
    drop(bot);
    discord.verdict();
}
