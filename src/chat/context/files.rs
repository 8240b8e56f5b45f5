//! The user's files, as the model is told of them (A2).

use std::time::Duration;

use serde::Serialize;

use super::previews::Preview;
use crate::{
    catalog::{FileRecord, Selection},
    chat::assistant::Parts,
    identifiers::{FileId, UserId},
};

/// How many files are told of; of more, the newest.
const MOST_FILES: usize = 50;
/// How much is told of all files together, in bytes; older ones go without their content first.
const MOST_TOLD: usize = 16 * 1024;
/// How long the turn waits until the user's other runs let his files be looked into.
const PATIENCE: Duration = Duration::from_secs(30);
/// How much room a file takes without its content, in bytes, at most: an id, a name, and what stands around them.
const LINE: usize = 400;
/// The longest name that is told, in characters.
const LONGEST_NAME: usize = 120;

/// What is told of a user's files.
#[derive(Debug, Default)]
pub(in crate::chat) struct FilesTold {
    /// A line of JSON for each file, oldest first.
    pub(in crate::chat) lines: Vec<String>,
    /// The ids of all of the user's files.
    pub(in crate::chat) ids: Vec<FileId>,
    /// How many more there are.
    pub(in crate::chat) not_listed: usize,
}

#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    name: String,
    r#type: &'a str,
    bytes: u64,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    content: Option<Preview>,
}

/// The user's files that live, with what is in them where that is known or can be found out quickly. A catalog that
/// fails costs nobody his answer: code finds the files all the same.
pub(in crate::chat) async fn told(parts: &Parts, user: UserId) -> FilesTold {
    let listed = parts.executions.list_files(user, &Selection::All).await;
    let mut records = listed.unwrap_or_else(|error| {
        tracing::error!(%user, %error, "the files of a user could not be listed");
        Vec::new()
    });
    let ids = records.iter().map(|record| record.file_id.clone()).collect();
    let not_listed = records.len().saturating_sub(MOST_FILES);
    records.drain(..not_listed);
    tokio::select! {
        () = parts.look_into(user, &mut records) => {}
        () = parts.clock.sleep(PATIENCE) => tracing::debug!(%user, "the files of a user wait too long to be looked into"),
    }
    FilesTold { lines: lines(&records), ids, not_listed }
}

/// The newest files are told of with their content as long as there is room.
fn lines(records: &[FileRecord]) -> Vec<String> {
    let mut left = MOST_TOLD;
    let mut lines: Vec<_> = records
        .iter()
        .rev()
        .map(|record| {
            let content = record.preview.as_deref().and_then(Preview::of_json);
            let full = line(record, content);
            let shown = if full.len() <= left || full.len() <= LINE { full } else { line(record, None) };
            left = left.saturating_sub(shown.len());
            shown
        })
        .collect();
    lines.reverse();
    lines
}

/// Written as JSON, in which nothing can end its line or look like words of the program.
fn line(record: &FileRecord, content: Option<Preview>) -> String {
    let line = Line {
        id: record.file_id.as_str(),
        name: harmless(&record.filename, LONGEST_NAME),
        r#type: &record.file_type,
        bytes: record.file_size,
        content,
    };
    // Such a line has nothing that JSON lacks.
    serde_json::to_string(&line).unwrap_or_default()
}

/// A text on one line and of bounded length, without characters that steer how it is shown.
pub(super) fn harmless(text: &str, longest: usize) -> String {
    let steers = |letter: &char| {
        letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
            || ('\u{e0000}'..='\u{e007f}').contains(letter)
    };
    let mut letters = text.chars().map(|letter| if steers(&letter) { ' ' } else { letter });
    let mut shown: String = letters.by_ref().take(longest).collect();
    if letters.next().is_some() {
        shown.push('…');
    }
    shown
}
