//! Statements on a SQLite connection: binding by name, reading rows, naming errors.

use std::{borrow::Cow, sync::Arc};

use rusqlite::{CachedStatement, Connection, ErrorCode, Statement, ffi, types::ValueRef};

use crate::{DbError, Row, Value};

pub(crate) fn execute(
    connection: &Connection,
    sql: &'static str,
    values: &[Value],
) -> Result<u64, DbError> {
    let mut statement = prepare(connection, sql, values)?;
    let rows = statement.raw_execute().map_err(driver_error)?;
    Ok(u64::try_from(rows).unwrap_or(u64::MAX))
}

pub(crate) fn query(
    connection: &Connection,
    sql: &'static str,
    values: &[Value],
) -> Result<Vec<Row>, DbError> {
    rows_of(&mut *prepare(connection, sql, values)?)
}

/// A query whose text is made anew, prepared for this once.
pub(crate) fn query_made(
    connection: &Connection,
    sql: &str,
    values: &[Value],
) -> Result<Vec<Row>, DbError> {
    let mut statement = connection.prepare(sql).map_err(driver_error)?;
    bind(&mut statement, values)?;
    rows_of(&mut statement)
}

fn rows_of(statement: &mut Statement<'_>) -> Result<Vec<Row>, DbError> {
    let mut rows = statement.raw_query();
    let mut columns: Option<Arc<[String]>> = None;
    let mut answer = Vec::new();
    while let Some(row) = rows.next().map_err(driver_error)? {
        // Asked for after the first step: that is where SQLite notices a changed table.
        let columns = columns.get_or_insert_with(|| {
            let statement: &rusqlite::Statement<'_> = row.as_ref();
            statement.column_names().map(str::to_owned).collect()
        });
        let mut values = Vec::with_capacity(columns.len());
        for (place, column) in columns.iter().enumerate() {
            values.push(read(row.get_ref(place).map_err(driver_error)?, column)?);
        }
        answer.push(Row::new(Arc::clone(columns), values));
    }
    Ok(answer)
}

pub(crate) fn batch(connection: &Connection, sql: &str) -> Result<(), DbError> {
    connection.execute_batch(sql).map_err(driver_error)
}

fn prepare<'a>(
    connection: &'a Connection,
    sql: &'static str,
    values: &[Value],
) -> Result<CachedStatement<'a>, DbError> {
    let mut statement = connection.prepare_cached(sql).map_err(driver_error)?;
    bind(&mut statement, values)?;
    Ok(statement)
}

/// SQLite numbers `$n` by first appearance, so each value is bound by its parameter's name.
fn bind(statement: &mut Statement<'_>, values: &[Value]) -> Result<(), DbError> {
    if statement.parameter_count() != values.len() {
        return Err(DbError::Parameter(format!(
            "{} values for {} parameters",
            values.len(),
            statement.parameter_count()
        )));
    }
    for (place, value) in values.iter().enumerate() {
        let name = NAMES
            .get(place)
            .map_or_else(|| format!("${}", place + 1).into(), |name| Cow::from(*name));
        let index = statement
            .parameter_index(&name)
            .map_err(driver_error)?
            .ok_or_else(|| DbError::Parameter(format!("no ${}", place + 1)))?;
        let bound = match value {
            Value::Null => statement.raw_bind_parameter(index, rusqlite::types::Null),
            Value::Int(value) => statement.raw_bind_parameter(index, value),
            Value::Real(value) => statement.raw_bind_parameter(index, value),
            Value::Text(value) => statement.raw_bind_parameter(index, value),
            Value::Bytes(value) => statement.raw_bind_parameter(index, value),
        };
        bound.map_err(driver_error)?;
    }
    Ok(())
}

/// Made beforehand; hardly a statement has more.
const NAMES: [&str; 32] = [
    "$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15",
    "$16", "$17", "$18", "$19", "$20", "$21", "$22", "$23", "$24", "$25", "$26", "$27", "$28",
    "$29", "$30", "$31", "$32",
];

fn read(value: ValueRef<'_>, column: &str) -> Result<Value, DbError> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Int(value),
        ValueRef::Real(value) => Value::Real(value),
        ValueRef::Text(bytes) => {
            Value::Text(
                String::from_utf8(bytes.to_vec()).map_err(|_| DbError::Decode {
                    column: column.to_owned(),
                    expected: "a text",
                    found: "bytes that are not UTF-8",
                })?,
            )
        }
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
    })
}

/// Names the driver's error for its cause.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that map_err takes"
)]
pub(super) fn driver_error(error: rusqlite::Error) -> DbError {
    let rusqlite::Error::SqliteFailure(failure, words) = &error else {
        return DbError::Driver(error.to_string());
    };
    let words = words.clone().unwrap_or_else(|| failure.to_string());
    match failure.code {
        ErrorCode::ConstraintViolation => match failure.extended_code {
            ffi::SQLITE_CONSTRAINT_UNIQUE
            | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
            | ffi::SQLITE_CONSTRAINT_ROWID => DbError::Unique { constraint: words },
            _ => DbError::Constraint { constraint: words },
        },
        ErrorCode::DiskFull => DbError::Full,
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => DbError::Busy,
        ErrorCode::ReadOnly => DbError::ReadOnly,
        ErrorCode::CannotOpen => DbError::Unreachable(words),
        _ => DbError::Driver(words),
    }
}
