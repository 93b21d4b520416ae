//! What leaves the tables of this crate, and when. Each is a periodic job.

use std::{sync::Arc, time::Duration};

use kernel::{Clock, Timestamp};

use crate::{
    BoxFuture, Db, DbError, IDEMPOTENCY_KEPT, JobError, JobHandler, Tx,
    journal::{self, JournalConfig},
    values,
};

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
/// Dead letters.
const DEAD_LETTERS: Duration = Duration::from_hours(30 * 24);
/// Events that every consumer has had, and the notes that they had them.
const DELIVERED: Duration = Duration::from_hours(7 * 24);
/// Rows that one transaction removes.
const BATCH: u64 = 500;

/// The handlers that this crate brings itself.
pub(crate) fn handlers(
    clock: &Arc<dyn Clock>,
    journal: &JournalConfig,
) -> Vec<Arc<dyn JobHandler>> {
    vec![
        Arc::new(Queues {
            clock: Arc::clone(clock),
        }),
        Arc::new(Answers {
            clock: Arc::clone(clock),
        }),
        Arc::new(Journal {
            clock: Arc::clone(clock),
            config: journal.clone(),
        }),
    ]
}

struct Queues {
    clock: Arc<dyn Clock>,
}

impl JobHandler for Queues {
    fn kind(&self) -> &'static str {
        "kernel.queues.retention"
    }

    fn every(&self) -> Option<Duration> {
        Some(DAY)
    }

    fn run<'a>(
        &'a self,
        db: &'a Db,
        _: &'a serde_json::Value,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let now = self.clock.now();
            remove_all(db, DEAD_LETTER_BATCH, now.minus(DEAD_LETTERS)).await?;
            // The notes first: an event without its note would be handed over again, were it
            // not delivered already.
            remove_all(db, CONSUMPTION_BATCH, now.minus(DELIVERED)).await?;
            remove_all(db, OUTBOX_BATCH, now.minus(DELIVERED)).await?;
            Ok(())
        })
    }
}

/// Answers for who asks again: there are many, and none is of use for longer.
struct Answers {
    clock: Arc<dyn Clock>,
}

impl JobHandler for Answers {
    fn kind(&self) -> &'static str {
        "kernel.answers.retention"
    }

    fn every(&self) -> Option<Duration> {
        Some(HOUR)
    }

    fn run<'a>(
        &'a self,
        db: &'a Db,
        _: &'a serde_json::Value,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let before = self.clock.now().minus(IDEMPOTENCY_KEPT);
            remove_all(db, IDEMPOTENCY_BATCH, before).await?;
            Ok(())
        })
    }
}

const DEAD_LETTER_BATCH: &str = "DELETE FROM dead_letter WHERE id IN \
     (SELECT id FROM dead_letter WHERE at < $1 ORDER BY at LIMIT 500)";
const CONSUMPTION_BATCH: &str = "DELETE FROM consumption WHERE event IN \
     (SELECT id FROM outbox WHERE delivered_at < $1 AND EXISTS \
     (SELECT 1 FROM consumption c WHERE c.event = outbox.id) ORDER BY delivered_at LIMIT 500)";
const OUTBOX_BATCH: &str = "DELETE FROM outbox WHERE position IN \
     (SELECT position FROM outbox WHERE delivered_at < $1 ORDER BY delivered_at LIMIT 500)";
const IDEMPOTENCY_BATCH: &str = "DELETE FROM idempotency WHERE (owner, key) IN \
     (SELECT owner, key FROM idempotency WHERE begun_at < $1 ORDER BY begun_at LIMIT 500)";

async fn remove_all(db: &Db, sql: &'static str, before: Timestamp) -> Result<(), DbError> {
    loop {
        let removed = db
            .write(move |tx| Box::pin(async move { remove(tx, sql, before).await }))
            .await?;
        if removed < BATCH {
            return Ok(());
        }
    }
}

async fn remove(tx: &mut Tx, sql: &'static str, before: Timestamp) -> Result<u64, DbError> {
    tx.execute(sql, &values![before]).await
}

struct Journal {
    clock: Arc<dyn Clock>,
    config: JournalConfig,
}

impl JobHandler for Journal {
    fn kind(&self) -> &'static str {
        "kernel.journal.retention"
    }

    fn every(&self) -> Option<Duration> {
        Some(DAY)
    }

    fn run<'a>(
        &'a self,
        db: &'a Db,
        _: &'a serde_json::Value,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            if let Some(cut) = self.config.retention.cut(self.clock.now()) {
                let left = journal::remove_before(db, &self.config.key, cut).await?;
                if left > 0 {
                    tracing::info!(left, "journal entries left after their retention");
                }
            }
            Ok(())
        })
    }
}
