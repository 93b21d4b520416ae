//! Opening: the folder's lock, the pragmas, and the proof that they hold.

use std::{
    fs::{DirBuilder, File, OpenOptions, TryLockError},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

use rusqlite::{Connection, OpenFlags, config::DbConfig};

use super::statement::driver_error;
use crate::DbError;

/// Pages in the log before it is copied into the file (16 MB).
const AUTOCHECKPOINT_PAGES: i64 = 4_000;
/// `PRAGMA synchronous` reads back as a number: 2 is FULL.
const SYNCHRONOUS_FULL: i64 = 2;

/// Makes the folder when missing and takes its lock, which lasts as long as the file lives.
pub(super) fn lock_folder(folder: &Path) -> Result<File, DbError> {
    let unreachable =
        |cause: std::io::Error| DbError::Unreachable(format!("{}: {cause}", folder.display()));
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(unreachable)?;
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(folder.join("besace.lock"))
        .map_err(unreachable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(DbError::Locked(folder.display().to_string())),
        Err(TryLockError::Error(cause)) => Err(unreachable(cause)),
    }
}

/// Makes the file when missing, for the owner's eyes only; the log takes over its rights.
pub(super) fn make_file(file: &Path) -> Result<(), DbError> {
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(file)
        .map(|_| ())
        .map_err(|cause| DbError::Unreachable(format!("{}: {cause}", file.display())))
}

/// The one connection that writes, with durability proved by reading it back.
pub(super) fn writer(file: &Path) -> Result<Connection, DbError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags).map_err(driver_error)?;
    common(&connection)?;
    set(&connection, "journal_mode", "WAL")?;
    set(&connection, "synchronous", "FULL")?;
    set(&connection, "wal_autocheckpoint", AUTOCHECKPOINT_PAGES)?;
    let mode: String = get(&connection, "journal_mode")?;
    let synchronous: i64 = get(&connection, "synchronous")?;
    let foreign_keys: i64 = get(&connection, "foreign_keys")?;
    if mode != "wal" || synchronous != SYNCHRONOUS_FULL || foreign_keys != 1 {
        return Err(DbError::NotDurable(format!(
            "journal_mode {mode}, synchronous {synchronous}, foreign_keys {foreign_keys}"
        )));
    }
    Ok(connection)
}

/// A connection that cannot write. The writer's must be open already: it makes the log.
pub(super) fn reader(file: &Path) -> Result<Connection, DbError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags).map_err(driver_error)?;
    common(&connection)?;
    set(&connection, "query_only", true)?;
    Ok(connection)
}

fn common(connection: &Connection) -> Result<(), DbError> {
    connection
        .busy_timeout(std::time::Duration::from_secs(5))
        .map_err(driver_error)?;
    connection.set_prepared_statement_cache_capacity(256);
    // The plan of a statement does not depend on the values bound: otherwise SQLite may compile
    // it anew at each use.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map_err(driver_error)?;
    set(connection, "foreign_keys", true)?;
    set(connection, "trusted_schema", false)?;
    set(connection, "temp_store", "MEMORY")?;
    set(connection, "cache_size", -16_000)
}

pub(super) fn set(
    connection: &Connection,
    name: &str,
    value: impl rusqlite::ToSql,
) -> Result<(), DbError> {
    // Some pragmas answer a row and some do not.
    connection
        .pragma_update_and_check(None, name, value, |_| Ok(()))
        .or_else(|error| match error {
            rusqlite::Error::QueryReturnedNoRows => Ok(()),
            other => Err(other),
        })
        .map_err(driver_error)
}

pub(super) fn get<T: rusqlite::types::FromSql>(
    connection: &Connection,
    name: &str,
) -> Result<T, DbError> {
    connection
        .pragma_query_value(None, name, |row| row.get(0))
        .map_err(driver_error)
}
