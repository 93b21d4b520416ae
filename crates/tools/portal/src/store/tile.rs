//! Rows of `portal_tile` as readers see them, and those that the configuration writes.

use std::collections::HashMap;

use kernel::Timestamp;
use kernel_db::{DbError, Row, Tx, values};

use super::{consent, notice, rule, unreadable};
use crate::domain::{
    Badge, Consent, Consents, IconName, Label, NewTile, Origin, Publication, Reach, Reaches, Tile,
    TileAddress, TileId, ToolNotice,
};

/// Writes a configured tile whole, under its id. Its category must exist.
///
/// # Errors
/// What the database says; [`DbError::Constraint`] when the category does not exist.
pub(crate) async fn upsert_tile(
    tx: &mut Tx,
    tile: &NewTile,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO portal_tile (
            id, category_id, name_fr, name_en, description_fr, description_en, icon, address,
            reach, badge, audience, publication, position, updated_at, reaches, origin,
            guests)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
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
            updated_at = excluded.updated_at,
            reaches = excluded.reaches,
            guests = excluded.guests",
        &values![
            tile.id,
            tile.category,
            tile.name.fr.as_ref(),
            tile.name.en.as_ref(),
            tile.description.fr.as_ref(),
            tile.description.en.as_ref(),
            tile.icon.as_str(),
            tile.address.as_str(),
            tile.reaches.widest().word(),
            tile.badge.map(Badge::word),
            rule::text(&tile.audience)?,
            tile.publication.word(),
            tile.position,
            now,
            tile.reaches.to_text(),
            Origin::Configured.word(),
            tile.guests,
        ],
    )
    .await?;
    Ok(())
}

/// Withdraws every configured tile: those that are still wanted are written again in the same
/// transaction. What administrators published stays.
///
/// # Errors
/// What the database says.
pub(crate) async fn withdraw_configured_tiles(tx: &mut Tx, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "UPDATE portal_tile SET publication = $1, updated_at = $2
         WHERE publication = $3 AND origin = $4",
        &values![
            Publication::Withdrawn.word(),
            now,
            Publication::Published.word(),
            Origin::Configured.word(),
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
    let mut consents = consent::by_tile(tx).await?;
    let mut notices = notice::by_tile(tx).await?;
    let rows = tx
        .query(
            "SELECT id, category_id, name_fr, name_en, description_fr, description_en, icon,
                address, reach, reaches, badge, audience, publication, position, origin,
                organisation_id, client_id, published_at, guests
             FROM portal_tile WHERE publication = $1",
            &values![Publication::Published.word()],
        )
        .await?;
    let mut tiles = Vec::with_capacity(rows.len());
    for row in &rows {
        match tile(row, &mut consents, &mut notices) {
            Ok(tile) => tiles.push(tile),
            Err(error) => tracing::error!(%error, "a tile cannot be read and is not shown"),
        }
    }
    Ok(tiles)
}

fn tile(
    row: &Row,
    consents: &mut HashMap<TileId, Vec<Consent>>,
    notices: &mut HashMap<TileId, ToolNotice>,
) -> Result<Tile, DbError> {
    let id = row.get("id")?;
    let badge = match row.get::<Option<String>>("badge")? {
        None => None,
        Some(word) => Some(Badge::from_word(&word).ok_or_else(|| unreadable("badge", "a badge"))?),
    };
    let consents = match origin(row)? {
        Origin::Configured => Consents::NotNeeded,
        Origin::Stored => Consents::Given(consents.remove(&id).unwrap_or_default()),
    };
    Ok(Tile {
        id,
        category: row.get("category_id")?,
        name: label(row, "name_fr", "name_en")?.text(),
        description: label(row, "description_fr", "description_en")?.text(),
        icon: icon(row)?,
        address: address(row)?,
        reaches: reaches(row)?,
        badge,
        audience: rule::read(row)?,
        consents,
        guests: row.get("guests")?,
        publication: publication(row)?,
        position: row.get("position")?,
        organisation: row.get("organisation_id")?,
        client_id: row.get("client_id")?,
        published_at: row.get("published_at")?,
        notice: notices.remove(&id),
    })
}

pub(super) fn label(
    row: &Row,
    french: &'static str,
    english: &'static str,
) -> Result<Label, DbError> {
    Ok(Label::stored(row.get(french)?, row.get(english)?))
}

pub(super) fn origin(row: &Row) -> Result<Origin, DbError> {
    Origin::from_word(&row.get::<String>("origin")?)
        .ok_or_else(|| unreadable("origin", "an origin"))
}

pub(super) fn icon(row: &Row) -> Result<IconName, DbError> {
    IconName::parse(&row.get::<String>("icon")?).map_err(|_| unreadable("icon", "an icon's name"))
}

pub(super) fn address(row: &Row) -> Result<TileAddress, DbError> {
    TileAddress::parse(&row.get::<String>("address")?)
        .map_err(|_| unreadable("address", "a tool's address"))
}

/// The networks; rows of an earlier release name one only.
pub(super) fn reaches(row: &Row) -> Result<Reaches, DbError> {
    let several = match row.get::<Option<String>>("reaches")? {
        Some(text) => Reaches::from_text(&text),
        None => Reach::from_word(&row.get::<String>("reach")?).map(Reaches::one),
    };
    several.ok_or_else(|| unreadable("reaches", "networks"))
}

pub(super) fn publication(row: &Row) -> Result<Publication, DbError> {
    Publication::from_word(&row.get::<String>("publication")?)
        .ok_or_else(|| unreadable("publication", "a state of publication"))
}
