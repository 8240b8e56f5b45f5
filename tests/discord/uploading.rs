//! Files and a question in one message (U1, U2, U15).

use super::{
    given::{Together, seen, settled},
    server::{Delivery, File, Seen},
};

const UPLOADED: &str = "📊 **File Uploaded Successfully!**
📁 **Name:** `sales.csv`
📦 **Type:** CSV
💾 **Size:** 8 B
🆔 **File ID:** `ID`
⏰ **Expires:** <t:TIME:R>

📝 **File Uploaded Successfully!**
📁 **Name:** `notes.txt`
📦 **Type:** TEXT
💾 **Size:** 5 B
🆔 **File ID:** `ID`
⏰ **Expires:** <t:TIME:R>

📂 **Your Files:** 2/20
✅ **Ready for processing!**
You can now:
• Ask me to analyze this data
• Request visualizations or insights
• Write Python code to process it
• The file is automatically accessible in code execution
💡 **Examples:**
• Analyze this data and show key statistics
• Create visualizations from this file
• Show me the first 10 rows
• Plot correlations between all numeric columns";

const NO_MODEL: &str = "💬 I cannot chat yet: whoever runs me has to set `OPENAI_API_KEY`, or `OPENAI_BASE_URL` for a \
                        model of their own.\nEverything else works: `/run`, `Run Python` on a message (Apps), `/files`.";

/// U1, U2, U15: several files share one message, and the question is answered after it.
#[tokio::test]
async fn files_are_confirmed_together_before_the_question_is_answered() {
    let Together { discord, channel, ada, bot } = Together::start().await;
    let files = [File::new("sales.csv", "a,b\n1,2\n"), File::new("notes.txt", "hello")];
    ada.sends(&channel, &format!("{} what is in these?", discord.mention()), files);
    assert_eq!(settled(&discord.next_message(&channel).await.content), UPLOADED);
    assert_eq!(discord.next_message(&channel).await.content, NO_MODEL);

    // The code finds them by name.
    let form = ada.runs_command(&channel, "/run", &[]).await.form();
    let code = "print(load_file('sales.csv').shape, open('notes.txt').read())";
    let output = ada.submits(&form, &[("code", code)]).await.message().await;
    let output = discord.message_with(&output, |seen| seen.content.contains("Executed")).await;
    assert_eq!(settled(&output.content), "✅ Execution succeeded!\n```\n(1, 2) hello\n```\n⏱️ Executed in Ns");

    // A message that does not concern it is not answered; a reply to it is.
    ada.sends(&channel, "nobody asked", []);
    let output = discord.messages(&channel).into_iter().find(|seen| seen.content == NO_MODEL).unwrap();
    ada.replies(&output, "really?", []);
    let answers = |messages: &[Seen]| messages.iter().filter(|seen| seen.content == NO_MODEL).count();
    seen(&discord, &channel, |messages| (answers(messages) == 2).then_some(())).await;
    let all = discord.messages(&channel).iter().filter(|seen| seen.author == "Taipan").count();
    assert_eq!(all, 4, "a confirmation, a result, and two answers");
    drop(bot);
    discord.verdict();
}

/// Issue 6, bad input: a link that answers 404, a web page in its place, a file that is too large.
#[tokio::test]
async fn a_file_that_cannot_be_had_is_named_and_stops_no_other() {
    let Together { discord, ada, bot, .. } = Together::with(&[("MAX_FILE_SIZE_MB", "1")]).await;
    let dm = ada.dm();
    let files = [
        File::new("gone.csv", "a").delivered(Delivery::Missing),
        File::new("page.csv", "a").delivered(Delivery::WebPage),
        File::new("big.bin", vec![0; 1024 * 1024 + 1]),
    ];
    ada.sends(&dm, "", files);
    let expected = "❌ **Not saved:** `gone.csv`\nDiscord does not give the file out any more. Send it again.\n\n\
                    ❌ **Not saved:** `page.csv`\nDiscord does not give the file out any more. Send it again.\n\n\
                    ❌ **Not saved:** `big.bin`\nThe file 'big.bin' has 1.0 MB (1048577 bytes); a file may have at most 1.0 MB.";
    assert_eq!(discord.next_message(&dm).await.content, expected);
    drop(bot);
    discord.verdict();
}
