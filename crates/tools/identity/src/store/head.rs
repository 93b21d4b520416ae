//! The heads of each administration: counts, and the changes since they were last added up
//! (written by the database with each agent, see migration 7).

use std::collections::BTreeMap;

use kernel::OrganisationId;
use kernel_db::{DbError, Tx, values};

/// Adds up to `rows` changes to the counts; answers how many there were.
///
/// # Errors
/// When the database refuses.
pub async fn add_up(tx: &mut Tx, rows: i64) -> Result<i64, DbError> {
    let changes = tx
        .query(
            "SELECT number, organisation, population, heads FROM identity_head_change
             ORDER BY number LIMIT $1",
            &values![rows],
        )
        .await?;
    let mut sums: BTreeMap<(OrganisationId, String), i64> = BTreeMap::new();
    let mut last = None;
    let mut added = 0;
    for change in &changes {
        let group = (change.get("organisation")?, change.get("population")?);
        *sums.entry(group).or_default() += change.get::<i64>("heads")?;
        last = Some(change.get::<i64>("number")?);
        added += 1;
    }
    for ((organisation, population), heads) in sums {
        tx.execute(
            "INSERT INTO identity_head (organisation, population, heads) VALUES ($1, $2, $3)
             ON CONFLICT (organisation, population) DO UPDATE SET
                 heads = identity_head.heads + excluded.heads",
            &values![organisation, population, heads],
        )
        .await?;
    }
    // One of a lower number that is committed meanwhile is not in this view, and stays.
    tx.execute(
        "DELETE FROM identity_head_change WHERE number <= $1",
        &values![last],
    )
    .await?;
    Ok(added)
}
