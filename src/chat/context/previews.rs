//! What is in tables: found out once by code that runs as their owner, and kept with their records (A2, S14).

use std::{collections::HashMap, time::Duration};

use serde::{Deserialize, Serialize};

use super::files::harmless;
use crate::{
    catalog::FileRecord,
    chat::assistant::Parts,
    executions::{ExecutionError, RunRequest},
    identifiers::UserId,
    interpreter::Ending,
};

const LOOK_INTO: &str = include_str!("../../../python/taipan_assistant/look_into.py");
/// What the code is called in tracebacks.
const NAME: &str = "look_into.py";
/// How long all files of a turn may take together.
const TIME: Duration = Duration::from_secs(20);
/// How many files are looked into in a turn; the newest first.
const AT_ONCE: usize = 8;
/// Larger files are not looked into, in bytes: reading them would take longer than a person waits.
const LARGEST_FILE: u64 = 100 * 1024 * 1024;
/// The types that hold tables and are read without installing anything.
const LOOKED_INTO: [&str; 8] = ["csv", "excel", "parquet", "feather", "arrow", "stata", "json", "jsonl"];

/// How much is told of a table, whoever wrote it down.
const MOST_COLUMNS: usize = 40;
const MOST_ROWS: usize = 3;
const LONGEST_CELL: usize = 60;

/// What is in a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Preview {
    /// A table.
    Table(Table),
    /// It cannot be told, and is not tried again.
    Unknown {
        /// Why.
        content: String,
    },
}

/// A table: its size, its columns and how it begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    rows: u64,
    /// Names and types.
    columns: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "is_zero")]
    more_columns: u64,
    first_rows: Vec<Vec<String>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "so serde calls it")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// What the code prints for each file.
#[derive(Deserialize)]
struct Found {
    file: String,
    #[serde(flatten)]
    preview: Preview,
}

impl Preview {
    pub(super) fn of_json(json: &str) -> Option<Self> {
        serde_json::from_str::<Self>(json).ok().map(Self::bounded)
    }

    fn unknown(why: &str) -> Self {
        Self::Unknown { content: why.to_owned() }
    }

    /// No more than is told, and each text on one line: code that runs as the user may say anything.
    fn bounded(self) -> Self {
        match self {
            Self::Unknown { content } => Self::Unknown { content: harmless(&content, LONGEST_CELL) },
            Self::Table(mut table) => {
                table.more_columns += table.columns.len().saturating_sub(MOST_COLUMNS) as u64;
                table.columns.truncate(MOST_COLUMNS);
                table.first_rows.truncate(MOST_ROWS);
                table.first_rows.iter_mut().for_each(|row| row.truncate(MOST_COLUMNS));
                let columns = table.columns.iter_mut().flat_map(|(name, kind)| [name, kind]);
                for text in columns.chain(table.first_rows.iter_mut().flatten()) {
                    *text = harmless(text, LONGEST_CELL);
                }
                Self::Table(table)
            }
        }
    }
}

impl Parts {
    /// Looks into those tables of which nothing is known yet, and keeps what it finds.
    pub(super) async fn look_into(&self, user: UserId, records: &mut [FileRecord]) {
        let unknown = |record: &&mut FileRecord| {
            let is_table = LOOKED_INTO.contains(&record.file_type.as_str()) && record.file_size <= LARGEST_FILE;
            record.preview.is_none() && is_table
        };
        let mut unknown: Vec<_> = records.iter_mut().rev().filter(unknown).take(AT_ONCE).collect();
        if unknown.is_empty() {
            return;
        }
        let ids: Vec<_> = unknown.iter().map(|record| record.file_id.to_string()).collect();
        let mut found = match self.look(user, &ids).await {
            Ok(found) => found,
            Err(error) => return tracing::debug!(%user, %error, "files could not be looked into"),
        };
        for record in &mut unknown {
            let Some(preview) = found.remove(record.file_id.as_str()) else { continue };
            let json = serde_json::to_string(&preview).unwrap_or_default();
            if let Err(error) = self.catalog.set_preview(user, &record.file_id, &json).await {
                tracing::error!(%user, %error, "what is in a file was not written down");
            }
            record.preview = Some(json);
        }
    }

    async fn look(&self, user: UserId, ids: &[String]) -> Result<HashMap<String, Preview>, ExecutionError> {
        let request = RunRequest::new(LOOK_INTO).args(ids).timeout(TIME).called(NAME).of_the_program();
        let answer = self.executions.run(user, request).await?.answer().await?;
        let lines = answer.outcome.stdout.lines();
        let found = lines.filter_map(|line| serde_json::from_str::<Found>(line).ok());
        let mut found: HashMap<_, _> = found.map(|found| (found.file, found.preview.bounded())).collect();
        // Files are read in their order: the one that the code ended with is not tried again.
        let ended_with = ids.iter().find(|id| !found.contains_key(*id));
        let why = match answer.outcome.ending {
            Ending::TimedOut => "It takes too long to read.",
            Ending::OutOfMemory | Ending::Killed { .. } => "It takes too much memory to read.",
            // A user who stops waiting says nothing about the file.
            Ending::Cancelled => return Ok(found),
            _ => "It cannot be read as a table.",
        };
        if let Some(id) = ended_with {
            found.insert(id.clone(), Preview::unknown(why));
        }
        Ok(found)
    }
}
