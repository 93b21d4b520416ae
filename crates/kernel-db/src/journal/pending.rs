//! The first step of an entry: a row in the transaction of the act, without a place yet.

use kernel::{JournalEntry, Rng, RngExt};

use super::Chain;
use crate::{DbError, Tx, values};

pub(crate) async fn pending(
    tx: &mut Tx,
    entry: &JournalEntry,
    rng: &dyn Rng,
) -> Result<(), DbError> {
    let chain = entry
        .organisation
        .map_or(Chain::System, Chain::Organisation);
    let salt = entry.personal.as_ref().map(|_| rng.bytes::<16>());
    // What people type ends up here when they are refused; PostgreSQL keeps no zero byte.
    let clean = |text: &String| text.replace('\0', "\u{fffd}");
    tx.execute(
        "INSERT INTO journal_pending \
         (chain, at, actor, act, subject, outcome, data, salt, personal) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &values![
            chain,
            entry.at,
            entry.actor,
            entry.act.0,
            clean(&entry.subject),
            entry.outcome.word(),
            &entry.data,
            salt,
            entry.personal.as_ref().map(clean),
        ],
    )
    .await?;
    Ok(())
}
