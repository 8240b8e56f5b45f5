use bytes::Bytes;
use chrono::TimeDelta;

use super::{
    super::{cdn, people::Delivery},
    Id, World,
};

/// As long a link to a file is good.
const LINK_LIFE: TimeDelta = TimeDelta::hours(24);

/// A file on a message.
#[derive(Clone, Debug)]
pub(crate) struct Attachment {
    pub(crate) id: Id,
    /// As its sender named it.
    pub(crate) sent_as: String,
    /// As Discord keeps it: without spaces and anything but plain letters, figures, `.`, `_` and `-`.
    pub(crate) filename: String,
    pub(crate) description: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) bytes: Bytes,
    pub(crate) url: String,
    pub(crate) is_ephemeral: bool,
}

/// What the CDN has at a path.
#[derive(Clone, Debug)]
pub(crate) struct Supply {
    pub(crate) bytes: Bytes,
    pub(crate) content_type: Option<String>,
    pub(crate) delivery: Delivery,
    /// Unix seconds at which the link's signature ends.
    pub(crate) ends: i64,
    /// How often it was asked for.
    pub(crate) asked: usize,
}

impl Attachment {
    /// The name that people see: the kept one, or the sent one where that was changed.
    pub(crate) fn title(&self) -> Option<&str> {
        (self.filename != self.sent_as).then(|| self.sent_as.rsplit_once('.').map_or(&*self.sent_as, |(stem, _)| stem))
    }
}

/// A file's name as Discord keeps it.
fn cleaned_name(name: &str) -> String {
    let kept = name.chars().filter_map(|letter| match letter {
        ' ' => Some('_'),
        letter if letter.is_ascii_alphanumeric() || "._-".contains(letter) => Some(letter),
        _ => None,
    });
    let kept: String = kept.collect();
    let kept = kept.trim_start_matches(['_', '.']);
    match kept.rsplit_once('.') {
        Some(("", ending)) => format!("unknown.{ending}"),
        None if kept.is_empty() => "unknown".to_owned(),
        _ => kept.to_owned(),
    }
}

impl World {
    /// Puts a file on the CDN, as one that hangs on a message of a channel.
    pub(crate) fn attach(&mut self, channel: Id, name: &str, bytes: Bytes, delivery: Delivery) -> Attachment {
        let id = self.next_id();
        let filename = cleaned_name(name);
        let path = format!("/attachments/{channel}/{id}/{filename}");
        let life = if delivery == Delivery::Expired { TimeDelta::hours(-1) } else { LINK_LIFE };
        let (starts, ends) = (self.now.timestamp(), (self.now + life).timestamp());
        let signature = cdn::signature_of(&path);
        let url = format!("https://cdn.discordapp.com{path}?ex={ends:x}&is={starts:x}&hm={signature}&");
        let content_type = content_type(&filename).map(str::to_owned);
        let supply = Supply { bytes: bytes.clone(), content_type: content_type.clone(), delivery, ends, asked: 0 };
        self.supplies.insert(path, supply);
        Attachment {
            id,
            sent_as: name.to_owned(),
            filename,
            description: None,
            content_type,
            bytes,
            url,
            is_ephemeral: false,
        }
    }
}

/// What Discord takes a file for, by its name alone.
fn content_type(name: &str) -> Option<&'static str> {
    let (_, extension) = name.rsplit_once('.')?;
    Some(match extension.to_ascii_lowercase().as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "svg" => "image/svg+xml",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "json" => "application/json; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "py" => "text/x-python; charset=utf-8",
        _ => return None,
    })
}
