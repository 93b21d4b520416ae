//! Rows of `portal_inbox_count`.

use kernel::{AgentId, Timestamp};
use kernel_db::{DbError, Tx, values};

/// Counts one more notice of an application in a period; how many there are now. None for
/// `agent`: those to everybody.
///
/// # Errors
/// What the database says.
pub(crate) async fn count_posted(
    tx: &mut Tx,
    client_id: &str,
    agent: Option<AgentId>,
    period: &'static str,
    begins_at: Timestamp,
) -> Result<i64, DbError> {
    let agent = agent.unwrap_or(AgentId::from_u128(0));
    let row = tx
        .query_optional(
            "INSERT INTO portal_inbox_count (client_id, agent_id, period, begins_at, posted)
             VALUES ($1, $2, $3, $4, 1)
             ON CONFLICT (client_id, agent_id, period, begins_at) DO UPDATE SET
                posted = portal_inbox_count.posted + 1
             RETURNING posted",
            &values![client_id, agent, period, begins_at],
        )
        .await?;
    row.map_or(Ok(0), |row| row.get("posted"))
}

/// Removes up to 500 counts of periods that began before `before`; how many.
///
/// # Errors
/// What the database says.
pub(crate) async fn remove_old_counts(tx: &mut Tx, before: Timestamp) -> Result<u64, DbError> {
    tx.execute(
        "DELETE FROM portal_inbox_count WHERE (client_id, agent_id, period, begins_at) IN
            (SELECT client_id, agent_id, period, begins_at FROM portal_inbox_count
             WHERE begins_at < $1 ORDER BY begins_at LIMIT 500)",
        &values![before],
    )
    .await
}
