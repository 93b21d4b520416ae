//! Signing keys, sealed under the master key.

use jose::Algorithm;
use kernel::Timestamp;
use kernel_db::{DbError, Tx, values};

use super::revision::{self, Kind};
use super::unreadable;
use crate::domain::signing::KeyFacts;

/// A key as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    /// What is known of it.
    pub facts: KeyFacts,
    /// PKCS#8, sealed.
    pub sealed: String,
}

/// Every key, that which signs last first. One that was given up with its lost master key holds
/// nothing and is none.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn all(tx: &mut Tx) -> Result<Vec<KeyRow>, DbError> {
    let rows = tx
        .query(
            "SELECT kid, algorithm, sealed, created_at, active_at FROM identity_key
             WHERE sealed <> ''
             ORDER BY active_at DESC, kid DESC",
            &[],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let algorithm: String = row.get("algorithm")?;
            Ok(KeyRow {
                facts: KeyFacts {
                    kid: row.get("kid")?,
                    algorithm: Algorithm::from_name(&algorithm)
                        .ok_or_else(|| unreadable("algorithm"))?,
                    created_at: row.get("created_at")?,
                    active_at: row.get("active_at")?,
                },
                sealed: row.get("sealed")?,
            })
        })
        .collect()
}

/// Writes a new key. Its state is a word for programs of before the rotation, which sign with what
/// is `active`; here it follows from `active_at`.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &mut Tx, key: &KeyRow) -> Result<(), DbError> {
    let facts = &key.facts;
    let state = if facts.active_at > facts.created_at {
        "next"
    } else {
        "active"
    };
    tx.execute(
        "INSERT INTO identity_key (kid, algorithm, state, sealed, created_at, active_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        &values![
            facts.kid.as_str(),
            facts.algorithm.name(),
            state,
            key.sealed.as_str(),
            facts.created_at,
            facts.active_at
        ],
    )
    .await?;
    revision::raise(tx, Kind::Key).await
}

/// Lets a key that waits sign from `at` on.
///
/// # Errors
/// When the database refuses.
pub async fn sign_from(tx: &mut Tx, kid: &str, at: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "UPDATE identity_key SET active_at = $2, state = 'active' WHERE kid = $1",
        &values![kid, at],
    )
    .await?;
    revision::raise(tx, Kind::Key).await
}

/// Removes keys.
///
/// # Errors
/// When the database refuses.
pub async fn remove(tx: &mut Tx, kids: &[String]) -> Result<(), DbError> {
    for kid in kids {
        let statement = "DELETE FROM identity_key WHERE kid = $1";
        tx.execute(statement, &values![kid.as_str()]).await?;
    }
    revision::raise(tx, Kind::Key).await
}
