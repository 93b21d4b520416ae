//! The queue's rows: claiming under a lease, ending, failing.

use std::time::Duration;

use kernel::Timestamp;

use crate::{
    Db, DbError, Row, Tx,
    dead_letter::{DeadLetterSource, Given, give_up},
    migrate::Lock,
    values,
};

/// How long a claimed job belongs to its worker unless that says again that it works: what a killed
/// process had begun is taken up within this.
pub(super) const LEASE: Duration = Duration::from_mins(1);
/// The dedup word of a job that runs by itself.
const PERIODIC: &str = "@every";

/// A job that this worker holds.
#[derive(Debug, Clone)]
pub(super) struct Claimed {
    pub(super) id: i64,
    pub(super) kind: String,
    pub(super) payload: String,
    /// This try included.
    pub(super) attempts: u32,
    /// Fences this worker's end of the job should its lease lapse.
    token: i64,
}

/// Claims up to `limit` due jobs of the kinds in `known`, each kind's own number at most. Another
/// worker that is claiming is left alone.
pub(super) async fn claim(
    db: &Db,
    known: &[(&'static str, usize)],
    limit: usize,
    now: Timestamp,
) -> Result<Vec<Claimed>, DbError> {
    let due: Vec<String> = db
        .read(move |tx| Box::pin(async move { due_kinds(tx, now).await }))
        .await?;
    let mut claimed = Vec::new();
    for (kind, most) in known
        .iter()
        .filter(|(kind, most)| *most > 0 && due.iter().any(|due| due == kind))
    {
        let room = limit.saturating_sub(claimed.len()).min(*most);
        if room == 0 {
            break;
        }
        let (kind, room) = (*kind, u32::try_from(room).unwrap_or(u32::MAX));
        let batch = db
            .write_alone(Lock::Jobs, move |tx| {
                Box::pin(async move { claim_kind(tx, kind, room, now).await })
            })
            .await;
        match batch {
            Ok(mut jobs) => claimed.append(&mut jobs),
            Err(DbError::Busy) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(claimed)
}

async fn due_kinds(tx: &mut Tx, now: Timestamp) -> Result<Vec<String>, DbError> {
    let rows = tx
        .query(
            "SELECT DISTINCT kind FROM job WHERE run_at <= $1 AND lease_until <= $1",
            &values![now],
        )
        .await?;
    rows.iter().map(|row| row.get("kind")).collect()
}

async fn claim_kind(
    tx: &mut Tx,
    kind: &'static str,
    limit: u32,
    now: Timestamp,
) -> Result<Vec<Claimed>, DbError> {
    let rows = tx
        .query(
            "UPDATE job SET lease_until = $4, token = token + 1, attempts = attempts + 1 \
             WHERE id IN (SELECT id FROM job WHERE kind = $1 AND run_at <= $3 \
             AND lease_until <= $3 ORDER BY run_at, id LIMIT $2) \
             RETURNING id, kind, payload, attempts, token",
            &values![kind, limit, now, now.plus(LEASE)],
        )
        .await?;
    let mut jobs = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    jobs.sort_by_key(|job| job.id);
    Ok(jobs)
}

fn read(row: &Row) -> Result<Claimed, DbError> {
    Ok(Claimed {
        id: row.get("id")?,
        kind: row.get("kind")?,
        payload: row.get("payload")?,
        attempts: row.get("attempts")?,
        token: row.get("token")?,
    })
}

/// Has a job belong to its worker for another while; whether it still did.
pub(super) async fn renew(db: &Db, job: &Claimed, now: Timestamp) -> Result<bool, DbError> {
    let (id, token) = (job.id, job.token);
    db.write(move |tx| {
        Box::pin(async move {
            let rows = tx
                .execute(
                    "UPDATE job SET lease_until = $3 WHERE id = $1 AND token = $2 \
                     AND lease_until > 0",
                    &values![id, token, now.plus(LEASE)],
                )
                .await?;
            Ok(rows > 0)
        })
    })
    .await
}

/// Takes every job from whoever had it, where no other process can: those that have one died.
pub(super) async fn release_all(db: &Db) -> Result<u64, DbError> {
    db.write(|tx| {
        Box::pin(async move {
            tx.execute(
                "UPDATE job SET lease_until = 0, token = token + 1 WHERE lease_until > 0",
                &values![],
            )
            .await
        })
    })
    .await
}

/// Sees to it that a periodic job waits, and not for longer than its period.
pub(super) async fn keep_periodic(
    db: &Db,
    kind: &'static str,
    every: Duration,
    now: Timestamp,
) -> Result<(), DbError> {
    let latest = now.plus(every);
    db.write(move |tx| {
        Box::pin(async move {
            tx.execute(
                "INSERT INTO job (kind, payload, run_at, dedup) VALUES ($1, 'null', $2, $3) \
                 ON CONFLICT DO NOTHING",
                &values![kind, now, PERIODIC],
            )
            .await?;
            tx.execute(
                "UPDATE job SET run_at = $2 WHERE kind = $1 AND dedup = $3 AND run_at > $2 \
                 AND attempts = 0",
                &values![kind, latest, PERIODIC],
            )
            .await?;
            Ok(())
        })
    })
    .await
}

/// Notes that a job is done: it leaves, or waits for its next time.
pub(super) async fn done(
    db: &Db,
    job: &Claimed,
    next_at: Option<Timestamp>,
) -> Result<(), DbError> {
    let (id, token) = (job.id, job.token);
    db.write(move |tx| {
        Box::pin(async move { leave_or_wait(tx, id, token, next_at).await.map(|_| ()) })
    })
    .await
}

/// Whether the job was still this worker's.
async fn leave_or_wait(
    tx: &mut Tx,
    id: i64,
    token: i64,
    next_at: Option<Timestamp>,
) -> Result<bool, DbError> {
    let rows = match next_at {
        Some(next_at) => {
            tx.execute(
                "UPDATE job SET run_at = $3, attempts = 0, lease_until = 0 \
                 WHERE id = $1 AND token = $2 AND dedup = $4",
                &values![id, token, next_at, PERIODIC],
            )
            .await?
        }
        None => 0,
    };
    if rows > 0 {
        return Ok(true);
    }
    let rows = tx
        .execute(
            "DELETE FROM job WHERE id = $1 AND token = $2",
            &values![id, token],
        )
        .await?;
    Ok(rows > 0)
}

/// How a try failed, and what comes of it.
pub(super) struct Failure {
    /// What it said.
    pub(super) error: String,
    /// Whether there is no other try: a dead letter.
    pub(super) gives_up: bool,
    /// How long until the next try.
    pub(super) pause: Duration,
    /// When a periodic job that was given up comes back.
    pub(super) next_at: Option<Timestamp>,
}

/// Notes a failure: another try later, or a dead letter.
pub(super) async fn failed(
    db: &Db,
    job: &Claimed,
    failure: Failure,
    now: Timestamp,
) -> Result<(), DbError> {
    let job = job.clone();
    let Failure {
        error,
        gives_up,
        pause,
        next_at,
    } = failure;
    tracing::warn!(
        kind = job.kind,
        attempts = job.attempts,
        error,
        gives_up,
        "a job failed"
    );
    db.write(move |tx| {
        let (job, error) = (job.clone(), error.clone());
        Box::pin(async move {
            if !gives_up {
                tx.execute(
                    "UPDATE job SET run_at = $3, lease_until = 0 WHERE id = $1 AND token = $2",
                    &values![job.id, job.token, now.plus(pause)],
                )
                .await?;
                return Ok(());
            }
            if leave_or_wait(tx, job.id, job.token, next_at).await? {
                let given = Given {
                    source: DeadLetterSource::Job,
                    kind: &job.kind,
                    consumer: None,
                    payload: &job.payload,
                    error: &error,
                    attempts: job.attempts,
                };
                give_up(tx, given, now).await?;
            }
            Ok(())
        })
    })
    .await
}
