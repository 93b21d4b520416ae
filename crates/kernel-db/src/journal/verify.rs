//! Verification: recomputes every chain and holds it against the checkpoint.

use std::path::Path;

use kernel::Timestamp;

use super::{
    Chain, CheckpointError, JournalKey,
    chain::{Head, Link, personal_digest},
    checkpoint::{self, Checkpoint},
    retention::boundary_text,
};
use crate::{Db, DbError, Row, Tx, values};

/// Something that an untouched journal does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// A row's content, or its place, is not what its hash says.
    #[error("chain {chain}: entry {seq} was altered")]
    Altered {
        /// Which chain.
        chain: Chain,
        /// Which entry.
        seq: i64,
    },
    /// A row is gone from the middle or the beginning.
    #[error("chain {chain}: entry {seq} is missing")]
    Missing {
        /// Which chain.
        chain: Chain,
        /// Which entry.
        seq: i64,
    },
    /// The name kept aside is not the one whose digest is chained.
    #[error("chain {chain}: the personal part of entry {seq} was altered")]
    AlteredPersonal {
        /// Which chain.
        chain: Chain,
        /// Which entry.
        seq: i64,
    },
    /// The chain ends before the entry that the checkpoint saw.
    #[error("chain {chain}: ends at {found}, the checkpoint saw {expected}")]
    CutTail {
        /// Which chain.
        chain: Chain,
        /// Its last entry.
        found: i64,
        /// The last entry that the checkpoint saw.
        expected: i64,
    },
    /// The chain is consistent in itself, and another than the checkpoint saw.
    #[error("chain {chain}: entry {seq} is not the one that the checkpoint saw")]
    Rebuilt {
        /// Which chain.
        chain: Chain,
        /// The entry the checkpoint saw.
        seq: i64,
    },
    /// The row that says where retention ended was not signed with this key.
    #[error("chain {chain}: the end of retention was not signed with this key")]
    ForgedBoundary {
        /// Which chain.
        chain: Chain,
    },
    /// The row that keeps the head of the chain does not name its last entry.
    #[error("chain {chain}: the head was altered")]
    AlteredHead {
        /// Which chain.
        chain: Chain,
    },
    /// There are entries and no checkpoint.
    #[error("the checkpoint file is missing")]
    NoCheckpoint,
    /// The file there is not one that this key signed.
    #[error("the checkpoint file was not signed with this key")]
    ForgedCheckpoint,
}

/// What verification saw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VerifyReport {
    /// Chains read.
    pub chains: usize,
    /// Entries whose hash was recomputed.
    pub entries: u64,
    /// When the checkpoint was made.
    pub checkpoint_at: Option<Timestamp>,
    /// What is wrong; of each chain the first thing in its rows.
    pub findings: Vec<Finding>,
}

impl VerifyReport {
    /// Whether nothing is wrong.
    pub const fn is_intact(&self) -> bool {
        self.findings.is_empty()
    }
}

/// One step through a chain: up to 500 rows, and the boundary as it is in the same view.
struct Batch {
    boundary: Option<(Head, Vec<u8>)>,
    rows: Vec<Row>,
}

/// Recomputes every chain and holds it against the checkpoint in `file`. May run beside a
/// working program: entries made meanwhile are left for the next time.
///
/// # Errors
/// When the database or the file cannot be read. What is wrong with the journal is no error but
/// a finding.
pub async fn verify(
    db: &Db,
    file: &Path,
    key: &JournalKey,
) -> Result<VerifyReport, CheckpointError> {
    let mut report = VerifyReport::default();
    // The checkpoint first: the chains may only have grown since.
    let checkpoint = match checkpoint::read(file, key) {
        Ok(found) => found,
        Err(CheckpointError::Forged) => {
            report.findings.push(Finding::ForgedCheckpoint);
            None
        }
        Err(error) => return Err(error),
    };
    let heads: Vec<Head> = db
        .read(|tx| Box::pin(async move { heads(tx).await }))
        .await
        .map_err(CheckpointError::Db)?;
    if checkpoint.is_none() && !heads.is_empty() && report.is_intact() {
        report.findings.push(Finding::NoCheckpoint);
    }
    report.checkpoint_at = checkpoint.as_ref().map(|checkpoint| checkpoint.at);
    report.chains = heads.len();
    let mut last = Vec::with_capacity(heads.len());
    for head in &heads {
        if let Some(end) = walk(db, key, head, &mut report).await? {
            last.push(end);
        }
    }
    if let Some(checkpoint) = checkpoint {
        compare(db, &checkpoint, &last, &heads, &mut report).await?;
    }
    Ok(report)
}

/// The chains: by their heads, and by their rows should a head have been removed.
async fn heads(tx: &mut Tx) -> Result<Vec<Head>, DbError> {
    let rows = tx
        .query(
            "SELECT c.chain AS chain, COALESCE(h.seq, -1) AS seq, h.hash AS hash \
             FROM (SELECT chain FROM journal_head UNION SELECT chain FROM journal_entry \
             UNION SELECT chain FROM journal_boundary) c \
             LEFT JOIN journal_head h ON h.chain = c.chain ORDER BY 1",
            &values![],
        )
        .await?;
    let mut heads = Vec::with_capacity(rows.len());
    for row in rows {
        heads.push(Head {
            chain: row.get("chain")?,
            seq: row.get("seq")?,
            hash: row.get::<Option<[u8; 32]>>("hash")?.unwrap_or_default(),
        });
    }
    Ok(heads)
}

/// Recomputes one chain up to its head; its true end, when its rows are sound.
async fn walk(
    db: &Db,
    key: &JournalKey,
    head: &Head,
    report: &mut VerifyReport,
) -> Result<Option<Head>, DbError> {
    let chain = head.chain;
    let mut at = Head::genesis(chain);
    loop {
        let after = at.seq;
        let batch = db
            .read(move |tx| Box::pin(async move { next(tx, chain, after).await }))
            .await?;
        if let Some((boundary, mac)) = &batch.boundary
            && boundary.seq > at.seq
        {
            if !key.checks(&boundary_text(boundary), mac) {
                report.findings.push(Finding::ForgedBoundary { chain });
                return Ok(None);
            }
            at = *boundary;
        }
        if batch.rows.is_empty() {
            break;
        }
        for row in &batch.rows {
            if head.seq >= 0 && at.seq >= head.seq {
                break;
            }
            match step(row, &at)? {
                Ok(next) => at = next,
                Err(finding) => {
                    report.findings.push(finding);
                    return Ok(None);
                }
            }
            report.entries += 1;
        }
        if head.seq >= 0 && at.seq >= head.seq {
            break;
        }
    }
    if at != *head {
        report.findings.push(Finding::AlteredHead { chain });
    }
    Ok(Some(at))
}

async fn next(tx: &mut Tx, chain: Chain, after: i64) -> Result<Batch, DbError> {
    let boundary = tx
        .query_optional(
            "SELECT chain, seq, hash, mac FROM journal_boundary WHERE chain = $1",
            &values![chain],
        )
        .await?;
    let boundary = match boundary {
        Some(row) => Some((Head::read(&row)?, row.get("mac")?)),
        None => None,
    };
    let from = boundary
        .as_ref()
        .map_or(after, |(boundary, _): &(Head, Vec<u8>)| {
            after.max(boundary.seq)
        });
    let rows = rows(tx, chain, from).await?;
    Ok(Batch { boundary, rows })
}

/// The 500 rows of a chain after a place, with what is kept aside.
pub(super) async fn rows(tx: &mut Tx, chain: Chain, after: i64) -> Result<Vec<Row>, DbError> {
    tx.query(
        "SELECT e.seq AS seq, e.at AS at, e.actor AS actor, e.act AS act, \
         e.subject AS subject, e.outcome AS outcome, e.data AS data, \
         e.personal_digest AS personal_digest, e.prev_hash AS prev_hash, e.hash AS hash, \
         p.salt AS salt, p.personal AS personal \
         FROM journal_entry e \
         LEFT JOIN journal_personal p ON p.chain = e.chain AND p.seq = e.seq \
         WHERE e.chain = $1 AND e.seq > $2 ORDER BY e.seq LIMIT 500",
        &values![chain, after],
    )
    .await
}

/// The head after this row, or what is wrong with it.
pub(super) fn step(row: &Row, before: &Head) -> Result<Result<Head, Finding>, DbError> {
    let chain = before.chain;
    let expected = before.seq.saturating_add(1);
    let seq: i64 = row.get("seq")?;
    if seq != expected {
        return Ok(Err(Finding::Missing {
            chain,
            seq: expected,
        }));
    }
    let link = Link {
        at: row.get("at")?,
        actor: row.get("actor")?,
        act: row.get("act")?,
        subject: row.get("subject")?,
        outcome: row.get("outcome")?,
        data: row.get("data")?,
        personal_digest: row.get("personal_digest")?,
    };
    let after = link.after(before);
    let prev: [u8; 32] = row.get("prev_hash")?;
    let hash: [u8; 32] = row.get("hash")?;
    if prev != before.hash || hash != after.hash {
        return Ok(Err(Finding::Altered { chain, seq }));
    }
    let salt: Option<[u8; 16]> = row.get("salt")?;
    if let Some((salt, personal)) = salt.zip(row.get::<Option<String>>("personal")?)
        && link.personal_digest != Some(personal_digest(&salt, &personal))
    {
        return Ok(Err(Finding::AlteredPersonal { chain, seq }));
    }
    Ok(Ok(after))
}

async fn compare(
    db: &Db,
    checkpoint: &Checkpoint,
    sound: &[Head],
    all: &[Head],
    report: &mut VerifyReport,
) -> Result<(), DbError> {
    for seen in &checkpoint.heads {
        let chain = seen.chain;
        let end = sound.iter().find(|head| head.chain == chain);
        let found = match end {
            Some(end) => end.seq,
            // A chain whose rows are unsound has its finding already.
            None if all.iter().any(|head| head.chain == chain) => continue,
            None => 0,
        };
        if found < seen.seq {
            report.findings.push(Finding::CutTail {
                chain,
                found,
                expected: seen.seq,
            });
            continue;
        }
        let seen = *seen;
        let held = db
            .read(move |tx| Box::pin(async move { checkpoint::holds(tx, &seen).await }))
            .await?;
        if !held {
            report.findings.push(Finding::Rebuilt {
                chain,
                seq: seen.seq,
            });
        }
    }
    Ok(())
}
