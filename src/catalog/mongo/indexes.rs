//! The indexes: what must be unique, what is looked up, and the server's own removal of what is long over.

use std::time::Duration;

use mongodb::{
    Database, IndexModel,
    bson::{Document, doc},
    error::Result,
    options::IndexOptions,
};

/// Records of files (S6).
pub(super) const FILES: &str = "user_files";
/// Turns of conversations.
pub(super) const TURNS: &str = "turns";
/// Counters of usage.
pub(super) const USAGE: &str = "usage";
/// What users chose.
pub(super) const PREFERENCES: &str = "preferences";
/// The journal.
pub(super) const RUNS: &str = "runs";
/// Keys for HTTP.
pub(super) const API_KEYS: &str = "api_keys";

/// How long after its end a record goes even if no cleanup ever runs (S6).
const SECOND_NET: Duration = Duration::from_secs(24 * 60 * 60);

/// Makes those that are missing.
pub(super) async fn make(database: &Database) -> Result<()> {
    for (collection, indexes) in all() {
        database.collection::<Document>(collection).create_indexes(indexes).await?;
    }
    Ok(())
}

fn all() -> [(&'static str, Vec<IndexModel>); 6] {
    [
        (
            FILES,
            vec![
                unique(doc! { "user_id": 1, "file_id": 1 }),
                index(doc! { "user_id": 1, "expires_at": 1 }),
                index(doc! { "user_id": 1, "uploaded_at": 1, "file_id": 1 }),
                index(doc! { "user_id": 1, "message_id": 1, "uploaded_at": 1, "file_id": 1 }),
                index(doc! { "user_id": 1, "chat_id": 1, "uploaded_at": 1, "file_id": 1 }),
                with(doc! { "expires_at": 1 }, IndexOptions::builder().expire_after(SECOND_NET).build()),
            ],
        ),
        (TURNS, vec![unique(doc! { "user_id": 1, "channel": 1, "number": 1 })]),
        (USAGE, vec![unique(doc! { "user_id": 1, "day": 1, "model": 1 }), index(doc! { "day": 1 })]),
        (PREFERENCES, vec![unique(doc! { "user_id": 1, "key": 1 })]),
        (
            RUNS,
            vec![
                unique(doc! { "run_id": 1 }),
                index(doc! { "started_at": -1, "run_id": -1 }),
                index(doc! { "user_id": 1, "started_at": -1, "run_id": -1 }),
            ],
        ),
        (API_KEYS, vec![unique(doc! { "key_id": 1 }), unique(doc! { "key_sha256": 1 })]),
    ]
}

fn index(keys: Document) -> IndexModel {
    IndexModel::builder().keys(keys).build()
}

fn unique(keys: Document) -> IndexModel {
    with(keys, IndexOptions::builder().unique(true).build())
}

fn with(keys: Document, options: IndexOptions) -> IndexModel {
    IndexModel::builder().keys(keys).options(options).build()
}
