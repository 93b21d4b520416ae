//! Rows of `portal_announcement_read`.

use std::collections::HashMap;

use kernel::{AgentId, Timestamp};
use kernel_db::{DbError, Tx, values};

use crate::domain::news::AnnouncementId;

/// Somebody who has read an announcement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reader {
    /// Who.
    pub(crate) agent: AgentId,
    /// When first.
    pub(crate) read_at: Timestamp,
}

/// Notes that somebody has read it; the first time counts.
///
/// # Errors
/// What the database says.
pub(crate) async fn mark_announcement_read(
    tx: &mut Tx,
    id: AnnouncementId,
    agent: AgentId,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO portal_announcement_read (announcement_id, agent_id, read_at)
         VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        &values![id, agent, now],
    )
    .await?;
    Ok(())
}

/// What an agent has read, of the announcements whose readings are still kept.
///
/// # Errors
/// What the database says.
pub(crate) async fn reads_of_agent(
    tx: &mut Tx,
    agent: AgentId,
) -> Result<HashMap<AnnouncementId, Timestamp>, DbError> {
    let rows = tx
        .query(
            "SELECT announcement_id, read_at FROM portal_announcement_read WHERE agent_id = $1",
            &values![agent],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((row.get("announcement_id")?, row.get("read_at")?)))
        .collect()
}

/// How many have read it.
///
/// # Errors
/// What the database says.
pub(crate) async fn count_readers(tx: &mut Tx, id: AnnouncementId) -> Result<i64, DbError> {
    let row = tx
        .query_optional(
            "SELECT COUNT(*) AS readers FROM portal_announcement_read WHERE announcement_id = $1",
            &values![id],
        )
        .await?;
    row.map_or(Ok(0), |row| row.get("readers"))
}

/// Who has read it, in the order of reading: those after `after`, `rows` at most.
///
/// # Errors
/// What the database says.
pub(crate) async fn list_readers(
    tx: &mut Tx,
    id: AnnouncementId,
    after: Reader,
    rows: i64,
) -> Result<Vec<Reader>, DbError> {
    let rows = tx
        .query(
            "SELECT agent_id, read_at FROM portal_announcement_read
             WHERE announcement_id = $1 AND (read_at, agent_id) > ($2, $3)
             ORDER BY read_at, agent_id LIMIT $4",
            &values![id, after.read_at, after.agent, rows],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Reader {
                agent: row.get("agent_id")?,
                read_at: row.get("read_at")?,
            })
        })
        .collect()
}

/// Who has read it among the agents whose ids lie between these two, both included.
///
/// # Errors
/// What the database says.
pub(crate) async fn readers_between(
    tx: &mut Tx,
    id: AnnouncementId,
    first: AgentId,
    last: AgentId,
) -> Result<Vec<AgentId>, DbError> {
    let rows = tx
        .query(
            "SELECT agent_id FROM portal_announcement_read
             WHERE announcement_id = $1 AND agent_id >= $2 AND agent_id <= $3",
            &values![id, first, last],
        )
        .await?;
    rows.iter().map(|row| row.get("agent_id")).collect()
}
