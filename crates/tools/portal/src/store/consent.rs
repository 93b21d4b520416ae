//! Rows of `portal_consent`: who agreed that their agents see a tool.

use std::collections::HashMap;

use kernel::{AgentId, Timestamp};
use kernel_db::{DbError, Row, Tx, values};

use super::{rule, unreadable};
use crate::domain::{Consent, TileId, scope_from_text, scope_text};

/// Writes an agreement; it replaces that of the same scope.
///
/// # Errors
/// What the database says.
pub(crate) async fn give_consent(
    tx: &mut Tx,
    tile: TileId,
    consent: &Consent,
    by: AgentId,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO portal_consent (tile_id, scope, audience, given_by, at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tile_id, scope) DO UPDATE SET
            audience = excluded.audience, given_by = excluded.given_by, at = excluded.at",
        &values![
            tile,
            scope_text(consent.scope),
            rule::text(&consent.audience)?,
            by,
            now
        ],
    )
    .await?;
    Ok(())
}

/// The agreements for one tool.
///
/// # Errors
/// What the database says.
pub(crate) async fn consents_of(tx: &mut Tx, tile: TileId) -> Result<Vec<Consent>, DbError> {
    let rows = tx
        .query(
            "SELECT tile_id, scope, audience FROM portal_consent WHERE tile_id = $1",
            &values![tile],
        )
        .await?;
    rows.iter().map(consent).collect()
}

/// Every agreement by tool; one that this release does not understand counts for nothing.
///
/// # Errors
/// What the database says.
pub(super) async fn by_tile(tx: &mut Tx) -> Result<HashMap<TileId, Vec<Consent>>, DbError> {
    let rows = tx
        .query(
            "SELECT tile_id, scope, audience FROM portal_consent",
            &values![],
        )
        .await?;
    let mut found: HashMap<TileId, Vec<Consent>> = HashMap::new();
    for row in &rows {
        match consent(row) {
            Ok(consent) => found.entry(row.get("tile_id")?).or_default().push(consent),
            Err(error) => tracing::error!(%error, "an agreement cannot be read and does not count"),
        }
    }
    Ok(found)
}

fn consent(row: &Row) -> Result<Consent, DbError> {
    Ok(Consent {
        scope: scope_from_text(&row.get::<String>("scope")?)
            .ok_or_else(|| unreadable("scope", "a scope"))?,
        audience: rule::read(row)?,
    })
}
