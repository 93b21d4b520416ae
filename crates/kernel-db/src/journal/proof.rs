//! What proves one entry: its hash computed anew, the links from it to the entry that the signed
//! checkpoint saw, and the checkpoint.

use kernel::Timestamp;

use super::{
    Chain, CheckpointError, JournalConfig,
    chain::Head,
    checkpoint::{self, Checkpoint},
    entry::Entry,
    retention::boundary_text,
    verify::{self, step},
};
use crate::{Db, DbError, Tx, values};

/// How many entries are recomputed to reach the checkpoint.
const MOST_STEPS: i64 = 5_000;

/// How an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Every link from it to the entry that the checkpoint saw was computed anew, and fits.
    Covered,
    /// The checkpoint covers it, and is too far to compute every link at once: those up to
    /// [`Proof::verified_up_to`] fit.
    Linked,
    /// It fits, and no checkpoint has seen it yet.
    Young,
    /// It, a link or the checkpoint does not fit.
    Broken,
}

/// An entry and what proves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The entry.
    pub entry: Entry,
    /// How it stands.
    pub standing: Standing,
    /// The last place up to which every link was computed anew, from the entry on; below the
    /// entry's when it does not fit itself.
    pub verified_up_to: i64,
    /// When the signed checkpoint was made; none: there is none.
    pub checkpoint_at: Option<Timestamp>,
    /// The last place of the chain that the checkpoint saw.
    pub checkpoint_seq: Option<i64>,
}

/// The last signed checkpoint, in figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckpointFacts {
    /// When it was made.
    pub at: Timestamp,
    /// The last place of each chain that it saw.
    pub seen: Vec<(Chain, i64)>,
}

/// The last signed checkpoint; none: there is none yet.
///
/// # Errors
/// [`CheckpointError::Forged`], or when the file cannot be read.
pub async fn journal_checkpoint(
    config: &JournalConfig,
) -> Result<Option<CheckpointFacts>, CheckpointError> {
    Ok(read_checkpoint(config)
        .await?
        .map(|checkpoint| CheckpointFacts {
            at: checkpoint.at,
            seen: checkpoint
                .heads
                .iter()
                .map(|head| (head.chain, head.seq))
                .collect(),
        }))
}

/// The entry of a place, proved; none: there is none, or it left after its retention.
///
/// # Errors
/// When the database or the file cannot be read. A checkpoint that was not signed with this key is
/// no error: nothing stands on it.
pub async fn journal_proof(
    db: &Db,
    config: &JournalConfig,
    chain: Chain,
    seq: i64,
) -> Result<Option<Proof>, CheckpointError> {
    let (checkpoint, forged) = match read_checkpoint(config).await {
        Ok(found) => (found, false),
        Err(CheckpointError::Forged) => (None, true),
        Err(error) => return Err(error),
    };
    let seen = checkpoint
        .as_ref()
        .and_then(|checkpoint| checkpoint.heads.iter().find(|head| head.chain == chain))
        .copied();
    let config = config.clone();
    let walked = db
        .read(move |tx| {
            let config = config.clone();
            Box::pin(async move { walk(tx, &config, chain, seq, seen).await })
        })
        .await?;
    Ok(walked.map(|walked| {
        let covers = seen.filter(|seen| seen.seq >= seq);
        let standing = match covers {
            _ if forged || walked.broken => Standing::Broken,
            None => Standing::Young,
            Some(seen) if walked.at.seq < seen.seq => Standing::Linked,
            Some(seen) if walked.at == seen => Standing::Covered,
            Some(_) => Standing::Broken,
        };
        Proof {
            entry: walked.entry,
            standing,
            verified_up_to: walked.at.seq,
            checkpoint_at: covers.and(checkpoint.as_ref()).map(|seen| seen.at),
            checkpoint_seq: covers.map(|seen| seen.seq),
        }
    }))
}

async fn read_checkpoint(config: &JournalConfig) -> Result<Option<Checkpoint>, CheckpointError> {
    let config = config.clone();
    tokio::task::spawn_blocking(move || checkpoint::read(&config.checkpoint_file, &config.key))
        .await
        .map_err(std::io::Error::other)?
}

/// How far the links were computed.
struct Walked {
    entry: Entry,
    at: Head,
    broken: bool,
}

async fn walk(
    tx: &mut Tx,
    config: &JournalConfig,
    chain: Chain,
    seq: i64,
    seen: Option<Head>,
) -> Result<Option<Walked>, DbError> {
    let Some(entry) = one(tx, chain, seq).await? else {
        return Ok(None);
    };
    let before = before(tx, config, chain, seq).await?;
    let mut at = Head {
        chain,
        seq: seq.saturating_sub(1),
        hash: before.unwrap_or(entry.previous_hash),
    };
    let furthest = seq.saturating_add(MOST_STEPS);
    let target = seen.map_or(seq, |seen| seen.seq.clamp(seq, furthest));
    let mut broken = before.is_none();
    while !broken && at.seq < target {
        let after = at.seq;
        let rows = verify::rows(tx, chain, after).await?;
        for row in &rows {
            if at.seq >= target {
                break;
            }
            let Ok(next) = step(row, &at)? else {
                broken = true;
                break;
            };
            at = next;
        }
        // The checkpoint saw entries that are not there.
        broken |= at.seq == after;
    }
    Ok(Some(Walked { entry, at, broken }))
}

async fn one(tx: &mut Tx, chain: Chain, seq: i64) -> Result<Option<Entry>, DbError> {
    let row = tx
        .query_optional(
            "SELECT e.*, p.salt AS salt, p.personal AS personal FROM journal_entry e \
             LEFT JOIN journal_personal p ON p.chain = e.chain AND p.seq = e.seq \
             WHERE e.chain = $1 AND e.seq = $2",
            &values![chain, seq],
        )
        .await?;
    row.as_ref().map(Entry::read).transpose()
}

/// The hash of the entry before: of its row, of the signed boundary, or of nothing; none: it is
/// missing.
async fn before(
    tx: &mut Tx,
    config: &JournalConfig,
    chain: Chain,
    seq: i64,
) -> Result<Option<[u8; 32]>, DbError> {
    if seq == 1 {
        return Ok(Some(Head::genesis(chain).hash));
    }
    let row = tx
        .query_optional(
            "SELECT hash FROM journal_entry WHERE chain = $1 AND seq = $2",
            &values![chain, seq.saturating_sub(1)],
        )
        .await?;
    if let Some(row) = row {
        return Ok(Some(row.get("hash")?));
    }
    let row = tx
        .query_optional(
            "SELECT chain, seq, hash, mac FROM journal_boundary WHERE chain = $1 AND seq = $2",
            &values![chain, seq.saturating_sub(1)],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let boundary = Head::read(&row)?;
    let mac: Vec<u8> = row.get("mac")?;
    let signed = config.key.checks(&boundary_text(&boundary), &mac);
    Ok(signed.then_some(boundary.hash))
}
