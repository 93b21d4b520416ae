//! Reading, and taking it back. The unread count of an inbox changes in the same transaction.

use kernel::{AgentId, Timestamp};
use kernel_db::{DbError, Tx, values};

use crate::domain::news::NoticeId;

pub(super) async fn add_unread(tx: &mut Tx, agent: AgentId, change: i64) -> Result<(), DbError> {
    tx.execute(
        "UPDATE portal_inbox SET unread = unread + $2 WHERE agent_id = $1",
        &values![agent, change],
    )
    .await?;
    Ok(())
}

fn rows(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Whether this agent has this notice.
///
/// # Errors
/// What the database says.
pub(crate) async fn notice_exists(
    tx: &mut Tx,
    agent: AgentId,
    id: NoticeId,
) -> Result<bool, DbError> {
    let row = tx
        .query_optional(
            "SELECT 1 AS one FROM portal_inbox_item WHERE id = $1 AND agent_id = $2",
            &values![id, agent],
        )
        .await?;
    Ok(row.is_some())
}

/// Marks one as read; nothing when it is, or is another's.
///
/// # Errors
/// What the database says.
pub(crate) async fn mark_read(
    tx: &mut Tx,
    agent: AgentId,
    id: NoticeId,
    now: Timestamp,
) -> Result<(), DbError> {
    let changed = tx
        .execute(
            "UPDATE portal_inbox_item SET read_at = $3
             WHERE id = $1 AND agent_id = $2 AND read_at IS NULL",
            &values![id, agent, now],
        )
        .await?;
    add_unread(tx, agent, -rows(changed)).await
}

/// Marks one as unread; nothing when it is, or is another's.
///
/// # Errors
/// What the database says.
pub(crate) async fn mark_unread(tx: &mut Tx, agent: AgentId, id: NoticeId) -> Result<(), DbError> {
    let changed = tx
        .execute(
            "UPDATE portal_inbox_item SET read_at = NULL, read_mark = NULL
             WHERE id = $1 AND agent_id = $2 AND read_at IS NOT NULL",
            &values![id, agent],
        )
        .await?;
    add_unread(tx, agent, rows(changed)).await
}

/// Marks up to 500 unread notices that came at `now` at the latest as read under one mark; how
/// many.
///
/// # Errors
/// What the database says.
pub(crate) async fn mark_all_read(
    tx: &mut Tx,
    agent: AgentId,
    mark: [u8; 16],
    now: Timestamp,
) -> Result<u64, DbError> {
    let changed = tx
        .execute(
            "UPDATE portal_inbox_item SET read_at = $2, read_mark = $3 WHERE id IN
                (SELECT id FROM portal_inbox_item
                 WHERE agent_id = $1 AND read_at IS NULL AND at <= $2 LIMIT 500)",
            &values![agent, now, mark],
        )
        .await?;
    add_unread(tx, agent, -rows(changed)).await?;
    Ok(changed)
}

/// Takes back up to 500 readings under a mark that were made after `since`; how many.
///
/// # Errors
/// What the database says.
pub(crate) async fn undo_read(
    tx: &mut Tx,
    agent: AgentId,
    mark: [u8; 16],
    since: Timestamp,
) -> Result<u64, DbError> {
    let changed = tx
        .execute(
            "UPDATE portal_inbox_item SET read_at = NULL, read_mark = NULL WHERE id IN
                (SELECT id FROM portal_inbox_item
                 WHERE agent_id = $1 AND read_mark = $2 AND read_at >= $3 LIMIT 500)",
            &values![agent, mark, since],
        )
        .await?;
    add_unread(tx, agent, rows(changed)).await?;
    Ok(changed)
}
