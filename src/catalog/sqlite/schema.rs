//! The tables, and how those of older versions become those of this one.

use rusqlite::{Connection, TransactionBehavior};

/// Tells a catalog from databases of other programs: `Taip`.
pub(super) const APPLICATION: i32 = 0x5461_6970;

/// The version of the tables that this program knows.
#[expect(clippy::cast_possible_wrap, reason = "there are a handful of steps")]
pub(super) const VERSION: i64 = STEPS.len() as i64;

/// What leads from each version to the next; `user_version` says how many were taken. A step that was ever released
/// stays as it is.
const STEPS: [&str; 3] = [include_str!("schema/1.sql"), include_str!("schema/2.sql"), include_str!("schema/3.sql")];

/// Takes the steps that were not taken yet: all of them or none.
pub(super) fn bring_up_to_date(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: usize = transaction.query_row("PRAGMA user_version", [], |row| row.get::<_, u32>(0))? as usize;
    for step in STEPS.iter().skip(version) {
        transaction.execute_batch(step)?;
    }
    if version < STEPS.len() {
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", VERSION)?;
    }
    transaction.commit()
}
