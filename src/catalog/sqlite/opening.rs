//! Opening the file: looked at first, changed only when it is a catalog that this program knows.

use std::{fs, os::unix::fs::OpenOptionsExt as _, path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, config::DbConfig};

use super::{Failures, schema};
use crate::catalog::CatalogError;

/// How long a connection waits for another program that is writing.
const BUSY: Duration = Duration::from_secs(10);
/// Up to this size a file is gone through when it is opened, which takes less than half a second.
const CHECKED_BYTES: u64 = 64 * 1024 * 1024;

/// Opens a file for writing and for reading, and makes it when there is none.
pub(super) fn open(path: &Path, failures: &Failures) -> Result<(Connection, Connection), CatalogError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|error| failures.of_system(&error))?;
    create_private(path);
    let mut writer = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE, failures)?;
    inspect(path, &writer, failures)?;
    prepare(&mut writer).map_err(|error| failures.of(&error))?;
    // The file's name is on disk before anything in it is acknowledged.
    fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| failures.of_system(&error))?;
    let reader = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE, failures)?;
    reader.pragma_update(None, "query_only", true).map_err(|error| failures.of(&error))?;
    Ok((writer, reader))
}

/// Makes the file where there is none, for this program alone: conversations stand in it. SQLite gives the files beside
/// it the same rights. Where it cannot be made, SQLite will say why it cannot be opened.
fn create_private(path: &Path) {
    let _ = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
}

fn connect(path: &Path, flags: OpenFlags, failures: &Failures) -> Result<Connection, CatalogError> {
    let connect = || {
        let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(BUSY)?;
        Ok(connection)
    };
    connect().map_err(|error| failures.of(&error))
}

/// Sees whether this is a catalog that may be changed. Until then even closing the file leaves it as it is.
fn inspect(path: &Path, connection: &Connection, failures: &Failures) -> Result<(), CatalogError> {
    let look = || {
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
        let found = Found {
            tables: number("SELECT count(*) FROM sqlite_master")?,
            application: number("PRAGMA application_id")?,
            version: number("PRAGMA user_version")?,
            is_read_only: connection.is_readonly(rusqlite::MAIN_DB)?,
        };
        Ok(found)
    };
    let found = look().map_err(|error| failures.of(&error))?;
    let place = failures.place();
    if found.tables == 0 && found.version == 0 {
        // Nothing is in it yet.
    } else if found.application != i64::from(schema::APPLICATION) {
        return Err(CatalogError::Foreign { place });
    } else if found.version > schema::VERSION {
        return Err(CatalogError::Newer { place, found: found.version, known: schema::VERSION });
    } else if is_damaged(path, connection).map_err(|error| failures.of(&error))? {
        return Err(CatalogError::Damaged { place });
    }
    if found.is_read_only {
        return Err(CatalogError::ReadOnly { place, reason: "the file is read-only".to_owned() });
    }
    Ok(())
}

struct Found {
    tables: i64,
    application: i64,
    version: i64,
    is_read_only: bool,
}

fn is_damaged(path: &Path, connection: &Connection) -> rusqlite::Result<bool> {
    if fs::metadata(path).is_ok_and(|file| file.len() > CHECKED_BYTES) {
        return Ok(false);
    }
    Ok(connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0))? != "ok")
}

/// What is written is on disk before a call returns, and readers do not wait for writers.
fn prepare(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    schema::bring_up_to_date(connection)
}
