//! What a key of before signed, signed anew: after a change of the master key the old one can go
//! without the journal losing its proofs.

use kernel::Timestamp;

use super::{
    CheckpointError, JournalConfig, JournalKey,
    chain::Head,
    checkpoint::{read, write_checkpoint},
    retention::boundary_text,
};
use crate::{Db, DbError, Tx, values};

/// A chain's boundary that is believed and not signed by the key that signs now.
struct Old {
    head: Head,
    mac: Vec<u8>,
}

/// How many boundaries a key of before signed. One that no known key signed is none: it stays for
/// [`verify`](super::verify) to find.
///
/// # Errors
/// What the database says.
pub async fn boundaries_to_resign(db: &Db, key: &JournalKey) -> Result<usize, DbError> {
    let key = key.clone();
    db.read(move |tx| {
        let key = key.clone();
        Box::pin(async move { Ok(old(tx, &key).await?.len()) })
    })
    .await
}

/// Signs those boundaries anew; how many were.
///
/// # Errors
/// What the database says.
pub async fn resign_boundaries(db: &Db, key: &JournalKey) -> Result<usize, DbError> {
    let key = key.clone();
    db.write(move |tx| {
        let key = key.clone();
        Box::pin(async move {
            let old = old(tx, &key).await?;
            for one in &old {
                let mac = key.sign(&boundary_text(&one.head));
                tx.execute(
                    "UPDATE journal_boundary SET mac = $1 WHERE chain = $2 AND mac = $3",
                    &values![mac, one.head.chain, one.mac.clone()],
                )
                .await?;
            }
            Ok(old.len())
        })
    })
    .await
}

/// Signs this node's checkpoint anew when a key of before signed it; whether it was.
///
/// # Errors
/// As a checkpoint's: what does not continue the last one is not written over it.
pub async fn resign_checkpoint(
    db: &Db,
    config: &JournalConfig,
    now: Timestamp,
) -> Result<bool, CheckpointError> {
    match read(&config.checkpoint_file, &config.key)? {
        Some(last) if !last.is_current => write_checkpoint(db, config, now).await,
        _ => Ok(false),
    }
}

/// A boundary for each chain that has lost entries to its retention: few, so read at once.
async fn old(tx: &mut Tx, key: &JournalKey) -> Result<Vec<Old>, DbError> {
    let rows = tx
        .query(
            "SELECT chain, seq, hash, mac FROM journal_boundary ORDER BY chain",
            &values![],
        )
        .await?;
    let mut found = Vec::new();
    for row in &rows {
        let head = Head::read(row)?;
        let mac: Vec<u8> = row.get("mac")?;
        let text = boundary_text(&head);
        if !key.signed(&text, &mac) && key.checks(&text, &mac) {
            found.push(Old { head, mac });
        }
    }
    Ok(found)
}
