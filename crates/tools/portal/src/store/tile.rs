//! Rows of `portal_tile`.

use kernel::Timestamp;
use kernel_db::{DbError, Row, Tx, values};

use super::{text, unreadable};
use crate::domain::{Badge, IconName, Publication, Reach, Tile, TileAddress};

/// Writes a tile whole, under its id. Its category must exist.
///
/// # Errors
/// What the database says; [`DbError::Constraint`] when the category does not exist.
pub(crate) async fn upsert_tile(tx: &mut Tx, tile: &Tile, now: Timestamp) -> Result<(), DbError> {
    let audience = serde_json::to_string(&tile.audience)
        .map_err(|cause| DbError::Parameter(cause.to_string()))?;
    tx.execute(
        "INSERT INTO portal_tile (
            id, category_id, name_fr, name_en, description_fr, description_en, icon, address,
            reach, badge, audience, publication, position, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         ON CONFLICT (id) DO UPDATE SET
            category_id = excluded.category_id,
            name_fr = excluded.name_fr,
            name_en = excluded.name_en,
            description_fr = excluded.description_fr,
            description_en = excluded.description_en,
            icon = excluded.icon,
            address = excluded.address,
            reach = excluded.reach,
            badge = excluded.badge,
            audience = excluded.audience,
            publication = excluded.publication,
            position = excluded.position,
            updated_at = excluded.updated_at",
        &values![
            tile.id,
            tile.category,
            tile.name.fr.as_ref(),
            tile.name.en.as_ref(),
            tile.description.fr.as_ref(),
            tile.description.en.as_ref(),
            tile.icon.as_str(),
            tile.address.as_str(),
            tile.reach.word(),
            tile.badge.map(Badge::word),
            audience,
            tile.publication.word(),
            tile.position,
            now,
        ],
    )
    .await?;
    Ok(())
}

/// Makes every tile a draft: those that are still wanted are written again in the same
/// transaction.
///
/// # Errors
/// What the database says.
pub(crate) async fn withdraw_tiles(tx: &mut Tx, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "UPDATE portal_tile SET publication = $1, updated_at = $2 WHERE publication = $3",
        &values![
            Publication::Draft.word(),
            now,
            Publication::Published.word()
        ],
    )
    .await?;
    Ok(())
}

/// All tiles that are shown to somebody. One that this release does not understand (an audience
/// rule of a later one, say) is left out and logged: it is never guessed, and never hides the
/// others.
///
/// # Errors
/// What the database says.
pub(crate) async fn list_published_tiles(tx: &mut Tx) -> Result<Vec<Tile>, DbError> {
    let rows = tx
        .query(
            "SELECT id, category_id, name_fr, name_en, description_fr, description_en, icon,
                address, reach, badge, audience, publication, position
             FROM portal_tile WHERE publication = $1",
            &values![Publication::Published.word()],
        )
        .await?;
    let mut tiles = Vec::with_capacity(rows.len());
    for row in &rows {
        match tile(row) {
            Ok(tile) => tiles.push(tile),
            Err(error) => tracing::error!(%error, "a tile cannot be read and is not shown"),
        }
    }
    Ok(tiles)
}

fn tile(row: &Row) -> Result<Tile, DbError> {
    let badge = match row.get::<Option<String>>("badge")? {
        None => None,
        Some(word) => Some(Badge::from_word(&word).ok_or_else(|| unreadable("badge", "a badge"))?),
    };
    Ok(Tile {
        id: row.get("id")?,
        category: row.get("category_id")?,
        name: text(row, "name_fr", "name_en")?,
        description: text(row, "description_fr", "description_en")?,
        icon: IconName::parse(&row.get::<String>("icon")?)
            .map_err(|_| unreadable("icon", "an icon's name"))?,
        address: TileAddress::parse(&row.get::<String>("address")?)
            .map_err(|_| unreadable("address", "a tool's address"))?,
        reach: Reach::from_word(&row.get::<String>("reach")?)
            .ok_or_else(|| unreadable("reach", "a network"))?,
        badge,
        audience: serde_json::from_str(&row.get::<String>("audience")?)
            .map_err(|_| unreadable("audience", "an audience rule"))?,
        publication: Publication::from_word(&row.get::<String>("publication")?)
            .ok_or_else(|| unreadable("publication", "a state of publication"))?,
        position: row.get("position")?,
    })
}
