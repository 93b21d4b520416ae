//! Whole months leave the chains after a year; a signed boundary keeps the rest provable.

use std::time::Duration;

use kernel::Timestamp;

use super::{Chain, JournalKey, chain::Head};
use crate::{Db, DbError, Tx, migrate::Lock, values};

/// How long entries are kept, at least.
const RETENTION: Duration = Duration::from_hours(365 * 24);

/// What the key signs of a boundary.
pub(super) fn boundary_text(boundary: &Head) -> String {
    format!("besace journal boundary 1\n{}", boundary.line())
}

/// Before when entries leave: the start, in UTC, of the month in which a year ago lies.
pub(crate) fn cut_for(now: Timestamp) -> Option<Timestamp> {
    let year_ago = jiff::Timestamp::from_millisecond(now.minus(RETENTION).millis()).ok()?;
    let month = year_ago
        .to_zoned_datetime(jiff::tz::TimeZone::UTC)
        .first_of_month()
        .ok()?
        .start_of_day()
        .ok()?;
    Some(Timestamp::from_millis(month.timestamp().as_millisecond()))
}

/// Removes what is older than `cut` from the beginning of every chain, 500 entries at a time;
/// how many left.
pub(crate) async fn remove_before(
    db: &Db,
    key: &JournalKey,
    cut: Timestamp,
) -> Result<usize, DbError> {
    let chains: Vec<Chain> = db
        .read(|tx| {
            Box::pin(async move {
                let rows = tx
                    .query("SELECT chain FROM journal_head ORDER BY chain", &values![])
                    .await?;
                rows.iter().map(|row| row.get("chain")).collect()
            })
        })
        .await
        .map_err(|error: DbError| error)?;
    let mut left = 0;
    for chain in chains {
        loop {
            let key = key.clone();
            let removed = db
                .write_alone(Lock::Journal, move |tx| {
                    let key = key.clone();
                    Box::pin(async move { remove_batch(tx, &key, chain, cut).await })
                })
                .await?;
            left += removed;
            if removed == 0 {
                break;
            }
        }
    }
    Ok(left)
}

async fn remove_batch(
    tx: &mut Tx,
    key: &JournalKey,
    chain: Chain,
    cut: Timestamp,
) -> Result<usize, DbError> {
    let rows = tx
        .query(
            "SELECT chain, seq, at, hash FROM journal_entry WHERE chain = $1 \
             ORDER BY seq LIMIT 500",
            &values![chain],
        )
        .await?;
    let mut boundary = None;
    let mut removed = 0;
    for row in &rows {
        if row.get::<Timestamp>("at")? >= cut {
            break;
        }
        boundary = Some(Head::read(row)?);
        removed += 1;
    }
    let Some(boundary) = boundary else {
        return Ok(0);
    };
    let mac = key.sign(&boundary_text(&boundary));
    tx.execute(
        "INSERT INTO journal_boundary (chain, seq, hash, mac) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (chain) DO UPDATE \
         SET seq = excluded.seq, hash = excluded.hash, mac = excluded.mac",
        &values![chain, boundary.seq, boundary.hash, mac],
    )
    .await?;
    tx.execute(
        "DELETE FROM journal_personal WHERE chain = $1 AND seq <= $2",
        &values![chain, boundary.seq],
    )
    .await?;
    tx.execute(
        "DELETE FROM journal_entry WHERE chain = $1 AND seq <= $2",
        &values![chain, boundary.seq],
    )
    .await?;
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cut_is_the_first_of_the_month_a_year_ago() {
        // 2026-11-25T10:00:00Z gives 2025-11-01T00:00:00Z.
        let now = Timestamp::from_seconds(1_795_600_800);
        assert_eq!(cut_for(now), Some(Timestamp::from_seconds(1_761_955_200)));
    }
}
