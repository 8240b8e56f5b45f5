//! Files that came with a message or a command: stored at once, since links end (U1, U2).

use std::io;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use reqwest_0_12::{Client, Response, Url, header::CONTENT_TYPE};
use serenity::all::Attachment;
use tokio_util::io::StreamReader;

use crate::{
    discord::{Bot, text::uploads::Sent},
    executions::{ExecutionError, Upload},
    files::{FoundSize, StoreError},
    identifiers::{ChatId, MessageId},
};

/// Where Discord keeps files. Nothing is fetched from elsewhere, whatever a message says.
const HOSTS: [&str; 2] = ["cdn.discordapp.com", "media.discordapp.net"];
/// How many files are received side by side.
const SIDE_BY_SIDE: usize = 4;
const NOT_THERE: &str = "Discord does not give the file out any more. Send it again.";
const NOT_NOW: &str = "It could not be stored because of a problem of the bot. Try again in a minute.";

/// Who sent files, and on which message.
#[derive(Clone, Debug)]
pub(in crate::discord) struct Sender {
    owner: u64,
    message: Option<MessageId>,
    chat: Option<ChatId>,
}

/// Who sent files; those of a command are on no message.
pub(in crate::discord) fn sender(owner: u64, message: Option<u64>, channel: u64) -> Sender {
    let message = message.and_then(|message| message.to_string().parse().ok());
    Sender { owner, message, chat: channel.to_string().parse().ok() }
}

/// Stores files, and gives what became of each, in their order.
pub(in crate::discord) async fn receive(bot: &Bot, sender: &Sender, attachments: &[Attachment]) -> Vec<Sent> {
    let _on_their_way = bot.uploads.begin(sender.owner);
    let receiving: Vec<_> = attachments.iter().map(|attachment| receive_one(bot, sender, attachment)).collect();
    stream::iter(receiving).buffered(SIDE_BY_SIDE).collect().await
}

async fn receive_one(bot: &Bot, sender: &Sender, attachment: &Attachment) -> Sent {
    match stored(bot, sender, attachment).await {
        Ok(sent) => sent,
        Err(reason) => Sent::Refused { name: attachment.filename.clone(), reason },
    }
}

async fn stored(bot: &Bot, sender: &Sender, attachment: &Attachment) -> Result<Sent, String> {
    let most = bot.settings.max_file_bytes;
    if u64::from(attachment.size) > most {
        let (name, size) = (attachment.filename.clone(), FoundSize::Exactly(attachment.size.into()));
        return Err(StoreError::TooLarge { name, size, limit: most }.to_string());
    }
    let response = fetch(&bot.downloads, attachment).await?;
    let content = StreamReader::new(response.bytes_stream().map_err(io::Error::other));
    let mut upload = Upload::named(&attachment.filename);
    if let Some(message) = sender.message.clone() {
        upload = upload.attached_to(message, sender.chat.clone());
    }
    let saved = bot.executions.save_upload(Bot::user(sender.owner), upload, content).await;
    match saved {
        Ok(record) => Ok(Sent::Stored(Box::new(record))),
        Err(ExecutionError::Store(error @ (StoreError::TooLarge { .. } | StoreError::Full))) => Err(error.to_string()),
        Err(ExecutionError::Store(StoreError::Source { .. })) => {
            Err("It could not be received to its end. Send it again.".to_owned())
        }
        Err(error) => {
            tracing::error!(%error, "a file was not stored");
            Err(NOT_NOW.to_owned())
        }
    }
}

async fn fetch(client: &Client, attachment: &Attachment) -> Result<Response, String> {
    let is_discord_s = |url: &Url| url.scheme() == "https" && url.host_str().is_some_and(|host| HOSTS.contains(&host));
    let url = Url::parse(&attachment.url).ok().filter(is_discord_s).ok_or_else(|| NOT_THERE.to_owned())?;
    let response = client.get(url).send().await.map_err(|error| {
        tracing::warn!(error = %error.without_url(), "a file could not be fetched");
        NOT_THERE.to_owned()
    })?;
    if !response.status().is_success() || is_page_instead(&response, attachment) {
        return Err(NOT_THERE.to_owned());
    }
    Ok(response)
}

/// Whether a web page came in the place of a file that is none: what says that a link has ended.
fn is_page_instead(response: &Response, attachment: &Attachment) -> bool {
    let is_page = |text: &str| text.starts_with("text/html");
    let found = response.headers().get(CONTENT_TYPE).and_then(|found| found.to_str().ok());
    found.is_some_and(is_page) && !attachment.content_type.as_deref().is_some_and(is_page)
}
