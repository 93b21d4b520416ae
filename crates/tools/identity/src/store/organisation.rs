//! Administrations.

use kernel::{OrganisationId, Timestamp};
use kernel_db::{DbError, Row, Tx, Value, values};

use super::{text, unreadable};
use crate::domain::organisation::{LegalCategory, Organisation};
use crate::upstream::Siret;

/// Writes a configured administration: its SIRET decides whether it is known already. The label
/// and the place of one that was edited in the pages stay.
///
/// # Errors
/// When the database refuses.
pub async fn upsert(
    tx: &mut Tx,
    organisation: &Organisation,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO identity_organisation (id, siret, label, legal_category, parent, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (siret) DO UPDATE SET
             label = CASE WHEN identity_organisation.edited = 1
                 THEN identity_organisation.label ELSE excluded.label END,
             legal_category = excluded.legal_category,
             parent = CASE WHEN identity_organisation.edited = 1
                 THEN identity_organisation.parent ELSE excluded.parent END,
             version = identity_organisation.version + CASE
                 WHEN identity_organisation.edited = 0
                      AND (identity_organisation.label <> excluded.label
                           OR identity_organisation.parent IS DISTINCT FROM excluded.parent)
                 THEN 1 ELSE 0 END,
             updated_at = excluded.updated_at",
        &values![
            organisation.id,
            organisation.siret.as_str(),
            organisation.label.as_str(),
            organisation
                .legal_category
                .as_ref()
                .map(LegalCategory::as_str),
            organisation.parent.map(Value::from),
            now
        ],
    )
    .await?;
    Ok(())
}

/// The administration of a SIRET.
///
/// # Errors
/// When the database refuses or the row is damaged.
pub async fn by_siret(tx: &mut Tx, siret: &Siret) -> Result<Option<Organisation>, DbError> {
    let row = tx
        .query_optional(
            "SELECT id AS o_id, siret AS o_siret, label AS o_label,
                    legal_category AS o_category, parent AS o_parent
             FROM identity_organisation WHERE siret = $1",
            &values![siret.as_str()],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// Writes an administration's label and place anew, as edited in the pages.
///
/// # Errors
/// When the database refuses.
pub async fn edit(tx: &mut Tx, organisation: &Organisation, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "UPDATE identity_organisation
         SET label = $2, parent = $3, edited = 1, version = version + 1, updated_at = $4
         WHERE id = $1",
        &values![
            organisation.id,
            organisation.label.as_str(),
            organisation.parent.map(Value::from),
            now
        ],
    )
    .await?;
    Ok(())
}

/// The name of an administration; none: unknown.
///
/// # Errors
/// When the database refuses.
pub async fn label(tx: &mut Tx, id: OrganisationId) -> Result<Option<String>, DbError> {
    let row = tx
        .query_optional(
            "SELECT label FROM identity_organisation WHERE id = $1",
            &values![id],
        )
        .await?;
    row.map(|row| row.get("label")).transpose()
}

/// Whether there is an administration of this id.
///
/// # Errors
/// When the database refuses.
pub async fn exists(tx: &mut Tx, id: OrganisationId) -> Result<bool, DbError> {
    Ok(label(tx, id).await?.is_some())
}

/// The administrations above one, nearest first; ten at most, so that a loop ends.
///
/// # Errors
/// When the database refuses.
pub async fn ancestors(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<Vec<OrganisationId>, DbError> {
    const DEEPEST: usize = 10;
    let mut above = Vec::new();
    let mut current = organisation;
    while above.len() < DEEPEST {
        let row = tx
            .query_optional(
                "SELECT parent FROM identity_organisation WHERE id = $1",
                &values![current],
            )
            .await?;
        let Some(row) = row else { break };
        let Some(parent) = row.get::<Option<OrganisationId>>("parent")? else {
            break;
        };
        if parent == organisation || above.contains(&parent) {
            break;
        }
        above.push(parent);
        current = parent;
    }
    Ok(above)
}

/// Reads the columns `o_…` of a row.
pub(super) fn read(row: &Row) -> Result<Organisation, DbError> {
    let siret: String = row.get("o_siret")?;
    Ok(Organisation {
        id: row.get("o_id")?,
        siret: Siret::parse(&siret).map_err(|_| unreadable("o_siret"))?,
        label: row.get("o_label")?,
        legal_category: text(row, "o_category")?
            .as_deref()
            .and_then(LegalCategory::parse),
        parent: row.get("o_parent")?,
    })
}
