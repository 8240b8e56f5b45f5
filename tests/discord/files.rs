//! What people do with their files (U5–U9).

use super::{
    given::{Together, settled},
    server::{Channel, Discord, File, Person, Seen},
};

async fn sent(discord: &Discord, person: &Person, channel: &Channel, files: Vec<File>) {
    person.sends(channel, "", files);
    discord.next_message(channel).await;
}

async fn listed(person: &Person, channel: &Channel) -> Seen {
    person.runs_command(channel, "/files", &[]).await.message().await
}

fn field(seen: &Seen) -> (String, String) {
    let field = &seen.embeds[0]["fields"][0];
    (field["name"].as_str().unwrap().to_owned(), settled(field["value"].as_str().unwrap()))
}

/// U5, U6: the list, a file chosen from it, and its download by direct message or, where those are closed, here.
#[tokio::test]
async fn files_are_listed_chosen_and_downloaded() {
    let Together { discord, channel, ada, bot } = Together::start().await;
    let empty = listed(&ada, &channel).await;
    assert_eq!((empty.content.as_str(), empty.only_for.as_deref()), ("📁 You have no files.", Some("Ada")));

    let dm = ada.dm();
    sent(&discord, &ada, &dm, vec![File::new("sales.csv", "a,b\n1,2\n")]).await;
    let list = listed(&ada, &channel).await;
    let embed = &list.embeds[0];
    assert_eq!(embed["title"], "📁 Your Files");
    assert_eq!(embed["description"], "You have 1 file(s) uploaded.");
    let entry = "Type: csv • Size: 8 B\nUploaded: <t:TIME:f> • ⏰ 47h left";
    assert_eq!(field(&list), ("📊 sales.csv".to_owned(), entry.to_owned()));
    assert_eq!(embed["footer"]["text"], "💡 Files expire after 48h • Use the menu below to manage files");
    assert_eq!(list.controls(), ["Select a file to manage…"]);

    let chosen = ada.chooses(&list, "Select a file to manage…", &["📊 sales.csv"]).await.message().await;
    let details = "📊 **sales.csv**\n📦 **Type:** CSV\n💾 **Size:** 8 B\n🆔 **File ID:** `ID`";
    assert_eq!(settled(&chosen.content), details);
    assert_eq!(chosen.controls(), ["⬇️ Download", "🗑️ Delete"]);

    let said = ada.presses(&chosen, "⬇️ Download").await.message().await;
    assert_eq!(said.content, "✅ Downloaded: `sales.csv`\n📬 It is in your direct messages.");
    let file = discord.next_message(&dm).await;
    assert_eq!(
        (file.content.as_str(), file.files[0].bytes.as_ref()),
        ("✅ Downloaded: `sales.csv`", &b"a,b\n1,2\n"[..])
    );

    ada.closes_dms();
    let here = ada.presses(&chosen, "⬇️ Download").await.message().await;
    assert_eq!((here.content.as_str(), here.file_names()), ("✅ Downloaded: `sales.csv`", vec!["sales.csv"]));
    drop(bot);
    discord.verdict();
}

/// U7: deleting is asked twice, and is for the owner alone.
#[tokio::test]
async fn a_file_is_deleted_after_two_questions() {
    let Together { discord, channel, ada, bot } = Together::start().await;
    sent(&discord, &ada, &ada.dm(), vec![File::new("sales.csv", "a")]).await;
    let list = listed(&ada, &channel).await;
    let chosen = ada.chooses(&list, "Select a file to manage…", &["📊 sales.csv"]).await.message().await;

    let first = ada.presses(&chosen, "🗑️ Delete").await.message().await;
    assert_eq!(
        first.content,
        "⚠️ Confirm Deletion\nAre you sure you want to delete: `sales.csv`? This action cannot be undone!"
    );
    assert_eq!(first.controls(), ["⚠️ Yes, Delete", "❌ Cancel"]);
    ada.presses(&first, "❌ Cancel").await;
    discord.message_with(&first, |seen| seen.content == "❌ Nothing was deleted.").await;

    let first = ada.presses(&chosen, "🗑️ Delete").await.message().await;
    ada.presses(&first, "⚠️ Yes, Delete").await;
    let second = discord.message_with(&first, |seen| seen.content.starts_with("⚠️ Final")).await;
    assert_eq!(
        second.content,
        "⚠️ Final Confirmation\nClick 'Click Again to Confirm' to permanently delete: `sales.csv`. This is your last \
         chance to cancel!"
    );
    assert_eq!(second.controls(), ["🔴 Click Again to Confirm", "❌ Cancel"]);
    ada.presses(&second, "🔴 Click Again to Confirm").await;
    let done = discord.message_with(&second, |seen| seen.content.starts_with("✅")).await;
    assert_eq!(done.content, "✅ File Deleted\nSuccessfully deleted: `sales.csv`");

    // The file has gone; its buttons are still there.
    let gone = ada.presses(&chosen, "⬇️ Download").await.message().await;
    assert_eq!(gone.content, "❌ File not found or expired");
    drop(bot);
    discord.verdict();
}

/// U8, S3: names come up while they are typed, one's own alone.
#[tokio::test]
async fn download_suggests_ones_own_files() {
    let Together { discord, channel, ada, bot } = Together::start().await;
    let files = vec![File::new("sales.csv", "1"), File::new("notes.txt", "2")];
    sent(&discord, &ada, &ada.dm(), files).await;
    let choices = ada.types(&channel, "/download", ("file", "SAL")).await;
    assert_eq!(choices.choices(), ["📊 sales.csv"]);
    let bob = discord.user("Bob");
    assert_eq!(bob.types(&channel, "/download", ("file", "")).await.choices(), Vec::<String>::new());

    let id = choices.values()[0].clone();
    let said = ada.runs_command(&channel, "/download", &[("file", id.clone().into())]).await.message().await;
    assert_eq!(said.content, "✅ Downloaded: `sales.csv`\n📬 It is in your direct messages.");
    let foreign = bob.runs_command(&channel, "/download", &[("file", id.into())]).await.message().await;
    assert_eq!(foreign.content, "❌ File not found or expired");
    drop(bot);
    discord.verdict();
}

/// U9
#[tokio::test]
async fn reset_clears_everything_at_once() {
    let Together { discord, channel, ada, bot } = Together::start().await;
    let cleared = "✅ Your conversation history and token usage statistics have been cleared and reset!";
    let none = ada.runs_command(&channel, "/reset", &[]).await.message().await;
    assert_eq!(none.content, format!("{cleared}\n📁 No files to delete."));
    sent(&discord, &ada, &ada.dm(), vec![File::new("a.csv", "1"), File::new("b.csv", "2")]).await;
    let two = ada.runs_command(&channel, "/reset", &[]).await.message().await;
    assert_eq!(
        (two.content.as_str(), two.only_for.as_deref()),
        (&*format!("{cleared}\n🗑️ Deleted 2 file(s)."), Some("Ada"))
    );
    assert_eq!(listed(&ada, &channel).await.content, "📁 You have no files.");
    drop(bot);
    discord.verdict();
}

/// U5: 25 files are on a page.
#[tokio::test]
async fn more_files_than_a_menu_holds_are_on_several_pages() {
    let Together { discord, channel, ada, bot } = Together::with(&[("MAX_FILES_PER_USER", "40")]).await;
    for message in 0..3 {
        let files = (0..9).map(|file| File::new(&format!("{message}{file}.csv"), format!("{message}{file}"))).collect();
        sent(&discord, &ada, &ada.dm(), files).await;
    }
    let list = listed(&ada, &channel).await;
    assert_eq!(list.embeds[0]["description"], "You have 27 file(s) uploaded.");
    assert_eq!(list.embeds[0]["fields"].as_array().unwrap().len(), 25);
    assert_eq!(list.controls(), ["Select a file to manage…", "(◀)", "▶"]);
    ada.presses(&list, "▶").await;
    let next = discord
        .message_with(&list, |seen| {
            seen.embeds.first().is_some_and(|embed| embed["fields"].as_array().unwrap().len() == 2)
        })
        .await;
    assert_eq!(next.controls(), ["Select a file to manage…", "◀", "(▶)"]);
    drop(bot);
    discord.verdict();
}
