//! Which administrations lie above each other: the closure of `identity_organisation.parent`, kept
//! with every write of an administration.

use std::collections::BTreeSet;

use kernel::OrganisationId;
use kernel_db::{DbError, Tx, values};

use super::revision::Kind;

/// The most levels above an administration; further ones do not count.
const DEEPEST: usize = 10;

/// Brings up to date what lies above an administration that was just written and above those
/// below it, and says that the administrations changed. Every write of one ends with this.
///
/// # Errors
/// When the database refuses.
pub async fn settle(tx: &mut Tx, written: OrganisationId) -> Result<(), DbError> {
    let above = climb(tx, written).await?;
    if above != super::organisation::ancestors(tx, written).await? {
        for organisation in below(tx, written).await? {
            rewrite(tx, organisation).await?;
        }
    }
    super::revision::raise(tx, Kind::Organisation).await
}

/// From parent to parent; a loop ends where it closes.
async fn climb(tx: &mut Tx, organisation: OrganisationId) -> Result<Vec<OrganisationId>, DbError> {
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

/// An administration and all whose parents lead to it.
async fn below(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<BTreeSet<OrganisationId>, DbError> {
    let mut found = BTreeSet::from([organisation]);
    let mut waiting = vec![organisation];
    while let Some(parent) = waiting.pop() {
        let rows = tx
            .query(
                "SELECT id FROM identity_organisation WHERE parent = $1",
                &values![parent],
            )
            .await?;
        for row in rows {
            let child = row.get("id")?;
            if found.insert(child) {
                waiting.push(child);
            }
        }
    }
    Ok(found)
}

async fn rewrite(tx: &mut Tx, organisation: OrganisationId) -> Result<(), DbError> {
    let above = climb(tx, organisation).await?;
    tx.execute(
        "DELETE FROM identity_organisation_above WHERE organisation = $1",
        &values![organisation],
    )
    .await?;
    for (depth, one) in (1_i64..).zip(above) {
        tx.execute(
            "INSERT INTO identity_organisation_above (organisation, above, depth)
             VALUES ($1, $2, $3)",
            &values![organisation, one, depth],
        )
        .await?;
    }
    Ok(())
}
