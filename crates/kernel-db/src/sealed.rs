//! Columns that hold values sealed under a master key, whatever the tool: found by the mark that
//! each value begins with, so that they can be counted and sealed anew.
//!
//! The texts of the queries are made of names of tables and columns that the program's source
//! declares, and of parameters.

use std::fmt::Write as _;

use crate::{DbError, Row, Tx, Value, values};

/// Rows sealed anew in one transaction.
pub const SEALED_BATCH: u32 = 500;
/// Characters of a sealed value that say under which key it is.
const MARK: u8 = 5;

/// A column of sealed values. Empty and absent values are sealed under nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealedColumn {
    /// Its table.
    pub table: &'static str,
    /// Its name.
    pub column: &'static str,
    /// The table's primary key.
    pub key: &'static [&'static str],
    /// What the values are sealed for.
    pub purpose: &'static str,
    /// Whether a program must be able to open every value: what leaves within a day by itself and
    /// whose loss costs a convenience is not lasting.
    pub lasting: bool,
}

/// A value and the row that holds it.
#[derive(Debug, Clone)]
pub struct SealedRow {
    /// The row's primary key.
    pub key: Vec<Value>,
    /// The value.
    pub sealed: String,
}

/// Under which key the values looked for are sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Under<'a> {
    /// Under that of this mark.
    This(&'a str),
    /// Under any other.
    Other(&'a str),
}

impl SealedColumn {
    /// How many values stand under each mark.
    ///
    /// # Errors
    /// What the database says.
    pub async fn counts(&self, tx: &mut Tx) -> Result<Vec<(String, i64)>, DbError> {
        let sql = format!(
            "SELECT substr({column}, 1, {MARK}) AS mark, COUNT(*) AS n FROM {table} \
             WHERE {column} IS NOT NULL AND {column} <> '' GROUP BY 1 ORDER BY 1",
            table = self.table,
            column = self.column,
        );
        let rows = tx.query_made(&sql, &values![]).await?;
        let pair = |row: &Row| Ok((row.get("mark")?, row.get("n")?));
        rows.iter().map(pair).collect()
    }

    /// The next [`SEALED_BATCH`] values after a row's key, in the order of keys.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page(
        &self,
        tx: &mut Tx,
        under: Under<'_>,
        after: Option<&[Value]>,
    ) -> Result<Vec<SealedRow>, DbError> {
        let keys = self.key.join(", ");
        let (comparison, mark) = match under {
            Under::This(mark) => ("=", mark),
            Under::Other(mark) => ("<>", mark),
        };
        let mut sql = format!(
            "SELECT {keys}, {column} AS sealed_value FROM {table} \
             WHERE {column} IS NOT NULL AND {column} <> '' \
             AND substr({column}, 1, {MARK}) {comparison} $1",
            table = self.table,
            column = self.column,
        );
        let mut given = vec![Value::from(mark)];
        if let Some(after) = after {
            let places: Vec<String> = (2..).take(after.len()).map(|n| format!("${n}")).collect();
            let _ = write!(sql, " AND ({keys}) > ({})", places.join(", "));
            given.extend_from_slice(after);
        }
        let _ = write!(sql, " ORDER BY {keys} LIMIT {SEALED_BATCH}");
        let rows = tx.query_made(&sql, &given).await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let mut key = Vec::with_capacity(self.key.len());
            for name in self.key {
                key.push(row.get(name)?);
            }
            found.push(SealedRow {
                key,
                sealed: row.get("sealed_value")?,
            });
        }
        Ok(found)
    }

    /// Puts another value in the place of one that is still there; whether it was.
    ///
    /// # Errors
    /// What the database says.
    pub async fn replace(
        &self,
        tx: &mut Tx,
        row: &SealedRow,
        sealed: &str,
    ) -> Result<bool, DbError> {
        let mut sql = format!(
            "UPDATE {table} SET {column} = $1 WHERE {column} = $2",
            table = self.table,
            column = self.column,
        );
        let mut given = vec![Value::from(sealed), Value::from(row.sealed.as_str())];
        for (name, value) in self.key.iter().zip(&row.key) {
            given.push(value.clone());
            let _ = write!(sql, " AND {name} = ${}", given.len());
        }
        sql.push_str(" RETURNING 1 AS one");
        Ok(!tx.query_made(&sql, &given).await?.is_empty())
    }
}
