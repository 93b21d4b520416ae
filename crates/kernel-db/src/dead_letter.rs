//! Jobs and events that were given up, for somebody to look at.

use kernel::{Event, Timestamp};

use crate::{Db, DbError, Tx, values};

/// One that was given up.
#[derive(Debug, Clone, PartialEq)]
pub struct DeadLetter {
    /// Its number.
    pub id: i64,
    /// What it was.
    pub source: DeadLetterSource,
    /// The job's or the event's kind.
    pub kind: String,
    /// Which consumer did not take the event; none for a job.
    pub consumer: Option<String>,
    /// The job's payload, or the event.
    pub payload: serde_json::Value,
    /// What the last try said.
    pub error: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was given up.
    pub at: Timestamp,
}

/// What a dead letter was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeadLetterSource {
    /// A job.
    Job,
    /// An event.
    Event,
}

impl DeadLetterSource {
    const fn word(self) -> &'static str {
        match self {
            Self::Job => "job",
            Self::Event => "event",
        }
    }
}

/// The latest dead letters, latest first.
///
/// # Errors
/// What the database says.
pub async fn dead_letters(db: &Db, limit: u32) -> Result<Vec<DeadLetter>, DbError> {
    db.read(move |tx| Box::pin(async move { latest(tx, limit).await }))
        .await
}

async fn latest(tx: &mut Tx, limit: u32) -> Result<Vec<DeadLetter>, DbError> {
    let rows = tx
        .query(
            "SELECT id, source, kind, consumer, payload, error, attempts, at \
             FROM dead_letter ORDER BY id DESC LIMIT $1",
            &values![limit],
        )
        .await?;
    let mut letters = Vec::with_capacity(rows.len());
    for row in rows {
        let payload: String = row.get("payload")?;
        letters.push(DeadLetter {
            id: row.get("id")?,
            source: if row.get::<String>("source")? == DeadLetterSource::Job.word() {
                DeadLetterSource::Job
            } else {
                DeadLetterSource::Event
            },
            kind: row.get("kind")?,
            consumer: row.get("consumer")?,
            // A payload that is no JSON may be why it lies here.
            payload: serde_json::from_str(&payload).unwrap_or(serde_json::Value::String(payload)),
            error: row.get("error")?,
            attempts: row.get("attempts")?,
            at: row.get("at")?,
        });
    }
    Ok(letters)
}

/// What became of a dead letter that was to be tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retried {
    /// It waits again, its tries counted anew, and is no dead letter any more.
    Waits,
    /// There is no such letter (any more).
    Unknown,
    /// Its event has left the outbox: only the letter remains of it.
    Left,
}

/// Puts a dead letter back where it came from: a job into the queue, an event before the consumer
/// that did not take it, alone.
///
/// # Errors
/// What the database says.
pub async fn retry_dead_letter(db: &Db, id: i64, now: Timestamp) -> Result<Retried, DbError> {
    db.write(move |tx| Box::pin(async move { retry(tx, id, now).await }))
        .await
}

async fn retry(tx: &mut Tx, id: i64, now: Timestamp) -> Result<Retried, DbError> {
    let row = tx
        .query_optional(
            "SELECT source, kind, consumer, payload FROM dead_letter WHERE id = $1",
            &values![id],
        )
        .await?;
    let Some(row) = row else {
        return Ok(Retried::Unknown);
    };
    let (kind, payload): (String, String) = (row.get("kind")?, row.get("payload")?);
    if row.get::<String>("source")? == DeadLetterSource::Job.word() {
        tx.requeue(&kind, &payload, now).await?;
    } else {
        let consumer: Option<String> = row.get("consumer")?;
        let event: Option<Event> = serde_json::from_str(&payload).ok();
        let (Some(consumer), Some(event)) = (consumer, event) else {
            return Ok(Retried::Left);
        };
        if !tx.emit_again(event.id, &consumer).await? {
            return Ok(Retried::Left);
        }
    }
    tx.execute("DELETE FROM dead_letter WHERE id = $1", &values![id])
        .await?;
    Ok(Retried::Waits)
}

/// What is kept of something that is given up.
pub(crate) struct Given<'a> {
    pub(crate) source: DeadLetterSource,
    pub(crate) kind: &'a str,
    pub(crate) consumer: Option<&'a str>,
    pub(crate) payload: &'a str,
    pub(crate) error: &'a str,
    pub(crate) attempts: u32,
}

pub(crate) async fn give_up(tx: &mut Tx, given: Given<'_>, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO dead_letter (source, kind, consumer, payload, error, attempts, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &values![
            given.source.word(),
            given.kind,
            given.consumer,
            given.payload,
            // Error texts come from anywhere; PostgreSQL keeps no zero byte.
            given.error.replace('\0', "\u{fffd}"),
            given.attempts,
            now,
        ],
    )
    .await?;
    Ok(())
}
