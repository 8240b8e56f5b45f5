//! What is said of the files somebody has (U5, U6, U7).

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    escaping::{code, plain},
    times,
};
use crate::{
    catalog::FileRecord,
    formats::{Kind, measures::ByteSize},
};

/// How many files one page of the list has: as many as a menu can offer.
pub(in crate::discord) const PAGE: usize = 25;
pub(in crate::discord) const TITLE: &str = "📁 Your Files";
pub(in crate::discord) const EMPTY: &str = "📁 You have no files.";
pub(in crate::discord) const NOT_FOUND: &str = "❌ File not found or expired";
/// How long a name may be in a list, in characters.
const LONGEST_NAME: usize = 80;

/// The head and body of a file's entry in the list.
pub(in crate::discord) fn entry(record: &FileRecord, now: DateTime<Utc>) -> (String, String) {
    let head = format!("{} {}", emoji(record), plain(&record.filename, LONGEST_NAME));
    let left = match record.expires_at {
        Some(end) => format!("⏰ {}h left", hours_left(end - now)),
        None => "♾️ Never expires".to_owned(),
    };
    let body = format!(
        "Type: {} • Size: {}\nUploaded: {} • {left}",
        record.file_type,
        ByteSize(record.file_size),
        times::at(record.uploaded_at)
    );
    (head, body)
}

pub(in crate::discord) fn description(count: usize) -> String {
    format!("You have {count} file(s) uploaded.")
}

pub(in crate::discord) fn footer(life: Option<Duration>) -> String {
    match life {
        Some(life) => {
            format!("💡 Files expire after {}h • Use the menu below to manage files", times::hours(life))
        }
        None => "💡 Files are stored permanently".to_owned(),
    }
}

/// What is said of a file that was chosen.
pub(in crate::discord) fn details(record: &FileRecord) -> String {
    format!(
        "{} **{}**\n📦 **Type:** {}\n💾 **Size:** {}\n🆔 **File ID:** {}",
        emoji(record),
        plain(&record.filename, LONGEST_NAME),
        record.file_type.to_uppercase(),
        exact_size(record.file_size),
        code(record.file_id.as_str())
    )
}

pub(in crate::discord) fn downloaded(record: &FileRecord) -> String {
    format!("✅ Downloaded: {}", code(&record.filename))
}

pub(in crate::discord) fn too_large(record: &FileRecord) -> String {
    format!(
        "❌ File too large to download ({})\n💡 Code can still use it: {}",
        exact_size(record.file_size),
        code(&format!("load_file(\"{}\")", record.file_id))
    )
}

pub(in crate::discord) fn confirm(record: &FileRecord) -> String {
    format!(
        "⚠️ Confirm Deletion\nAre you sure you want to delete: {}? This action cannot be undone!",
        code(&record.filename)
    )
}

pub(in crate::discord) fn confirm_again(record: &FileRecord) -> String {
    format!(
        "⚠️ Final Confirmation\nClick 'Click Again to Confirm' to permanently delete: {}. This is your last chance to \
         cancel!",
        code(&record.filename)
    )
}

pub(in crate::discord) fn deleted(record: &FileRecord) -> String {
    format!("✅ File Deleted\nSuccessfully deleted: {}", code(&record.filename))
}

pub(in crate::discord) fn emoji(record: &FileRecord) -> &'static str {
    Kind::named(&record.kind).unwrap_or(Kind::Binary).emoji()
}

/// Two decimals of a megabyte, where the list has one.
fn exact_size(bytes: u64) -> String {
    const MB: f64 = 1024.0 * 1024.0;
    #[expect(clippy::cast_precision_loss, reason = "two decimals of a size need no more than 52 bits")]
    let megabytes = bytes as f64 / MB;
    if megabytes < 1.0 { ByteSize(bytes).to_string() } else { format!("{megabytes:.2} MB") }
}

/// Whole hours, one decimal below ten.
fn hours_left(left: TimeDelta) -> String {
    let left = left.to_std().unwrap_or_default();
    let hours = left.as_secs() / 3600;
    if hours >= 10 { hours.to_string() } else { times::hours(left) }
}
