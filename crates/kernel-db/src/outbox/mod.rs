//! Events on their way from the transaction of an act to the tools that want to know.

mod dispatch;

use kernel::Event;

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
