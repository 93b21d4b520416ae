//! Sessions that somebody else than their own browser ended: why, for that browser, and which, for
//! every node that keeps a page of theirs open.

use kernel::{AgentId, SessionId, Timestamp};
use kernel_db::{DbError, Tx, values};

use super::unreadable;
use crate::domain::session::EndReason;

/// Ends the sessions of an agent, but `kept`, and revokes what they gave; answers which.
///
/// # Errors
/// When the database refuses.
pub async fn all_of_agent(
    tx: &mut Tx,
    agent: AgentId,
    kept: Option<SessionId>,
    reason: EndReason,
    now: Timestamp,
) -> Result<Vec<SessionId>, DbError> {
    let rows = tx
        .query(
            "SELECT id FROM identity_session WHERE agent = $1 ORDER BY id",
            &values![agent],
        )
        .await?;
    let mut ended = Vec::new();
    for row in &rows {
        let session: SessionId = row.get("id")?;
        if Some(session) != kept && one(tx, session, reason, now).await? {
            ended.push(session);
        }
    }
    Ok(ended)
}

/// Ends one session and revokes what it gave. Answers whether there was one.
///
/// # Errors
/// When the database refuses.
pub async fn one(
    tx: &mut Tx,
    session: SessionId,
    reason: EndReason,
    now: Timestamp,
) -> Result<bool, DbError> {
    tx.execute(
        "INSERT INTO identity_session_end (session, agent, token_hash, reason, at)
         SELECT id, agent, token_hash, CAST($2 AS TEXT), CAST($3 AS BIGINT)
         FROM identity_session WHERE id = $1
         ON CONFLICT (session) DO NOTHING",
        &values![session, reason.word(), now],
    )
    .await?;
    super::session::end(tx, session, now).await
}

/// Why the session of this cookie was ended; none: it was not, or long ago.
///
/// # Errors
/// When the database refuses or the row is damaged.
pub async fn reason(tx: &mut Tx, token_hash: [u8; 32]) -> Result<Option<EndReason>, DbError> {
    let row = tx
        .query_optional(
            "SELECT reason FROM identity_session_end WHERE token_hash = $1",
            &values![token_hash],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let word: String = row.get("reason")?;
    EndReason::from_word(&word)
        .map(Some)
        .ok_or_else(|| unreadable("reason"))
}

/// The sessions ended from `since` on.
///
/// # Errors
/// When the database refuses.
pub async fn since(tx: &mut Tx, since: Timestamp) -> Result<Vec<SessionId>, DbError> {
    let rows = tx
        .query(
            "SELECT session FROM identity_session_end WHERE at >= $1 ORDER BY at, session",
            &values![since],
        )
        .await?;
    rows.iter().map(|row| row.get("session")).collect()
}

/// Forgets up to `rows` ends older than `before`; answers how many.
///
/// # Errors
/// When the database refuses.
pub async fn purge(tx: &mut Tx, before: Timestamp, rows: i64) -> Result<u64, DbError> {
    tx.execute(
        "DELETE FROM identity_session_end WHERE session IN (
             SELECT session FROM identity_session_end WHERE at <= $1 ORDER BY at LIMIT $2)",
        &values![before, rows],
    )
    .await
}
