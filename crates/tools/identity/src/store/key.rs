//! Signing keys, sealed under the master key.

use kernel::Timestamp;
use kernel_db::{DbError, Tx, values};

/// A key as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    /// RFC 7638 thumbprint.
    pub kid: String,
    /// `ES256` or `RS256`.
    pub algorithm: String,
    /// PKCS#8, sealed.
    pub sealed: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The active keys, newest first.
///
/// # Errors
/// When the database refuses.
pub async fn active(tx: &mut Tx) -> Result<Vec<KeyRow>, DbError> {
    let rows = tx
        .query(
            "SELECT kid, algorithm, sealed, created_at FROM identity_key
             WHERE state = 'active' ORDER BY created_at DESC, kid",
            &[],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(KeyRow {
                kid: row.get("kid")?,
                algorithm: row.get("algorithm")?,
                sealed: row.get("sealed")?,
                created_at: row.get("created_at")?,
            })
        })
        .collect()
}

/// Writes a new active key.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &mut Tx, key: &KeyRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO identity_key (kid, algorithm, state, sealed, created_at)
         VALUES ($1, $2, 'active', $3, $4) ON CONFLICT (kid) DO NOTHING",
        &values![
            key.kid.as_str(),
            key.algorithm.as_str(),
            key.sealed.as_str(),
            key.created_at
        ],
    )
    .await?;
    Ok(())
}
