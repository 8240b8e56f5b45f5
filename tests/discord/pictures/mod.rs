//! What a person sees in the main flows, as `docs/discord` shows it. `TAIPAN_RECORD=1` writes the records there anew;
//! `make pictures` does that, and draws them.

mod record;

use serde_json::json;

use self::record::Record;
use super::{
    given::{Together, seen},
    server::{File, Seen},
};
use crate::chat::endpoint::{ModelEndpoint, Scripted};

const SALES: &str = "month,revenue\nJan,120\nFeb,135\nMar,150\nApr,146\nMay,171\nJun,188\n";

const PLOT: &str = "import matplotlib.pyplot as plt
sales = load_file('sales.csv')
figure = plt.figure(figsize=(4.4, 2.2), dpi=70)
plt.plot(sales['month'], sales['revenue'], marker='o')
plt.title('Revenue by month')
plt.tight_layout()
plt.savefig('revenue.png')
print(sales['revenue'].describe())";

const ANSWER: &str = "Revenue **grew by 57 %** from January to June.\n\n- The best month was **June** with 188.\n- Only \
                      **April** was weaker than the month before it.";

/// U1, U2, U3: a file and a question in one message; the confirmation, the answer, and the plot below it.
#[tokio::test]
async fn a_file_a_question_and_its_plot_look_as_in_the_picture() {
    let endpoint =
        ModelEndpoint::start([Scripted::call("execute_python_code", json!({ "code": PLOT })), Scripted::text(ANSWER)])
            .await;
    let Together { discord, channel, ada, bot } = Together::with(&[("OPENAI_BASE_URL", &*endpoint.root())]).await;
    let mut record = Record::new("A file and a question", &discord);
    let text = format!("{} how did our revenue develop? Plot it.", discord.mention());
    record.sees(&ada.sends(&channel, &text, [File::new("sales.csv", SALES)]));
    record.sees(&discord.next_message(&channel).await);
    let answer = discord.next_message(&channel).await;
    record.sees(&discord.message_with(&answer, |seen| seen.content.contains("Generated")).await);
    let plot = seen(&discord, &channel, |messages| messages.iter().find(|seen| !seen.files.is_empty()).cloned()).await;
    record.sees(&plot);
    record.compare("question");
    drop(bot);
    discord.verdict();
}

/// U4, U10: `Run Python` on a message with a mistake in it.
#[tokio::test]
async fn an_error_looks_as_in_the_picture() {
    let Together { discord, channel, ada, bot } = Together::start().await;
    let mut record = Record::new("Run Python on a message", &discord);
    let code = "total, people = 184.50, []\nprint(f'The bill is {total:.2f}')\nprint(total / len(people))";
    let source = ada.sends(&channel, &format!("why does this fail?\n```py\n{code}\n```"), []);
    record.sees(&source);
    let output = ada.uses_on(&source, "Run Python").await.message().await;
    let output = discord.message_with(&output, |seen| seen.content.contains("Executed")).await;
    record.sees_after("Ada used Run Python", &output);
    record.compare("error");
    drop(bot);
    discord.verdict();
}

/// U5, U7: the list of files, and the two questions before one is deleted.
#[tokio::test]
async fn the_files_and_their_deletion_look_as_in_the_picture() {
    let Together { discord, channel, ada, bot } = Together::start().await;
    let dm = ada.dm();
    let files = [File::new("sales.csv", SALES), File::new("notes.md", "# Notes\n"), File::new("old.json", "{}")];
    for file in files {
        ada.sends(&dm, "", [file]);
        discord.next_message(&dm).await;
    }
    let mut record = Record::new("/files, and a file deleted", &discord);
    let list = ada.runs_command(&channel, "/files", &[]).await.message().await;
    record.sees_after("Ada used /files", &list);
    let chosen = ada.chooses(&list, "Select a file to manage…", &["📊 sales.csv"]).await.message().await;
    record.sees(&chosen);
    let first = ada.presses(&chosen, "🗑️ Delete").await.message().await;
    record.sees(&first);
    ada.presses(&first, "⚠️ Yes, Delete").await;
    let second = discord.message_with(&first, |seen| seen.content.starts_with("⚠️ Final")).await;
    record.sees_after("Ada pressed ⚠️ Yes, Delete", &second);
    ada.presses(&second, "🔴 Click Again to Confirm").await;
    let done = discord.message_with(&second, |seen| seen.content.starts_with('✅')).await;
    record.sees_after("Ada pressed 🔴 Click Again to Confirm", &done);
    record.compare("files");
    drop(bot);
    discord.verdict();
}

/// U3, U4, U10: the form of `/run`, a run that goes on, and a result with its files.
#[tokio::test]
async fn the_form_of_run_and_its_result_look_as_in_the_picture() {
    let Together { discord, channel, ada, bot } = Together::start().await;
    let mut record = Record::new("/run", &discord);
    let form = ada.runs_command(&channel, "/run", &[]).await.form();
    let long = "n = 0\nprint('counting…', flush=True)\nwhile True:\n    n += 1";
    record.opens("Ada used /run", &form.form, &[("code", long)]);
    let going = ada.submits(&form, &[("code", long)]).await.message().await;
    let going = discord.message_with(&going, |seen| seen.content.contains("counting")).await;
    record.sees(&going);
    ada.presses(&going, "⏹️ Stop").await;
    discord.message_with(&going, |seen| seen.content.contains("Executed")).await;

    let form = ada.runs_command(&channel, "/run", &[]).await.form();
    let code = "from pathlib import Path\nname = input()\nPath('squares.csv').write_text('\\n'.join(f'{n},{n * n}' for n \
                in range(99)))\nprint(f'Here you are, {name}.')";
    let output = ada.submits(&form, &[("code", code), ("stdin", "Ada")]).await.message().await;
    let output = discord.message_with(&output, |seen| seen.content.contains("Generated")).await;
    record.sees_after("Ada used /run", &output);
    let is_file = |seen: &&Seen| seen.file_names() == ["squares.csv"];
    record.sees(&seen(&discord, &channel, |messages| messages.iter().find(is_file).cloned()).await);
    record.compare("run");
    drop(bot);
    discord.verdict();
}

/// U11: what was used up, who answers, and help.
#[tokio::test]
async fn usage_model_and_help_look_as_in_the_picture() {
    let endpoint = ModelEndpoint::start([Scripted::text("Hello, Ada.")]).await;
    let settings = [("OPENAI_BASE_URL", &*endpoint.root()), ("OPENAI_MODEL", "gpt-4o-mini, gpt-4o")];
    let Together { discord, channel, ada, bot } = Together::with(&settings).await;
    ada.sends(&channel, &format!("{} hello", discord.mention()), []);
    let answer = discord.next_message(&channel).await;
    discord.message_with(&answer, |seen| seen.content == "Hello, Ada.").await;
    let mut record = Record::new("/usage, /model and /help", &discord);
    for command in ["/usage", "/model", "/help"] {
        let said = ada.runs_command(&channel, command, &[]).await.message().await;
        record.sees_after(&format!("Ada used {command}"), &said);
    }
    record.compare("usage");
    drop(bot);
    discord.verdict();
}
