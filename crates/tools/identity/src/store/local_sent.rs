//! Invitations that administrators sent to password accounts, kept for a day to be counted.

use kernel::{AgentId, Secret, Timestamp};
use kernel_db::{DbError, Tx, values};

use crate::domain::session::hash;
use crate::local::LocalSubject;

/// How many an administrator sent since, and how many went to an account.
///
/// # Errors
/// When the database refuses.
pub async fn counts(
    tx: &mut Tx,
    inviter: AgentId,
    subject: LocalSubject,
    since: Timestamp,
) -> Result<(u64, u64), DbError> {
    let row = tx
        .query_optional(
            "SELECT (SELECT COUNT(*) FROM identity_local_sent
                     WHERE inviter = $1 AND sent_at > $3) AS by_inviter,
                    (SELECT COUNT(*) FROM identity_local_sent
                     WHERE subject = $2 AND sent_at > $3) AS to_account",
            &values![inviter, subject, since],
        )
        .await?;
    let Some(row) = row else { return Ok((0, 0)) };
    let number = |n: i64| u64::try_from(n).unwrap_or(0);
    Ok((
        number(row.get("by_inviter")?),
        number(row.get("to_account")?),
    ))
}

/// Notes that an administrator sends an account a link, by the digest of its secret.
///
/// # Errors
/// When the database refuses.
pub async fn insert(
    tx: &mut Tx,
    secret: &Secret,
    inviter: AgentId,
    subject: LocalSubject,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO identity_local_sent (id, inviter, subject, sent_at)
         VALUES ($1, $2, $3, $4)",
        &values![hash(secret.expose()), inviter, subject, now],
    )
    .await?;
    Ok(())
}

/// Removes up to `rows` of those sent before; answers how many.
///
/// # Errors
/// When the database refuses.
pub async fn purge(tx: &mut Tx, before: Timestamp, rows: i64) -> Result<u64, DbError> {
    tx.execute(
        "DELETE FROM identity_local_sent WHERE id IN (
             SELECT id FROM identity_local_sent WHERE sent_at <= $1
             ORDER BY sent_at LIMIT $2)",
        &values![before, rows],
    )
    .await
}
