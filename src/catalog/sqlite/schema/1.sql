-- Times are milliseconds since 1970, days are written as 2026-01-31.

CREATE TABLE user_files (
    file_id TEXT NOT NULL,
    user_id INTEGER NOT NULL,
    filename TEXT NOT NULL,
    file_path TEXT NOT NULL,
    file_size INTEGER NOT NULL,
    file_type TEXT NOT NULL,
    kind TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    source TEXT NOT NULL,
    message_id TEXT,
    chat_id TEXT,
    original_workspace_path TEXT,
    uploaded_at INTEGER NOT NULL,
    expires_at INTEGER,
    preview TEXT
) STRICT;
CREATE UNIQUE INDEX user_files_by_id ON user_files (user_id, file_id);
CREATE INDEX user_files_by_end ON user_files (user_id, expires_at);
CREATE INDEX user_files_by_time ON user_files (user_id, uploaded_at, file_id);
CREATE INDEX user_files_by_message ON user_files (user_id, message_id, uploaded_at, file_id) WHERE message_id IS NOT NULL;
CREATE INDEX user_files_by_chat ON user_files (user_id, chat_id, uploaded_at, file_id) WHERE chat_id IS NOT NULL;
-- For the cleaner, and for totals without reading records.
CREATE INDEX user_files_of_all_by_end ON user_files (expires_at, file_size);

CREATE TABLE turns (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL,
    channel TEXT NOT NULL,
    said_at INTEGER NOT NULL,
    content TEXT NOT NULL
) STRICT;
CREATE INDEX turns_by_channel ON turns (user_id, channel, number);

CREATE TABLE usage (
    counters TEXT NOT NULL,
    user_id INTEGER NOT NULL,
    day TEXT NOT NULL,
    model TEXT NOT NULL,
    messages INTEGER NOT NULL,
    runs INTEGER NOT NULL,
    run_millis INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL,
    cost_micro_usd INTEGER NOT NULL,
    unpriced INTEGER NOT NULL,
    PRIMARY KEY (counters, user_id, day, model)
) STRICT, WITHOUT ROWID;
CREATE INDEX usage_by_day ON usage (day);

CREATE TABLE preferences (
    user_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (user_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
    run_id TEXT NOT NULL PRIMARY KEY,
    user_id INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    code_sha256 TEXT NOT NULL,
    ending TEXT NOT NULL,
    run_millis INTEGER NOT NULL,
    files TEXT NOT NULL
) STRICT;
CREATE INDEX runs_by_time ON runs (started_at, run_id);
CREATE INDEX runs_by_user ON runs (user_id, started_at, run_id);

-- What there is one of: when the last cleanup was, the number of the store of bytes.
CREATE TABLE moments (
    name TEXT NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
