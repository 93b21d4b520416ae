//! Work to do later.

mod queue;
mod run;

use kernel::Timestamp;

use crate::{BoxFuture, Db, DbError, Tx, values};

pub(crate) use run::Runner;

/// A job to put in the queue.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// Which handler does it: `tool.noun.verb`.
    pub kind: &'static str,
    /// What the handler gets.
    pub payload: serde_json::Value,
    /// Not before.
    pub run_at: Timestamp,
    /// While a job of this kind with the same word waits or runs, another is not added.
    pub dedup: Option<String>,
}

/// Why a job did not end; it is tried again later, unless that is hopeless.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// What it needs failed; the words go to the dead letters.
    #[error("{0}")]
    Failed(String),
    /// Another try would end alike: the job goes to the dead letters at once, with these words.
    #[error("{0}")]
    Hopeless(String),
}

impl JobError {
    /// Whether another try would end alike.
    pub(crate) const fn is_hopeless(&self) -> bool {
        matches!(self, Self::Hopeless(_))
    }
}

/// Does jobs of one kind.
pub trait JobHandler: Send + Sync {
    /// Which kind.
    fn kind(&self) -> &'static str;

    /// Does one job. It may be done twice (a lease that lapsed, a crash before its end was
    /// noted), so its effect must bear it. It has nine minutes.
    fn run<'a>(
        &'a self,
        db: &'a Db,
        payload: &'a serde_json::Value,
    ) -> BoxFuture<'a, Result<(), JobError>>;

    /// How many of them one process does at once, where fewer than there is room for: those that
    /// wait for another program must not take the room of all.
    fn at_once(&self) -> usize {
        usize::MAX
    }

    /// How often the job runs by itself, with `null` for its payload; none: only when enqueued.
    fn every(&self) -> Option<std::time::Duration> {
        None
    }
}

pub(crate) async fn enqueue(tx: &mut Tx, job: &NewJob) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO job (kind, payload, run_at, dedup) VALUES ($1, $2, $3, $4) \
         ON CONFLICT DO NOTHING",
        &values![job.kind, &job.payload, job.run_at, job.dedup.clone()],
    )
    .await?;
    Ok(())
}

/// A job of a kind that this program may not know, as it came out of the queue.
pub(crate) async fn requeue(
    tx: &mut Tx,
    kind: &str,
    payload: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO job (kind, payload, run_at) VALUES ($1, $2, $3)",
        &values![kind, payload, now],
    )
    .await?;
    Ok(())
}
