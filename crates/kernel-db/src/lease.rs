//! Which of several nodes does what one does for all. It spares work; correctness rests on
//! locks and keys, so a clock that goes wrong costs nothing but effort.

use std::time::Duration;

use kernel::Timestamp;

use crate::{Backend, Db, DbError, Tx, values};

const LASTS: Duration = Duration::from_secs(10);
const RENEWED_AFTER: Duration = Duration::from_secs(3);

/// Until when a server works that shares this database, or may; none: none does. One that was
/// killed is believed to work until its lease lapses. On SQLite the folder's lock tells.
///
/// # Errors
/// What the database says.
pub async fn worked_until(tx: &mut Tx, now: Timestamp) -> Result<Option<Timestamp>, DbError> {
    let row = tx
        .query_optional(
            "SELECT MAX(lapses_at) AS latest FROM worker_lease WHERE lapses_at > $1",
            &values![now],
        )
        .await?;
    row.map_or(Ok(None), |row| row.get("latest"))
}

/// A right to work, renewed by use.
pub(crate) struct Lease {
    name: &'static str,
    owner: [u8; 16],
    renewed: Option<Timestamp>,
}

impl Lease {
    pub(crate) const fn new(name: &'static str, owner: [u8; 16]) -> Self {
        Self {
            name,
            owner,
            renewed: None,
        }
    }

    /// Whether this node is the one. On SQLite there is but one.
    pub(crate) async fn is_held(&mut self, db: &Db, now: Timestamp) -> Result<bool, DbError> {
        if db.backend() == Backend::Sqlite {
            return Ok(true);
        }
        if self
            .renewed
            .is_some_and(|renewed| now >= renewed && now.since(renewed) < RENEWED_AFTER)
        {
            return Ok(true);
        }
        let (name, owner) = (self.name, self.owner);
        let rows = db
            .write(move |tx| {
                Box::pin(async move {
                    tx.execute(
                        "INSERT INTO worker_lease (name, owner, lapses_at) VALUES ($1, $2, $4) \
                         ON CONFLICT (name) DO UPDATE SET owner = $2, lapses_at = $4 \
                         WHERE worker_lease.lapses_at <= $3 OR worker_lease.owner = $2",
                        &values![name, owner, now, now.plus(LASTS)],
                    )
                    .await
                })
            })
            .await;
        match rows {
            Ok(rows) => {
                self.renewed = (rows > 0).then_some(now);
                Ok(rows > 0)
            }
            // Several asked at once and this one lost.
            Err(DbError::Conflict) => {
                self.renewed = None;
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// Lets another node take over at once.
    pub(crate) async fn release(&mut self, db: &Db) -> Result<(), DbError> {
        if self.renewed.take().is_none() {
            return Ok(());
        }
        let (name, owner) = (self.name, self.owner);
        db.write(move |tx| {
            Box::pin(async move {
                tx.execute(
                    "UPDATE worker_lease SET lapses_at = 0 WHERE name = $1 AND owner = $2",
                    &values![name, owner],
                )
                .await
                .map(|_| ())
            })
        })
        .await
    }
}
