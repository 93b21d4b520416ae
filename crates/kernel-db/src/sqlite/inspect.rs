//! A look at the file that takes no lock.

use std::path::Path;

use rusqlite::Connection;

use super::{open, statement::driver_error};
use crate::{
    DbError,
    inspect::{Applied, Inspection},
};

/// What the file says of itself; blocks.
pub(crate) fn inspect(file: &Path) -> Result<(Inspection, Applied), DbError> {
    let connection = open::reader(file)?;
    let number = |name: &str| -> Result<u64, DbError> {
        let value: i64 = open::get(&connection, name)?;
        Ok(u64::try_from(value).unwrap_or(0))
    };
    let bytes = number("page_count")?.saturating_mul(number("page_size")?);
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    let seen = Inspection {
        version: format!("SQLite {}", rusqlite::version()),
        bytes,
        log_bytes: Some(std::fs::metadata(&log).map_or(0, |log| log.len())),
        clock: None,
        connections: None,
        has_tables: false,
        pending: Vec::new(),
    };
    Ok((seen, applied(&connection)?))
}

fn applied(connection: &Connection) -> Result<Applied, DbError> {
    let tables: i64 = connection
        .query_row(
            "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'schema_migration'",
            [],
            |row| row.get(0),
        )
        .map_err(driver_error)?;
    if tables == 0 {
        return Ok(Applied::new());
    }
    let mut statement = connection
        .prepare("SELECT tool, MAX(number) FROM schema_migration GROUP BY tool")
        .map_err(driver_error)?;
    let steps = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .map_err(driver_error)?;
    steps.collect::<Result<Applied, _>>().map_err(driver_error)
}
