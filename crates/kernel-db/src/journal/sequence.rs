//! The sequencer: gives waiting entries their place in the chains.

use std::collections::BTreeMap;

use super::chain::{Chain, Head, Link, personal_digest};
use crate::{Db, DbError, Row, Tx, migrate::Lock, values};

/// One entry that waits, in the order in which it came.
struct Waiting {
    position: i64,
    chain: Chain,
    link: Link,
    personal: Option<([u8; 16], String)>,
}

/// Chains up to 500 waiting entries; how many there were. Fewer than 500: none waits now.
///
/// # Errors
/// [`DbError::Busy`] when another node is at it.
pub(crate) async fn sequence(db: &Db) -> Result<usize, DbError> {
    let placed = db
        .write_alone(Lock::Journal, |tx| Box::pin(sequence_batch(tx)))
        .await?;
    for (head, link) in &placed {
        // Each entry is a log line too, for whoever gathers those of the whole house.
        tracing::info!(
            target: "journal",
            chain = %head.chain,
            seq = head.seq,
            hash = hex::encode(head.hash),
            at = link.at,
            actor = link.actor.map(hex::encode),
            act = link.act,
            subject = link.subject,
            outcome = link.outcome,
            data = link.data,
        );
    }
    Ok(placed.len())
}

async fn sequence_batch(tx: &mut Tx) -> Result<Vec<(Head, Link)>, DbError> {
    // Taken out and read in one statement: what commits meanwhile waits for the next round.
    let rows = tx
        .query(
            "DELETE FROM journal_pending WHERE position IN \
             (SELECT position FROM journal_pending ORDER BY position LIMIT 500) \
             RETURNING position, chain, at, actor, act, subject, outcome, data, salt, personal",
            &values![],
        )
        .await?;
    let mut waiting = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    waiting.sort_by_key(|entry| entry.position);
    let mut heads = BTreeMap::new();
    let mut placed = Vec::with_capacity(waiting.len());
    for entry in waiting {
        let before = match heads.get(&entry.chain) {
            Some(head) => *head,
            None => head(tx, entry.chain).await?,
        };
        let after = entry.link.after(&before);
        insert(tx, &before, &after, &entry.link).await?;
        if let Some((salt, personal)) = entry.personal {
            tx.execute(
                "INSERT INTO journal_personal (chain, seq, salt, personal) \
                 VALUES ($1, $2, $3, $4)",
                &values![after.chain, after.seq, salt, personal],
            )
            .await?;
        }
        heads.insert(entry.chain, after);
        placed.push((after, entry.link));
    }
    for head in heads.values() {
        tx.execute(
            "INSERT INTO journal_head (chain, seq, hash) VALUES ($1, $2, $3) \
             ON CONFLICT (chain) DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
            &values![head.chain, head.seq, head.hash],
        )
        .await?;
    }
    Ok(placed)
}

fn read(row: &Row) -> Result<Waiting, DbError> {
    let salt: Option<[u8; 16]> = row.get("salt")?;
    let personal = salt.zip(row.get::<Option<String>>("personal")?);
    let digest = personal
        .as_ref()
        .map(|(salt, personal)| personal_digest(salt, personal));
    Ok(Waiting {
        position: row.get("position")?,
        chain: row.get("chain")?,
        link: Link {
            at: row.get("at")?,
            actor: row.get("actor")?,
            act: row.get("act")?,
            subject: row.get("subject")?,
            outcome: row.get("outcome")?,
            data: row.get("data")?,
            personal_digest: digest,
        },
        personal,
    })
}

async fn head(tx: &mut Tx, chain: Chain) -> Result<Head, DbError> {
    tx.query_optional(
        "SELECT chain, seq, hash FROM journal_head WHERE chain = $1",
        &values![chain],
    )
    .await?
    .map_or(Ok(Head::genesis(chain)), |row| Head::read(&row))
}

async fn insert(tx: &mut Tx, before: &Head, after: &Head, link: &Link) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO journal_entry (chain, seq, at, actor, act, subject, outcome, data, \
         personal_digest, prev_hash, hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &values![
            after.chain,
            after.seq,
            link.at,
            link.actor,
            &link.act,
            &link.subject,
            &link.outcome,
            &link.data,
            link.personal_digest,
            before.hash,
            after.hash,
        ],
    )
    .await?;
    Ok(())
}
