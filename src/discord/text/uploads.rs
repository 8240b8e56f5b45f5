//! What is said of files that were uploaded (U2).

use super::{
    LONGEST_MESSAGE,
    escaping::{code, plain},
    times,
};
use crate::{
    catalog::FileRecord,
    formats::{Kind, measures::ByteSize},
};

/// The longest name that is shown whole, in characters.
const LONGEST_NAME: usize = 120;

/// A file that somebody sent, and what became of it.
#[derive(Clone, Debug)]
pub(in crate::discord) enum Sent {
    /// It is one of his files.
    Stored(Box<FileRecord>),
    /// It is not, and why.
    Refused {
        /// Its name.
        name: String,
        /// Why, in one sentence.
        reason: String,
    },
}

/// What is said of the files of one message, in pieces that a message can hold.
pub(in crate::discord) fn confirmation(sent: &[Sent], held: usize, most: usize) -> Vec<String> {
    let mut blocks: Vec<String> = Vec::new();
    let stored: Vec<_> = sent.iter().filter_map(Sent::record).collect();
    blocks.extend(stored.iter().map(|record| of_file(record)));
    if let Some(first) = stored.first() {
        blocks.push(format!("📂 **Your Files:** {held}/{most}\n{}", what_now(kind(first))));
    }
    blocks.extend(sent.iter().filter_map(Sent::refusal));
    together(&blocks)
}

impl Sent {
    pub(in crate::discord) fn record(&self) -> Option<&FileRecord> {
        match self {
            Self::Stored(record) => Some(record),
            Self::Refused { .. } => None,
        }
    }

    fn refusal(&self) -> Option<String> {
        match self {
            Self::Stored(_) => None,
            Self::Refused { name, reason } => {
                Some(format!("❌ **Not saved:** {}\n{}", code(&short(name)), plain(reason, 400)))
            }
        }
    }
}

fn of_file(record: &FileRecord) -> String {
    let expires = match record.expires_at {
        Some(end) => format!("⏰ **Expires:** {}", times::relative(end)),
        None => "♾️ This file never expires (permanent storage)".to_owned(),
    };
    format!(
        "{} **File Uploaded Successfully!**\n📁 **Name:** {}\n📦 **Type:** {}\n💾 **Size:** {}\n🆔 **File ID:** {}\n{expires}",
        kind(record).emoji(),
        code(&short(&record.filename)),
        record.file_type.to_uppercase(),
        ByteSize(record.file_size),
        code(record.file_id.as_str()),
    )
}

fn what_now(kind: Kind) -> String {
    let examples = examples(kind).map(|example| format!("• {example}")).join("\n");
    format!(
        "✅ **Ready for processing!**\nYou can now:\n• Ask me to analyze this data\n• Request visualizations or insights\n\
         • Write Python code to process it\n• The file is automatically accessible in code execution\n💡 **Examples:**\n\
         {examples}"
    )
}

/// Four things to ask of a file of this kind.
fn examples(kind: Kind) -> [&'static str; 4] {
    match kind {
        Kind::Image => [
            "Describe what is in this image",
            "Show its size and main colors",
            "Turn it into grayscale",
            "Resize it to 512 pixels",
        ],
        Kind::Text | Kind::Pdf | Kind::Document | Kind::Html => [
            "Summarize this document",
            "Show me the first 10 lines",
            "Count the most frequent words",
            "Find all dates and numbers in it",
        ],
        Kind::Code => {
            ["Explain what this code does", "Run this code", "Find mistakes in it", "Count its lines and functions"]
        }
        Kind::Audio | Kind::Video => [
            "Show how long it is and its format",
            "Plot the volume over time",
            "Cut out the first 10 seconds",
            "Show what is known about this file",
        ],
        Kind::Archive => [
            "List what is in this archive",
            "Unpack it and show the largest files",
            "Count its files by type",
            "Load the tables in it",
        ],
        Kind::Database => [
            "List the tables and their columns",
            "Show me the first 10 rows of each table",
            "Count the rows of each table",
            "Plot what is in the largest table",
        ],
        Kind::Binary => [
            "Find out what kind of file this is",
            "Show the first 100 bytes",
            "Search it for readable text",
            "Show what is known about this file",
        ],
        _ => [
            "Analyze this data and show key statistics",
            "Create visualizations from this file",
            "Show me the first 10 rows",
            "Plot correlations between all numeric columns",
        ],
    }
}

fn kind(record: &FileRecord) -> Kind {
    Kind::named(&record.kind).unwrap_or(Kind::Binary)
}

fn short(name: &str) -> String {
    super::escaping::one_line(name, LONGEST_NAME)
}

/// Blocks with empty lines between them, as few messages as hold them.
fn together(blocks: &[String]) -> Vec<String> {
    let mut pages: Vec<String> = Vec::new();
    for block in blocks {
        match pages.last_mut() {
            Some(page) if page.chars().count() + 2 + block.chars().count() <= LONGEST_MESSAGE => {
                page.push_str("\n\n");
                page.push_str(block);
            }
            _ => pages.push(block.clone()),
        }
    }
    pages
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::{catalog::Source, identifiers::UserId};

    fn record(name: &str, file_type: &str, kind: &str) -> FileRecord {
        let now = DateTime::from_timestamp(1_767_225_600, 0).unwrap();
        FileRecord {
            file_id: "7_1767225600_deadbeef".parse().unwrap(),
            user_id: UserId(7),
            filename: name.to_owned(),
            file_path: String::new(),
            file_size: 1536,
            file_type: file_type.to_owned(),
            kind: kind.to_owned(),
            sha256: String::new(),
            source: Source::Upload,
            message_id: None,
            chat_id: None,
            original_workspace_path: None,
            uploaded_at: now,
            expires_at: Some(now + chrono::TimeDelta::hours(48)),
            preview: None,
        }
    }

    const FILE: &str = "📊 **File Uploaded Successfully!**
📁 **Name:** `sales.csv`
📦 **Type:** CSV
💾 **Size:** 1.5 KB
🆔 **File ID:** `7_1767225600_deadbeef`
⏰ **Expires:** <t:1767398400:R>";

    const AFTER: &str = "📂 **Your Files:** 1/20
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

    /// U2
    #[test]
    fn an_upload_is_confirmed_in_these_words() {
        let sent = [Sent::Stored(Box::new(record("sales.csv", "csv", "data")))];
        assert_eq!(confirmation(&sent, 1, 20), [format!("{FILE}\n\n{AFTER}")]);
    }

    /// U2
    #[test]
    fn several_files_share_one_message_and_what_is_refused_is_named() {
        let stored = Sent::Stored(Box::new(record("sales.csv", "csv", "data")));
        let refused = Sent::Refused { name: "big`.bin".to_owned(), reason: "It is too large.".to_owned() };
        let expected = format!("{FILE}\n\n{FILE}\n\n{AFTER}\n\n❌ **Not saved:** `bigˋ.bin`\nIt is too large.");
        assert_eq!(confirmation(&[stored.clone(), stored, refused], 1, 20), [expected]);
    }

    /// S2, U2
    #[test]
    fn a_file_that_never_expires_says_so() {
        let record = FileRecord { expires_at: None, ..record("a.png", "image", "image") };
        let [page] = &confirmation(&[Sent::Stored(Box::new(record))], 1, 20)[..] else { panic!("one page") };
        assert!(page.contains("\n♾️ This file never expires (permanent storage)\n"), "{page}");
    }
}
