//! Events on their way from the transaction of an act to the tools that want to know.

mod dispatch;

use kernel::{Event, EventId};

use crate::{BoxFuture, DbError, Tx, values};

pub(crate) use dispatch::{Dispatched, dispatch};

/// Why a consumer did not take an event; it is tried again later.
#[derive(Debug, thiserror::Error)]
pub enum ConsumeError {
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The event cannot be used; the words go to the dead letters.
    #[error("{0}")]
    Refused(String),
}

/// Wants to know of events.
pub trait Consumer: Send + Sync {
    /// A stable name; what was consumed is noted under it.
    fn name(&self) -> &'static str;

    /// Which kinds of event.
    fn kinds(&self) -> &'static [&'static str];

    /// Takes one event. Its writes and the note that it was taken are one transaction, so the
    /// effect comes exactly once. As any write job it may be run again and awaits only `tx`.
    fn consume<'a>(
        &'a self,
        tx: &'a mut Tx,
        event: &'a Event,
    ) -> BoxFuture<'a, Result<(), ConsumeError>>;
}

pub(crate) async fn emit(tx: &mut Tx, event: &Event) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO outbox (id, kind, version, at, actor, organisation, subject, data) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &values![
            event.id,
            &event.kind,
            event.version,
            event.at,
            event.actor,
            event.organisation,
            &event.subject,
            &event.data,
        ],
    )
    .await?;
    Ok(())
}

/// Takes the note away that a consumer has had an event, and lets it wait again; whether it is
/// still there. Those that have had it keep their notes.
pub(crate) async fn emit_again(
    tx: &mut Tx,
    event: EventId,
    consumer: &str,
) -> Result<bool, DbError> {
    let rows = tx
        .execute(
            "UPDATE outbox SET delivered_at = NULL, attempts = 0, next_at = 0 WHERE id = $1",
            &values![event],
        )
        .await?;
    if rows == 0 {
        return Ok(false);
    }
    tx.execute(
        "DELETE FROM consumption WHERE event = $1 AND consumer = $2",
        &values![event, consumer],
    )
    .await?;
    Ok(true)
}
