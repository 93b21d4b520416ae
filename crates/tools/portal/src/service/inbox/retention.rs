//! What leaves the inboxes: notices after 180 days, counts after two.

use std::sync::Arc;
use std::time::Duration;

use kernel::{BoxFuture, Clock};
use kernel_db::{Db, DbError, JobError, JobHandler, Tx};

use crate::store::news as store;

const NOTICES: Duration = Duration::from_hours(180 * 24);
const COUNTS: Duration = Duration::from_hours(2 * 24);
const BATCH: u64 = 500;

/// The job.
pub(crate) struct Retention {
    /// Time.
    pub(crate) clock: Arc<dyn Clock>,
}

impl JobHandler for Retention {
    fn kind(&self) -> &'static str {
        "portal.inbox.retention"
    }

    fn every(&self) -> Option<Duration> {
        Some(Duration::from_hours(24))
    }

    fn run<'a>(
        &'a self,
        db: &'a Db,
        _: &'a serde_json::Value,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let now = self.clock.now();
            let (notices, counts) = (now.minus(NOTICES), now.minus(COUNTS));
            loop {
                let removed = db
                    .write(move |tx: &mut Tx| {
                        Box::pin(async move {
                            let removed = store::remove_old_notices(tx, notices).await?;
                            Ok::<_, DbError>(u64::try_from(removed).unwrap_or(u64::MAX))
                        })
                    })
                    .await?;
                if removed < BATCH {
                    break;
                }
            }
            loop {
                let removed = db
                    .write(move |tx: &mut Tx| Box::pin(store::remove_old_counts(tx, counts)))
                    .await
                    .map_err(|error: DbError| error)?;
                if removed < BATCH {
                    return Ok(());
                }
            }
        })
    }
}
