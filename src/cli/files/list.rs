//! `taipan files list`: what a user has.

use std::io::{self, Write};

use chrono::{DateTime, Utc};
use console::{measure_text_width, style};
use serde_json::json;

use super::Desk;
use crate::{
    catalog::{FileRecord, Selection},
    cli::{Exit, Failure},
    formats::{
        Kind,
        measures::{ByteSize, counted},
    },
};

/// What stands above the columns.
const HEADS: [&str; 6] = ["ID", "NAME", "TYPE", "SIZE", "SAVED", "EXPIRES"];
/// Longer names are not cut, but those below do not follow them.
const WIDEST: usize = 60;

impl Desk<'_> {
    pub(super) async fn list(&self, json: bool) -> Result<Exit, Failure> {
        let records = self.files.list_files(self.user, &Selection::All).await?;
        let text = if json { document(&records)? } else { self.table(&records) };
        match io::stdout().lock().write_all(text.as_bytes()) {
            Ok(()) => Ok(Exit::Done),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Exit::ReaderGone),
            Err(error) => Err(Failure::interpreter(format!(
                "The list could not be written to standard output: {error}. Make room, or send it elsewhere."
            ))),
        }
    }

    fn table(&self, records: &[FileRecord]) -> String {
        if records.is_empty() {
            return "📁 You have no files.\n".to_owned();
        }
        let rows: Vec<_> = records.iter().map(|record| self.row(record)).collect();
        let widths: [usize; 6] = std::array::from_fn(|column| {
            let cells = rows.iter().map(|row| measure_text_width(&row[column]));
            cells.chain([HEADS[column].len()]).max().unwrap_or_default().min(WIDEST)
        });
        let mut text = style(line(&HEADS.map(str::to_owned), &widths)).bold().to_string();
        for row in &rows {
            text.push_str(&line(row, &widths));
        }
        let bytes = records.iter().map(|record| record.file_size).sum();
        let most = self.settings.storage.files_per_user;
        format!("{text}\n📂 {} of {most}, {}\n", counted(records.len(), "file"), ByteSize(bytes))
    }

    fn row(&self, record: &FileRecord) -> [String; 6] {
        let emoji = Kind::named(&record.kind).map_or("", Kind::emoji);
        [
            record.file_id.to_string(),
            format!("{emoji} {}", record.filename),
            record.file_type.clone(),
            ByteSize(record.file_size).to_string(),
            self.date(record.uploaded_at),
            record.expires_at.map_or_else(|| "never".to_owned(), |end| self.date(end)),
        ]
    }

    /// A date where the settings say that they are shown.
    pub(super) fn date(&self, date: DateTime<Utc>) -> String {
        date.with_timezone(&self.settings.storage.time_zone).format("%Y-%m-%d %H:%M").to_string()
    }
}

fn line(cells: &[String; 6], widths: &[usize; 6]) -> String {
    let padded = cells.iter().zip(widths).map(|(cell, width)| {
        let gap = width.saturating_sub(measure_text_width(cell));
        format!("{cell}{}", " ".repeat(gap))
    });
    format!("{}\n", padded.collect::<Vec<_>>().join("  ").trim_end())
}

/// The records as S6 names their fields.
fn document(records: &[FileRecord]) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(&json!({ "files": records }))
        .map_err(|error| Failure::interpreter(format!("The list cannot be written as JSON: {error}.")))?;
    Ok(text + "\n")
}
