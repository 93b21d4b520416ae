//! What an agent has of their own: favourites, recents, and when they first came.

use kernel::{AgentId, Timestamp};
use kernel_db::{DbError, Tx, values};

use crate::domain::TileId;

/// An agent's favourites, in their order.
///
/// # Errors
/// What the database says.
pub(crate) async fn favourites(tx: &mut Tx, agent: AgentId) -> Result<Vec<TileId>, DbError> {
    let rows = tx
        .query(
            "SELECT tile_id FROM portal_favourite WHERE agent_id = $1 ORDER BY position",
            &values![agent],
        )
        .await?;
    rows.iter().map(|row| row.get("tile_id")).collect()
}

/// Replaces an agent's favourites.
///
/// # Errors
/// What the database says; [`DbError::Constraint`] when a tile does not exist.
pub(crate) async fn replace_favourites(
    tx: &mut Tx,
    agent: AgentId,
    tiles: &[TileId],
) -> Result<(), DbError> {
    tx.execute(
        "DELETE FROM portal_favourite WHERE agent_id = $1",
        &values![agent],
    )
    .await?;
    for (position, tile) in (0_u32..).zip(tiles) {
        tx.execute(
            "INSERT INTO portal_favourite (agent_id, tile_id, position) VALUES ($1, $2, $3)",
            &values![agent, *tile, position],
        )
        .await?;
    }
    Ok(())
}

/// Notes that an agent opened a tool.
///
/// # Errors
/// What the database says; [`DbError::Constraint`] when the tile does not exist.
pub(crate) async fn note_opened(
    tx: &mut Tx,
    agent: AgentId,
    tile: TileId,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO portal_recent (agent_id, tile_id, opened_at) VALUES ($1, $2, $3)
         ON CONFLICT (agent_id, tile_id) DO UPDATE SET opened_at = excluded.opened_at",
        &values![agent, tile, now],
    )
    .await?;
    Ok(())
}

/// The tools that an agent opened after `since`, the last first, 50 at most.
///
/// # Errors
/// What the database says.
pub(crate) async fn recents(
    tx: &mut Tx,
    agent: AgentId,
    since: Timestamp,
) -> Result<Vec<TileId>, DbError> {
    let rows = tx
        .query(
            "SELECT tile_id FROM portal_recent WHERE agent_id = $1 AND opened_at > $2
             ORDER BY opened_at DESC, tile_id LIMIT 50",
            &values![agent, since],
        )
        .await?;
    rows.iter().map(|row| row.get("tile_id")).collect()
}

/// Removes openings before a time, 500 at most; how many.
///
/// # Errors
/// What the database says.
pub(crate) async fn forget_opened_before(tx: &mut Tx, before: Timestamp) -> Result<u64, DbError> {
    tx.execute(
        "DELETE FROM portal_recent WHERE (agent_id, tile_id) IN
            (SELECT agent_id, tile_id FROM portal_recent WHERE opened_at < $1
             ORDER BY opened_at LIMIT 500)",
        &values![before],
    )
    .await
}

/// When an agent first came; none: never before.
///
/// # Errors
/// What the database says.
pub(crate) async fn first_visit(tx: &mut Tx, agent: AgentId) -> Result<Option<Timestamp>, DbError> {
    let row = tx
        .query_optional(
            "SELECT first_at FROM portal_visit WHERE agent_id = $1",
            &values![agent],
        )
        .await?;
    row.map(|row| row.get("first_at")).transpose()
}

/// Notes that an agent came, unless they came before.
///
/// # Errors
/// What the database says.
pub(crate) async fn note_visit(tx: &mut Tx, agent: AgentId, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO portal_visit (agent_id, first_at) VALUES ($1, $2)
         ON CONFLICT (agent_id) DO NOTHING",
        &values![agent, now],
    )
    .await?;
    Ok(())
}
