//! Where accounts stand: their state, since when and by whom.

use kernel::{AgentId, Timestamp};
use kernel_db::{DbError, Row, Tx, values};

use super::unreadable;
use crate::domain::agent::AgentState;
use crate::domain::life::{Life, RoleAndAbove};

/// Where an agent's account stands; none: unknown.
///
/// # Errors
/// When the database refuses or the row is damaged.
pub async fn of(tx: &mut Tx, agent: AgentId) -> Result<Option<Life>, DbError> {
    let row = tx
        .query_optional(
            "SELECT state, state_before, state_at, state_by FROM identity_agent WHERE id = $1",
            &values![agent],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// Writes where an account stands when it still stands where it was read. Answers whether it did.
///
/// # Errors
/// When the database refuses.
pub async fn write(
    tx: &mut Tx,
    agent: AgentId,
    read: AgentState,
    life: &Life,
) -> Result<bool, DbError> {
    let rows = tx
        .execute(
            "UPDATE identity_agent
             SET state = $3, state_before = $4, state_at = $5, state_by = $6
             WHERE id = $1 AND state = $2",
            &values![
                agent,
                read.word(),
                life.state.word(),
                life.before.map(AgentState::word),
                life.since,
                life.by
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// The roles an agent holds, those that have ended too, each with the administrations above the
/// one it is for.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn roles(tx: &mut Tx, agent: AgentId) -> Result<Vec<RoleAndAbove>, DbError> {
    let mut roles = Vec::new();
    for held in super::role::of_agent(tx, agent).await? {
        let above = match held.organisation() {
            Some(organisation) => super::organisation::ancestors(tx, organisation).await?,
            None => Vec::new(),
        };
        roles.push((held, above));
    }
    Ok(roles)
}

/// How many sessions an agent has open.
///
/// # Errors
/// When the database refuses.
pub async fn sessions(tx: &mut Tx, agent: AgentId, now: Timestamp) -> Result<u32, DbError> {
    let row = tx
        .query_optional(
            "SELECT COUNT(*) AS n FROM identity_session WHERE agent = $1 AND expires_at > $2",
            &values![agent, now],
        )
        .await?;
    row.map_or(Ok(0), |row| row.get("n"))
}

/// How many roles an agent holds now.
///
/// # Errors
/// When the database refuses.
pub async fn roles_held(tx: &mut Tx, agent: AgentId, now: Timestamp) -> Result<u32, DbError> {
    let row = tx
        .query_optional(
            "SELECT COUNT(*) AS n FROM identity_role
             WHERE agent = $1 AND (until_at IS NULL OR until_at > $2)",
            &values![agent, now],
        )
        .await?;
    row.map_or(Ok(0), |row| row.get("n"))
}

/// The agents of an address, in the order of their ids; the erased have none.
///
/// # Errors
/// When the database refuses.
pub async fn of_address(tx: &mut Tx, email_key: &str) -> Result<Vec<AgentId>, DbError> {
    let rows = tx
        .query(
            "SELECT id FROM identity_agent WHERE LOWER(email) = $1 AND state <> 'erased' ORDER BY id",
            &values![email_key],
        )
        .await?;
    rows.iter().map(|row| row.get("id")).collect()
}

fn read(row: &Row) -> Result<Life, DbError> {
    let state: String = row.get("state")?;
    let before: Option<String> = row.get("state_before")?;
    let since: Option<Timestamp> = row.get("state_at")?;
    Ok(Life {
        state: AgentState::from_word(&state).ok_or_else(|| unreadable("state"))?,
        before: before
            .map(|word| AgentState::from_word(&word).ok_or_else(|| unreadable("state_before")))
            .transpose()?,
        since,
        by: row.get("state_by")?,
    })
}
