//! The dispatcher: hands waiting events to their consumers, in order per subject.
//!
//! Two dispatchers at once do no harm: each hands out a subject's events in order, and the note
//! of consumption, written with the effect, lets each effect happen once.

use std::{collections::BTreeMap, sync::Arc};

use futures_util::{StreamExt, stream};
use kernel::{Event, Rng, Timestamp};

use super::{ConsumeError, Consumer};
use crate::{
    Backend, Db, DbError, Row, Tx, backoff,
    dead_letter::{DeadLetterSource, Given, give_up},
    values,
};

/// Subjects that are served at once: many share a commit on SQLite, on PostgreSQL each takes a
/// connection from those who wait for a page.
const fn subjects_at_once(backend: Backend) -> usize {
    match backend {
        Backend::Sqlite => 32,
        Backend::Postgres => 4,
    }
}

/// An event that waits.
struct Waiting {
    position: i64,
    attempts: u32,
    event: Arc<Event>,
}

/// What a round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Dispatched {
    /// Events looked at.
    pub(crate) seen: usize,
    /// Events that every consumer has had.
    pub(crate) delivered: usize,
}

/// Hands out up to 500 waiting events.
pub(crate) async fn dispatch(
    db: &Db,
    consumers: &[Arc<dyn Consumer>],
    rng: &dyn Rng,
    now: Timestamp,
) -> Result<Dispatched, DbError> {
    let waiting = db
        .read(move |tx| Box::pin(async move { due(tx, now).await }))
        .await?;
    let seen = waiting.len();
    let mut delivered = 0;
    let mut unwanted = Vec::new();
    let mut subjects: BTreeMap<String, Vec<Waiting>> = BTreeMap::new();
    for event in waiting {
        if takers(consumers, &event.event).next().is_none() {
            unwanted.push(event.position);
        } else {
            subjects
                .entry(event.event.subject.clone())
                .or_default()
                .push(event);
        }
    }
    if !unwanted.is_empty() {
        delivered += unwanted.len();
        mark_delivered(db, unwanted, now).await?;
    }
    let mut rounds = stream::iter(subjects.into_values())
        .map(|events| serve_subject(db, consumers, rng, now, events))
        .buffer_unordered(subjects_at_once(db.backend()));
    let mut failed = None;
    while let Some(served) = rounds.next().await {
        match served {
            Ok(count) => delivered += count,
            Err(error) => failed = Some(error),
        }
    }
    failed.map_or(Ok(Dispatched { seen, delivered }), Err)
}

fn takers<'a>(
    consumers: &'a [Arc<dyn Consumer>],
    event: &'a Event,
) -> impl Iterator<Item = &'a Arc<dyn Consumer>> {
    consumers
        .iter()
        .filter(|consumer| consumer.kinds().contains(&event.kind.as_str()))
}

/// Waiting events, but for those behind one of their subject that waits for its next try.
async fn due(tx: &mut Tx, now: Timestamp) -> Result<Vec<Waiting>, DbError> {
    let rows = tx
        .query(
            "SELECT position, id, kind, version, at, actor, organisation, subject, data, attempts \
             FROM outbox o WHERE delivered_at IS NULL AND next_at <= $1 AND NOT EXISTS \
             (SELECT 1 FROM outbox b WHERE b.delivered_at IS NULL AND b.subject = o.subject \
             AND b.position < o.position AND b.next_at > $1) \
             ORDER BY position LIMIT 500",
            &values![now],
        )
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Waiting, DbError> {
    let data: String = row.get("data")?;
    Ok(Waiting {
        position: row.get("position")?,
        attempts: row.get("attempts")?,
        event: Arc::new(Event {
            id: row.get("id")?,
            kind: row.get("kind")?,
            version: row.get("version")?,
            at: row.get("at")?,
            actor: row.get("actor")?,
            organisation: row.get("organisation")?,
            subject: row.get("subject")?,
            data: serde_json::from_str(&data)
                .map_err(|cause| DbError::Driver(format!("an event's data: {cause}")))?,
        }),
    })
}

async fn mark_delivered(db: &Db, positions: Vec<i64>, now: Timestamp) -> Result<(), DbError> {
    db.write(move |tx| {
        let positions = positions.clone();
        Box::pin(async move {
            for position in positions {
                delivered(tx, position, now).await?;
            }
            Ok(())
        })
    })
    .await
}

async fn delivered(tx: &mut Tx, position: i64, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "UPDATE outbox SET delivered_at = $2 WHERE position = $1 AND delivered_at IS NULL",
        &values![position, now],
    )
    .await?;
    Ok(())
}

/// Hands out one subject's events until one is not taken; how many all consumers have had.
async fn serve_subject(
    db: &Db,
    consumers: &[Arc<dyn Consumer>],
    rng: &dyn Rng,
    now: Timestamp,
    events: Vec<Waiting>,
) -> Result<usize, DbError> {
    let mut count = 0;
    for waiting in events {
        let mut left = takers(consumers, &waiting.event).count();
        for consumer in takers(consumers, &waiting.event) {
            left -= 1;
            match hand_over(db, consumer, &waiting, left == 0, now).await {
                Ok(()) => {}
                // The database itself is in trouble: nobody's fault, try again soon.
                Err(ConsumeError::Db(
                    error @ (DbError::Unreachable(_)
                    | DbError::Busy
                    | DbError::Closed
                    | DbError::Full),
                )) => return Err(error),
                Err(error) => {
                    refused(db, consumer.name(), &waiting, &error, rng, now).await?;
                    return Ok(count);
                }
            }
        }
        count += 1;
    }
    Ok(count)
}

/// One consumer, one event, one transaction.
async fn hand_over(
    db: &Db,
    consumer: &Arc<dyn Consumer>,
    waiting: &Waiting,
    is_last: bool,
    now: Timestamp,
) -> Result<(), ConsumeError> {
    let consumer = Arc::clone(consumer);
    let event = Arc::clone(&waiting.event);
    let position = waiting.position;
    db.write(move |tx| {
        let consumer = Arc::clone(&consumer);
        let event = Arc::clone(&event);
        Box::pin(async move {
            if consumed(tx, &event, consumer.name(), now).await? {
                consumer.consume(tx, &event).await?;
            }
            if is_last {
                delivered(tx, position, now).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Notes that the consumer has had the event; whether it had not before.
async fn consumed(
    tx: &mut Tx,
    event: &Event,
    consumer: &'static str,
    now: Timestamp,
) -> Result<bool, DbError> {
    let rows = tx
        .execute(
            "INSERT INTO consumption (event, consumer, at) VALUES ($1, $2, $3) \
             ON CONFLICT DO NOTHING",
            &values![event.id, consumer, now],
        )
        .await?;
    Ok(rows == 1)
}

/// Notes a refusal: another try later, or a dead letter, after which the subject moves on.
async fn refused(
    db: &Db,
    consumer: &'static str,
    waiting: &Waiting,
    error: &ConsumeError,
    rng: &dyn Rng,
    now: Timestamp,
) -> Result<(), DbError> {
    let attempts = waiting.attempts.saturating_add(1);
    tracing::warn!(consumer, kind = waiting.event.kind, attempts, %error, "an event was not taken");
    let gives_up = attempts >= backoff::MAX_ATTEMPTS;
    let next_at = now.plus(backoff::pause(attempts, rng));
    let position = waiting.position;
    let event = Arc::clone(&waiting.event);
    let words = error.to_string();
    db.write(move |tx| {
        let event = Arc::clone(&event);
        let words = words.clone();
        Box::pin(async move {
            if !gives_up {
                tx.execute(
                    "UPDATE outbox SET attempts = $2, next_at = $3 WHERE position = $1",
                    &values![position, attempts, next_at],
                )
                .await?;
                return Ok(());
            }
            let payload = serde_json::to_string(&*event)
                .map_err(|cause| DbError::Driver(cause.to_string()))?;
            let given = Given {
                source: DeadLetterSource::Event,
                kind: &event.kind,
                consumer: Some(consumer),
                payload: &payload,
                error: &words,
                attempts,
            };
            give_up(tx, given, now).await?;
            consumed(tx, &event, consumer, now).await?;
            tx.execute(
                "UPDATE outbox SET attempts = 0, next_at = 0 WHERE position = $1",
                &values![position],
            )
            .await?;
            Ok(())
        })
    })
    .await
}
