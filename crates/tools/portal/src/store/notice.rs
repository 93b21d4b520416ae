//! Rows of `portal_notice`: what a tool's people say of its state.

use std::collections::HashMap;

use kernel::AgentId;
use kernel_db::{DbError, Row, Tx, values};

use super::{text, unreadable};
use crate::domain::{Level, TileId, ToolNotice};

/// Writes what is said of a tool; it replaces what was.
///
/// # Errors
/// What the database says.
pub(crate) async fn put_notice(
    tx: &mut Tx,
    tile: TileId,
    notice: &ToolNotice,
    by: AgentId,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO portal_notice
            (tile_id, level, message_fr, message_en, since, until, written_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (tile_id) DO UPDATE SET
            level = excluded.level,
            message_fr = excluded.message_fr,
            message_en = excluded.message_en,
            since = excluded.since,
            until = excluded.until,
            written_by = excluded.written_by",
        &values![
            tile,
            notice.level.word(),
            notice.message.fr.as_ref(),
            notice.message.en.as_ref(),
            notice.since,
            notice.until,
            by,
        ],
    )
    .await?;
    Ok(())
}

/// Takes back what is said of a tool; whether there was anything.
///
/// # Errors
/// What the database says.
pub(crate) async fn clear_notice(tx: &mut Tx, tile: TileId) -> Result<bool, DbError> {
    let rows = tx
        .execute(
            "DELETE FROM portal_notice WHERE tile_id = $1",
            &values![tile],
        )
        .await?;
    Ok(rows > 0)
}

/// What is said, by tool; what this release does not understand is left out.
///
/// # Errors
/// What the database says.
pub(super) async fn by_tile(tx: &mut Tx) -> Result<HashMap<TileId, ToolNotice>, DbError> {
    let rows = tx
        .query(
            "SELECT tile_id, level, message_fr, message_en, since, until FROM portal_notice",
            &values![],
        )
        .await?;
    let mut found = HashMap::with_capacity(rows.len());
    for row in &rows {
        match notice(row) {
            Ok(notice) => drop(found.insert(row.get("tile_id")?, notice)),
            Err(error) => tracing::error!(%error, "a notice cannot be read and is not shown"),
        }
    }
    Ok(found)
}

/// What is said of one tool.
///
/// # Errors
/// What the database says.
pub(super) async fn of_tile(tx: &mut Tx, tile: TileId) -> Result<Option<ToolNotice>, DbError> {
    let row = tx
        .query_optional(
            "SELECT tile_id, level, message_fr, message_en, since, until FROM portal_notice
             WHERE tile_id = $1",
            &values![tile],
        )
        .await?;
    row.as_ref().map(notice).transpose()
}

fn notice(row: &Row) -> Result<ToolNotice, DbError> {
    Ok(ToolNotice {
        level: Level::from_word(&row.get::<String>("level")?)
            .ok_or_else(|| unreadable("level", "a level"))?,
        message: text(row, "message_fr", "message_en")?,
        since: row.get("since")?,
        until: row.get("until")?,
    })
}
