//! Download: a file by direct message, or here where those are closed (U6, U8).

use serenity::all::CreateMessage;
use tokio::io::AsyncReadExt as _;

use super::{FileKey, Pressed, file_menu::chosen_file};
use crate::{
    catalog::FileRecord,
    discord::{
        Bot,
        asking::{Asking, Private},
        showing::{Attached, LARGEST_FILE, Trouble, nobody, trouble},
        text::lists,
    },
    executions::ExecutionError,
};

const NOT_NOW: &str = "❌ The file cannot be sent at the moment. Try again in a minute.";

pub(super) async fn pressed(bot: &Bot, asking: &Asking, pressed: &Pressed) {
    if asking.defer_privately().await {
        download(bot, asking, &FileKey::sent(&pressed.argument)).await;
    }
}

/// Sends a file to whoever asks, who was told that an answer follows.
pub(in crate::discord) async fn download(bot: &Bot, asking: &Asking, key: &FileKey) {
    let owner = asking.asker.user;
    let Some(record) = chosen_file(bot, owner, key).await else {
        return asking.answer(&Private::text(lists::NOT_FOUND)).await;
    };
    if record.file_size > asking.largest_file.max(LARGEST_FILE) {
        return asking.answer(&Private::text(lists::too_large(&record))).await;
    }
    let file = match read(bot, owner, &record).await {
        Ok(bytes) => Attached::new(&record.filename, bytes),
        Err(ExecutionError::FileNotFound) => return asking.answer(&Private::text(lists::NOT_FOUND)).await,
        Err(error) => {
            tracing::error!(%error, "a file could not be read");
            return asking.answer(&Private::text(NOT_NOW)).await;
        }
    };
    asking.answer(&sent(asking, &record, file).await).await;
}

/// Sends it by direct message, and gives what is said here: where those are closed, the file itself.
async fn sent(asking: &Asking, record: &FileRecord, file: Attached) -> Private {
    let said = lists::downloaded(record);
    let message = CreateMessage::new().content(&said).add_file(file.upload()).allowed_mentions(nobody());
    let by_message = asking.user().direct_message(asking.http(), message).await;
    match by_message.as_ref().map_err(trouble) {
        Ok(_) => Private::text(format!("{said}\n📬 It is in your direct messages.")),
        Err(Trouble::TooLarge) => Private::text(lists::too_large(record)),
        Err(found) => {
            tracing::info!(?found, "a direct message could not be sent");
            Private { files: vec![file], ..Private::text(said) }
        }
    }
}

async fn read(bot: &Bot, owner: u64, record: &FileRecord) -> Result<Vec<u8>, ExecutionError> {
    let mut opened = bot.executions.open_file(Bot::user(owner), record.file_id.as_str()).await?;
    let mut bytes = Vec::new();
    opened.content.file.read_to_end(&mut bytes).await.map_err(|_| ExecutionError::FileNotFound)?;
    Ok(bytes)
}
