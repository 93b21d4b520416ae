//! Whole months leave the chains after their time; a signed boundary keeps the rest provable.

use jiff::ToSpan as _;
use kernel::Timestamp;

use super::{Chain, JournalKey, chain::Head};
use crate::{Db, DbError, Tx, migrate::Lock, values};

/// How long entries are kept, in months: a year unless said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention(u16);

/// A retention that is too short to prove anything, or too long for data on persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the journal is kept from 6 to 60 months")]
pub struct RetentionError;

impl Retention {
    /// So many months, 6 to 60.
    ///
    /// # Errors
    /// When there are fewer or more.
    pub const fn months(months: u16) -> Result<Self, RetentionError> {
        match months {
            6..=60 => Ok(Self(months)),
            _ => Err(RetentionError),
        }
    }

    /// In months.
    pub const fn count(self) -> u16 {
        self.0
    }

    /// Before when entries leave: the start, in UTC, of the month in which the time lies that is
    /// so many months ago.
    pub fn cut(self, now: Timestamp) -> Option<Timestamp> {
        let start = jiff::Timestamp::from_millisecond(now.millis())
            .ok()?
            .to_zoned_datetime(jiff::tz::TimeZone::UTC)
            .checked_sub(i32::from(self.0).months())
            .ok()?
            .first_of_month()
            .ok()?
            .start_of_day()
            .ok()?;
        Some(Timestamp::from_millis(start.timestamp().as_millisecond()))
    }
}

impl Default for Retention {
    fn default() -> Self {
        Self(12)
    }
}

/// What the key signs of a boundary.
pub(super) fn boundary_text(boundary: &Head) -> String {
    format!("besace journal boundary 1\n{}", boundary.line())
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
        let cut = Retention::default().cut(now);
        assert_eq!(cut, Some(Timestamp::from_seconds(1_761_955_200)));
        // Six months before it is 2026-05-01T00:00:00Z.
        let half = Retention::months(6).expect("a retention").cut(now);
        assert_eq!(half, Some(Timestamp::from_seconds(1_777_593_600)));
    }

    #[test]
    fn a_retention_too_short_or_too_long_is_refused() {
        assert_eq!(Retention::months(5), Err(RetentionError));
        assert_eq!(Retention::months(61), Err(RetentionError));
        assert_eq!(Retention::months(60).map(Retention::count), Ok(60));
    }
}
