//! Runs (U3, U4, U10, U12).

use super::{
    given::{Together, seen, settled},
    server::{Discord, Seen},
};

const BUTTONS: [&str; 4] = ["🔁 Run again", "📜 Show code", "📄 Full output", "🗑️ Delete"];

async fn done(discord: &Discord, message: &Seen) -> Seen {
    discord.message_with(message, |seen| seen.content.contains("Executed in")).await
}

/// U4, U10: `/run` opens a form; the result, the buttons, and what each does.
#[tokio::test]
async fn the_form_of_run_takes_code_and_input_and_its_output_has_buttons() {
    let Together { discord, channel, ada, bot } = Together::start().await;
    let form = ada.runs_command(&channel, "/run", &[]).await.form();
    let fields = [("code", "print(input()[::-1])\n6 * 7"), ("stdin", "abc")];
    let output = done(&discord, &ada.submits(&form, &fields).await.message().await).await;
    assert_eq!(settled(&output.content), "✅ Execution succeeded!\n```\ncba\n42\n```\n⏱️ Executed in Ns");
    assert_eq!(output.controls(), BUTTONS);

    let code = ada.presses(&output, "📜 Show code").await.message().await;
    assert_eq!(
        (code.content.as_str(), code.only_for.as_deref()),
        ("```py\nprint(input()[::-1])\n6 * 7\n```", Some("Ada"))
    );
    let full = ada.presses(&output, "📄 Full output").await.message().await;
    assert_eq!((full.content.as_str(), full.files[0].bytes.as_ref()), ("📄 Output:", &b"cba\n42"[..]));

    // Somebody else may look, and not touch.
    let bob = discord.user("Bob");
    let refused = bob.presses(&output, "🗑️ Delete").await.message().await;
    assert_eq!(refused.content, "🚫 Only whoever asked for this may do that.");

    ada.presses(&output, "🗑️ Delete").await;
    discord.gone(&output).await;
    drop(bot);
    discord.verdict();
}

/// U4: an error has its type, its message and its traceback.
#[tokio::test]
async fn an_exception_is_shown_with_its_traceback_and_files_come_below() {
    let Together { discord, channel, ada, bot } = Together::start().await;
    let source = ada.sends(&channel, "```py\nopen('a.txt', 'w').write('made')\nprint('before')\n1 / 0\n```", []);
    let output = ada.uses_on(&source, "Run Python").await.message().await;
    let output = discord.message_with(&output, |seen| seen.content.contains("Generated")).await;
    let expected = "❌ Error: ZeroDivisionError: division by zero\n```\nTraceback (most recent call last):\n  File \
                    \"main.py\", line 3, in <module>\n    1 / 0\n    ~~^~~\nZeroDivisionError: division by zero\n```\n\
                    ```\nbefore\n```\n📎 **Generated 1 file(s):**\n• a.txt (text, 0.0 KB)\n💾 Files available for 48 hours \
                    (expires <t:TIME:R>)";
    assert_eq!(settled(&output.content), expected);
    assert_eq!(output.controls(), BUTTONS);
    let is_file = |seen: &&Seen| seen.content.starts_with("📝");
    let files = seen(&discord, &channel, |messages| messages.iter().find(is_file).cloned()).await;
    assert_eq!(settled(&files.content), "📝 a.txt (ID: `ID`)\n\n⏱️ Executed in Ns");
    assert_eq!((files.file_names(), files.files[0].bytes.as_ref()), (vec!["a.txt"], &b"made"[..]));
    drop(bot);
    discord.verdict();
}

/// U3, X11: the stage with its tail, and Stop, which stops for whoever asked and nobody else.
#[tokio::test]
async fn a_run_shows_its_tail_and_stops_for_whoever_asked() {
    let Together { discord, channel, ada, bot } = Together::start().await;
    let source = ada.sends(&channel, "```py\nprint('so far', flush=True)\nwhile True: pass\n```", []);
    let output = ada.uses_on(&source, "Run Python").await.message().await;
    let output = discord.message_with(&output, |seen| seen.content.contains("so far")).await;
    assert!(output.content.starts_with("🐍 Running… "), "{output}");
    assert!(output.content.ends_with("s\n```\nso far\n```"), "{output}");
    assert_eq!(output.controls(), ["⏹️ Stop"]);

    let refused = discord.user("Bob").presses(&output, "⏹️ Stop").await.message().await;
    assert_eq!(refused.content, "🚫 Only whoever asked for this may do that.");
    ada.presses(&output, "⏹️ Stop").await;
    let output = done(&discord, &output).await;
    assert!(output.content.starts_with("❌ Error: Cancelled: The run was cancelled.\n"), "{output}");
    assert!(output.content.contains("\n```\nso far\n```\n"), "{output}");
    drop(bot);
    discord.verdict();
}

/// U10: several blocks are offered; an edit runs again in the same place, and a deletion takes the output along.
#[tokio::test]
async fn the_code_of_a_message_is_chosen_runs_again_when_edited_and_goes_when_deleted() {
    let Together { discord, ada, bot, .. } = Together::start().await;
    let dm = ada.dm();
    // In a direct message the bot answers, too; without a model it says what to set.
    let source = ada.sends(&dm, "```py\nprint('one')\n```\n```py\nprint('two')\n```", []);
    discord.next_message(&dm).await;
    let question = ada.uses_on(&source, "Run Python").await.message().await;
    assert_eq!(question.content, "🐍 This message has 2 blocks of code. Which one?");
    let chosen = ada.chooses(&question, "Select the code to run…", &["2. print('two')"]).await;
    let output = done(&discord, &chosen.message().await).await;
    assert_eq!(settled(&output.content), "✅ Execution succeeded!\n```\ntwo\n```\n⏱️ Executed in Ns");

    ada.edits(&source, "```py\nprint('one')\n```\n```py\nprint('three')\n```");
    let output = discord.message_with(&output, |seen| seen.content.contains("three")).await;
    assert_eq!(settled(&output.content), "✅ Execution succeeded!\n```\nthree\n```\n⏱️ Executed in Ns");
    ada.presses(&output, "🔁 Run again").await;
    discord.message_with(&output, |seen| seen.content.contains("three")).await;

    ada.deletes(&source);
    discord.gone(&output).await;
    drop(bot);
    discord.verdict();
}

/// U12: whatever is printed stays in its fence and pings nobody; what is too long is a file.
#[tokio::test]
async fn what_is_printed_cannot_break_out_and_what_is_long_is_a_file() {
    let Together { discord, channel, ada, bot } = Together::start().await;
    let form = ada.runs_command(&channel, "/run", &[]).await.form();
    let code = format!("print('``` @everyone {}')", ada.mention());
    let output = done(&discord, &ada.submits(&form, &[("code", &code)]).await.message().await).await;
    let printed = format!("```\n``\u{200b}` @everyone {}\n```", ada.mention());
    assert!(output.content.contains(&printed), "{output}");

    let form = ada.runs_command(&channel, "/run", &[]).await.form();
    let output = done(&discord, &ada.submits(&form, &[("code", "print('x' * 5000)")]).await.message().await).await;
    assert_eq!(settled(&output.content), "✅ Execution succeeded!\n📄 Output:\n⏱️ Executed in Ns");
    assert_eq!((output.file_names(), output.files[0].bytes.len()), (vec!["output.txt"], 5001));
    drop(bot);
    discord.verdict();
}
