//! What the journal keeps of a person beside its chains leaves; the chains stay as they are, with
//! the salted digests that nobody can read any more.

use kernel::AgentId;

use super::Chain;
use crate::{Db, DbError, Row, Tx, values};

/// Entries looked at in one view.
const WINDOW: u32 = 1_000;

/// Whose personal parts leave.
#[derive(Debug, Clone)]
pub struct Forgotten {
    /// Of entries about this agent, and of theirs that are about no other agent.
    pub agent: AgentId,
    /// And those that are one of these texts (an address typed by somebody who was refused).
    pub texts: Vec<String>,
}

impl Forgotten {
    fn concerns(&self, actor: Option<AgentId>, subject: &str, personal: &str) -> bool {
        let about = format!("agent:{}", self.agent);
        let own = actor == Some(self.agent) && !subject.starts_with("agent:");
        let typed = |text: &String| text.eq_ignore_ascii_case(personal);
        subject == about || own || self.texts.iter().any(typed)
    }
}

/// Erases what the journal keeps of a person beside its chains; how many entries had something.
/// Done again, it changes nothing.
///
/// # Errors
/// What the database says.
pub async fn erase_personal(db: &Db, forgotten: &Forgotten) -> Result<usize, DbError> {
    let mut erased = erase_waiting(db, forgotten).await?;
    let mut after: Option<(Chain, i64)> = None;
    loop {
        let from = after;
        let window: Vec<Kept> = db
            .read(move |tx| Box::pin(async move { window(tx, from).await }))
            .await?;
        let Some(last) = window.last() else {
            return Ok(erased);
        };
        after = Some((last.chain, last.seq));
        let gone: Vec<(Chain, i64)> = window
            .iter()
            .filter(|kept| forgotten.concerns(kept.actor, &kept.subject, &kept.personal))
            .map(|kept| (kept.chain, kept.seq))
            .collect();
        if gone.is_empty() {
            continue;
        }
        erased += gone.len();
        db.write(move |tx| {
            let gone = gone.clone();
            Box::pin(async move {
                for (chain, seq) in gone {
                    tx.execute(
                        "DELETE FROM journal_personal WHERE chain = $1 AND seq = $2",
                        &values![chain, seq],
                    )
                    .await?;
                }
                Ok::<_, DbError>(())
            })
        })
        .await?;
    }
}

/// The personal part of an entry, with what tells whose it is.
struct Kept {
    chain: Chain,
    seq: i64,
    actor: Option<AgentId>,
    subject: String,
    personal: String,
}

async fn window(tx: &mut Tx, after: Option<(Chain, i64)>) -> Result<Vec<Kept>, DbError> {
    let (chain, seq) = after.map_or((Chain::System, -1), |place| place);
    let rows = tx
        .query(
            "SELECT p.chain AS chain, p.seq AS seq, p.personal AS personal, e.actor AS actor,
                    e.subject AS subject
             FROM journal_personal p JOIN journal_entry e ON e.chain = p.chain AND e.seq = p.seq
             WHERE p.chain > $1 OR (p.chain = $1 AND p.seq > $2)
             ORDER BY p.chain, p.seq LIMIT $3",
            &values![chain, seq, WINDOW],
        )
        .await?;
    rows.iter().map(kept).collect()
}

fn kept(row: &Row) -> Result<Kept, DbError> {
    Ok(Kept {
        chain: row.get("chain")?,
        seq: row.get("seq")?,
        actor: row.get("actor")?,
        subject: row.get("subject")?,
        personal: row.get("personal")?,
    })
}

/// Those that have no place in a chain yet: they get it without a digest.
async fn erase_waiting(db: &Db, forgotten: &Forgotten) -> Result<usize, DbError> {
    let forgotten = forgotten.clone();
    db.write(move |tx| {
        let forgotten = forgotten.clone();
        Box::pin(async move {
            let rows = tx
                .query(
                    "SELECT position, actor, subject, personal FROM journal_pending
                     WHERE personal IS NOT NULL",
                    &values![],
                )
                .await?;
            let mut erased = 0;
            for row in &rows {
                let (actor, subject): (Option<AgentId>, String) =
                    (row.get("actor")?, row.get("subject")?);
                let personal: String = row.get("personal")?;
                if forgotten.concerns(actor, &subject, &personal) {
                    let position: i64 = row.get("position")?;
                    tx.execute(
                        "UPDATE journal_pending SET personal = NULL, salt = NULL
                         WHERE position = $1",
                        &values![position],
                    )
                    .await?;
                    erased += 1;
                }
            }
            Ok::<_, DbError>(erased)
        })
    })
    .await
}
