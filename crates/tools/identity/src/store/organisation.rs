//! Administrations.

use std::collections::HashMap;

use kernel::port::OrganisationFacts;
use kernel::{OrganisationId, Scope, Timestamp, fold};
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
    super::above::settle(tx, organisation.id).await
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
    super::above::settle(tx, organisation.id).await
}

/// The administrations of a reach, in the order of their ids.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn within(tx: &mut Tx, scope: Scope) -> Result<Vec<Organisation>, DbError> {
    let rows = tx
        .query(
            "WITH RECURSIVE reach(id) AS (
                 SELECT id FROM identity_organisation
                 WHERE id = $1 OR CAST($2 AS BIGINT) = 1
                 UNION
                 SELECT o.id FROM identity_organisation o JOIN reach r ON o.parent = r.id
                 WHERE CAST($3 AS BIGINT) = 1
             )
             SELECT o.id AS o_id, o.siret AS o_siret, o.label AS o_label,
                    o.legal_category AS o_category, o.parent AS o_parent
             FROM identity_organisation o WHERE o.id IN (SELECT id FROM reach)
             ORDER BY o.id",
            &super::role::reach(scope),
        )
        .await?;
    rows.iter().map(read).collect()
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

/// The administrations above one, nearest first; ten at most.
///
/// # Errors
/// When the database refuses.
pub async fn ancestors(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<Vec<OrganisationId>, DbError> {
    let rows = tx
        .query(
            "SELECT above FROM identity_organisation_above WHERE organisation = $1 ORDER BY depth",
            &values![organisation],
        )
        .await?;
    rows.iter().map(|row| row.get("above")).collect()
}

/// All administrations in the order of their labels, with those above each.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn all(tx: &mut Tx) -> Result<Vec<OrganisationFacts>, DbError> {
    let mut above: HashMap<OrganisationId, Vec<OrganisationId>> = HashMap::new();
    let rows = tx
        .query(
            "SELECT organisation, above FROM identity_organisation_above
             ORDER BY organisation, depth",
            &values![],
        )
        .await?;
    for row in &rows {
        let of = above.entry(row.get("organisation")?).or_default();
        of.push(row.get("above")?);
    }
    let rows = tx
        .query(
            "SELECT id, siret, label FROM identity_organisation",
            &values![],
        )
        .await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in &rows {
        let id = row.get("id")?;
        all.push(OrganisationFacts {
            id,
            siret: row.get("siret")?,
            label: row.get("label")?,
            ancestors: above.remove(&id).unwrap_or_default(),
        });
    }
    all.sort_by_cached_key(|one| (fold(&one.label), one.id));
    Ok(all)
}

/// The label and the SIRET of an administration.
///
/// # Errors
/// When the database refuses.
pub async fn name_and_siret(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<Option<(String, String)>, DbError> {
    let row = tx
        .query_optional(
            "SELECT label, siret FROM identity_organisation WHERE id = $1",
            &values![organisation],
        )
        .await?;
    row.map(|row| Ok((row.get("label")?, row.get("siret")?)))
        .transpose()
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
