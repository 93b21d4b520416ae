//! Which master keys a database was sealed under: their marks, and when each began and ended.
//!
//! Invariants
//! - A key that has sealed is known here before its first row is written.
//! - One row at most has not been replaced, once the starts under way have ended.

use kernel::Timestamp;

use crate::{DbError, Tx, values};

/// A master key that seals, or did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MasterKeyRow {
    /// The mark of what it seals.
    pub mark: String,
    /// When a program first sealed under it.
    pub seals_from: Timestamp,
    /// When a program last started that seals under another; none: it seals.
    pub replaced_at: Option<Timestamp>,
    /// When nothing stood under it any more.
    pub resealed_at: Option<Timestamp>,
}

/// Every key that has sealed here, the oldest first.
///
/// # Errors
/// What the database says.
pub async fn master_keys(tx: &mut Tx) -> Result<Vec<MasterKeyRow>, DbError> {
    let rows = tx
        .query(
            "SELECT mark, seals_from, replaced_at, resealed_at FROM master_key \
             ORDER BY seals_from, mark",
            &values![],
        )
        .await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        all.push(MasterKeyRow {
            mark: row.get("mark")?,
            seals_from: row.get("seals_from")?,
            replaced_at: row.get("replaced_at")?,
            resealed_at: row.get("resealed_at")?,
        });
    }
    Ok(all)
}

/// Notes that rows are sealed under this key from now on, and under no other.
///
/// # Errors
/// What the database says.
pub async fn note_master_key(tx: &mut Tx, mark: &str, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO master_key (mark, seals_from) VALUES ($1, $2) \
         ON CONFLICT (mark) DO UPDATE SET replaced_at = NULL, resealed_at = NULL",
        &values![mark, now],
    )
    .await?;
    tx.execute(
        "UPDATE master_key SET replaced_at = $2 WHERE mark <> $1 AND replaced_at IS NULL",
        &values![mark, now],
    )
    .await?;
    Ok(())
}

/// Notes that nothing stands under this key any more; whether it was known and had been replaced.
///
/// # Errors
/// What the database says.
pub async fn note_resealed(tx: &mut Tx, mark: &str, now: Timestamp) -> Result<bool, DbError> {
    let noted = tx
        .execute(
            "UPDATE master_key SET resealed_at = $2 WHERE mark = $1 AND replaced_at IS NOT NULL",
            &values![mark, now],
        )
        .await?;
    Ok(noted > 0)
}

/// Notes that what stood under this key was given up, whether or not it had been replaced.
///
/// # Errors
/// What the database says.
pub async fn note_abandoned(tx: &mut Tx, mark: &str, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "UPDATE master_key SET replaced_at = COALESCE(replaced_at, $2), resealed_at = $2 \
         WHERE mark = $1",
        &values![mark, now],
    )
    .await?;
    Ok(())
}
