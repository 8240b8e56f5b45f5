-- Keys of programs that come in over HTTP; of each only its hash.
CREATE TABLE api_keys (
    key_id TEXT NOT NULL PRIMARY KEY,
    key_sha256 TEXT NOT NULL,
    user_id INTEGER NOT NULL,
    label TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX api_keys_by_hash ON api_keys (key_sha256);
