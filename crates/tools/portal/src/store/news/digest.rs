//! When inboxes are looked at again, and what was mailed.

use kernel::{AgentId, Timestamp};
use kernel_db::{DbError, Row, Tx, values};

use super::inbox::notice;
use crate::domain::news::{StoredNotice, urgency_word};
use kernel::port::Urgency;

/// What is known of an inbox without counting it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InboxState {
    /// Unread notices.
    pub(crate) unread: i64,
    /// When the next digest is due.
    pub(crate) digest_at: Option<Timestamp>,
    /// When somebody must look.
    pub(crate) wake_at: Option<Timestamp>,
}

/// Agents whose inbox is to be looked at now, those that wait longest first, 500 at most.
///
/// # Errors
/// What the database says.
pub(crate) async fn due_inboxes(tx: &mut Tx, now: Timestamp) -> Result<Vec<AgentId>, DbError> {
    let rows = tx
        .query(
            "SELECT agent_id FROM portal_inbox WHERE wake_at <= $1 AND wake_at IS NOT NULL
             ORDER BY wake_at, agent_id LIMIT 500",
            &values![now],
        )
        .await?;
    rows.iter().map(|row| row.get("agent_id")).collect()
}

/// The state of an inbox; none: nothing ever came.
///
/// # Errors
/// What the database says.
pub(crate) async fn inbox_state(
    tx: &mut Tx,
    agent: AgentId,
) -> Result<Option<InboxState>, DbError> {
    let row = tx
        .query_optional(
            "SELECT unread, digest_at, wake_at FROM portal_inbox WHERE agent_id = $1",
            &values![agent],
        )
        .await?;
    row.as_ref().map(state).transpose()
}

fn state(row: &Row) -> Result<InboxState, DbError> {
    Ok(InboxState {
        unread: row.get("unread")?,
        digest_at: row.get("digest_at")?,
        wake_at: row.get("wake_at")?,
    })
}

/// Says when the next digest is due and when to look next.
///
/// # Errors
/// What the database says.
pub(crate) async fn set_inbox_due(
    tx: &mut Tx,
    agent: AgentId,
    digest_at: Option<Timestamp>,
    wake_at: Option<Timestamp>,
) -> Result<(), DbError> {
    tx.execute(
        "UPDATE portal_inbox SET digest_at = $2, wake_at = $3 WHERE agent_id = $1",
        &values![agent, digest_at, wake_at],
    )
    .await?;
    Ok(())
}

/// Unread notices that no mail held yet and that still matter, latest first, `rows` at most.
///
/// # Errors
/// What the database says.
pub(crate) async fn unmailed_notices(
    tx: &mut Tx,
    agent: AgentId,
    urgent_only: bool,
    now: Timestamp,
    rows: i64,
) -> Result<Vec<StoredNotice>, DbError> {
    let rows = tx
        .query(
            "SELECT id, source, source_name_fr, source_name_en, icon, kind, urgency, title_fr,
                title_en, detail_fr, detail_en, link, action_fr, action_en, until_at, at, read_at
             FROM portal_inbox_item
             WHERE agent_id = $1 AND read_at IS NULL AND mailed_at IS NULL
                AND (until_at IS NULL OR until_at > $2) AND (urgency = $3 OR CAST($4 AS BIGINT) = 0)
             ORDER BY at DESC, id DESC LIMIT $5",
            &values![agent, now, urgency_word(Urgency::Urgent), urgent_only, rows],
        )
        .await?;
    rows.iter().map(notice).collect()
}

/// Notes that a mail held the unread notices of an agent that came at `now` at the latest.
///
/// # Errors
/// What the database says.
pub(crate) async fn mark_mailed(
    tx: &mut Tx,
    agent: AgentId,
    urgent_only: bool,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "UPDATE portal_inbox_item SET mailed_at = $2
         WHERE agent_id = $1 AND read_at IS NULL AND mailed_at IS NULL AND at <= $2
            AND (urgency = $3 OR CAST($4 AS BIGINT) = 0)",
        &values![agent, now, urgency_word(Urgency::Urgent), urgent_only],
    )
    .await?;
    Ok(())
}
