//! The journal, read by who administers: each reads the chains of their administrations, the
//! operator the system's too, and every reading is itself in the journal before it is answered.

mod ask;
mod export;
pub(crate) mod file;
mod names;

use std::sync::Arc;
use std::time::Duration;

use kernel::{Act, Caller, JournalEntry, Limit, Means, OrganisationId, Outcome, Scope, Timestamp};
use kernel_db::{
    Chain, Chains, CheckpointError, CheckpointFacts, Entry, JournalConfig, JournalPlace, Proof, Tx,
    journal_checkpoint, journal_extents, journal_page, journal_proof, journalled_since,
};
use serde_json::{Value, json};

pub(crate) use ask::{JournalFilter, Who};
pub(crate) use export::Export;
pub(crate) use names::{NameOf, NamesBySubject};

use self::ask::Asked;
use super::Identity;
use super::administration::{administered, administers};
use crate::domain::role::{RoleRefusal, root};
use crate::error::IdentityError;

const READ: Act = Act("identity.journal.read");
/// Who reads the same again within this time goes on reading.
const ONE_READING: Duration = Duration::from_mins(30);

/// A page of the journal.
pub(crate) struct JournalPage {
    pub(crate) entries: Vec<Entry>,
    pub(crate) next: Option<JournalPlace>,
    pub(crate) names: NamesBySubject,
    pub(crate) facts: JournalFacts,
}

/// How the chains that are read stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct JournalFacts {
    /// Entries in them.
    pub(crate) entries: i64,
    /// When the last checkpoint was signed; none: none was, or it is not ours.
    pub(crate) checkpoint_at: Option<Timestamp>,
    /// Of the entries, those that it covers.
    pub(crate) covered: i64,
    /// How many months entries are kept; none: not known here.
    pub(crate) kept_months: Option<u16>,
    /// Before when all entries have left; none: none has left yet.
    pub(crate) gone_before: Option<Timestamp>,
}

/// An entry with its proof; none: the instance does not know where its checkpoints are.
pub(crate) struct ProvedEntry {
    pub(crate) proof: Proof,
    pub(crate) names: NamesBySubject,
}

impl Identity {
    /// A page of the journal, the latest first. The first page of a reading is journalled before it
    /// is answered, once in half an hour for the same caller, session and filter.
    ///
    /// # Errors
    /// When the caller administers nothing there, or the database refuses.
    pub(crate) async fn journal(
        &self,
        caller: Caller,
        filter: JournalFilter,
        after: Option<JournalPlace>,
        limit: Limit,
    ) -> Result<JournalPage, IdentityError> {
        let now = self.house.clock.now();
        let asked = Arc::new((caller.clone(), filter));
        let (asked, mut entries, extents) = self
            .house
            .db
            .read(move |tx| {
                let wanted = Arc::clone(&asked);
                Box::pin(async move {
                    let (caller, filter) = &*wanted;
                    let asked = ask::resolve(tx, caller, filter, now).await?;
                    let rows = limit.rows() + 1;
                    let entries = journal_page(tx, &asked.query, after, rows).await?;
                    let extents = journal_extents(tx, &asked.query.chains).await?;
                    Ok::<_, IdentityError>((asked, entries, extents))
                })
            })
            .await?;
        if after.is_none() {
            self.note_reading(&caller, &asked, now).await?;
        }
        let more = i64::try_from(entries.len()).is_ok_and(|found| found > limit.rows());
        entries.truncate(usize::try_from(limit.rows()).unwrap_or(0));
        let checkpoint = self.checkpoint().await;
        let covered = checkpoint.as_ref().map_or(0, |checkpoint| {
            let seen = |chain| checkpoint.seen.iter().find(|(seen, _)| *seen == chain);
            let of = extents
                .iter()
                .filter_map(|extent| seen(extent.chain).map(|(_, seq)| (seq - extent.gone).max(0)));
            of.sum()
        });
        let retention = self.house.journal.as_ref().map(|config| config.retention);
        let any_gone = extents.iter().any(|extent| extent.gone > 0);
        Ok(JournalPage {
            next: entries.last().filter(|_| more).map(Entry::place),
            names: self.names_in(&entries).await?,
            entries,
            facts: JournalFacts {
                entries: extents.iter().map(|extent| extent.last - extent.gone).sum(),
                checkpoint_at: checkpoint.map(|checkpoint| checkpoint.at),
                covered,
                kept_months: retention.map(kernel_db::Retention::count),
                gone_before: retention
                    .filter(|_| any_gone)
                    .and_then(|retention| retention.cut(now)),
            },
        })
    }

    /// An entry, proved; none: there is none, or it left after its retention. A caller who is not
    /// reading the journal already begins a reading with it.
    ///
    /// # Errors
    /// When the caller does not administer the chain's administration (the system's: is not an
    /// operator), the checkpoint cannot be read, or the database refuses.
    pub(crate) async fn journal_entry(
        &self,
        caller: Caller,
        chain: Chain,
        seq: i64,
    ) -> Result<Option<ProvedEntry>, IdentityError> {
        let now = self.house.clock.now();
        let asking = Arc::new(caller.clone());
        self.house
            .db
            .read(move |tx| {
                let caller = Arc::clone(&asking);
                Box::pin(async move { may_read(tx, &caller, chain, now).await })
            })
            .await?;
        let config = self.checkpoints()?;
        let proof = journal_proof(&self.house.db, config, chain, seq).await?;
        let Some(proof) = proof else { return Ok(None) };
        let of = match chain {
            Chain::System => None,
            Chain::Organisation(id) => Some(id),
        };
        let which = json!({ "chain": chain.to_string(), "seq": seq });
        let data = with_means(&caller, ("entry", which));
        self.note(&caller, vec![of], data, now, true).await?;
        let names = self.names_in(std::slice::from_ref(&proof.entry)).await?;
        Ok(Some(ProvedEntry { proof, names }))
    }

    fn checkpoints(&self) -> Result<&JournalConfig, IdentityError> {
        let config = self.house.journal.as_deref();
        config.ok_or(IdentityError::Checkpoint(CheckpointError::Io(
            std::io::ErrorKind::NotFound.into(),
        )))
    }

    /// The last checkpoint, for what is shown beside: what is wrong with it is for the log.
    async fn checkpoint(&self) -> Option<CheckpointFacts> {
        let config = self.house.journal.as_deref()?;
        match journal_checkpoint(config).await {
            Ok(found) => found,
            Err(cause) => {
                tracing::error!(target: "security", %cause, "the journal's checkpoint cannot be shown");
                None
            }
        }
    }

    async fn note_reading(
        &self,
        caller: &Caller,
        asked: &Asked,
        now: Timestamp,
    ) -> Result<(), IdentityError> {
        let data = with_means(caller, ("filter", asked.told.clone()));
        let roots = asked.scopes.iter().map(|scope| root(*scope)).collect();
        self.note(caller, roots, data, now, false).await
    }

    /// Journals a reading, unless the caller has been reading since half an hour: the same, or
    /// `whatever` it was.
    async fn note(
        &self,
        caller: &Caller,
        roots: Vec<Option<OrganisationId>>,
        data: serde_json::Value,
        now: Timestamp,
        whatever: bool,
    ) -> Result<(), IdentityError> {
        let since = now.minus(ONE_READING);
        let (agent, text) = (caller.agent, data.to_string());
        let known = self
            .house
            .db
            .read(move |tx| {
                let text = text.clone();
                Box::pin(async move {
                    let same = (!whatever).then_some(text.as_str());
                    Ok::<_, IdentityError>(journalled_since(tx, agent, READ, since, same).await?)
                })
            })
            .await?;
        if known {
            return Ok(());
        }
        self.record(agent, READ, roots, data, now).await
    }

    /// Writes one entry in the chain of each root.
    async fn record(
        &self,
        agent: kernel::AgentId,
        act: Act,
        roots: Vec<Option<OrganisationId>>,
        data: serde_json::Value,
        now: Timestamp,
    ) -> Result<(), IdentityError> {
        let rng = Arc::clone(&self.house.rng);
        let entries: Vec<JournalEntry> = roots
            .into_iter()
            .map(|organisation| JournalEntry {
                at: now,
                organisation,
                actor: Some(agent),
                act,
                subject: organisation
                    .map_or_else(|| "journal:system".to_owned(), |id| format!("journal:{id}")),
                outcome: Outcome::Done,
                data: data.clone(),
                personal: None,
            })
            .collect();
        let entries = Arc::new(entries);
        self.house
            .db
            .write(move |tx| {
                let (entries, rng) = (Arc::clone(&entries), Arc::clone(&rng));
                Box::pin(async move {
                    for entry in entries.iter() {
                        tx.journal(entry.clone(), rng.as_ref()).await?;
                    }
                    Ok::<_, IdentityError>(())
                })
            })
            .await
    }
}

/// What is told of a reading: by which session or token, and a member that says what was read.
fn with_means(caller: &Caller, (member, told): (&str, Value)) -> Value {
    match caller.by {
        Means::Session(session) => json!({ "session": session, member: told }),
        Means::Token(token) => json!({ "token": token, member: told }),
    }
}

/// That the caller reads this chain.
///
/// # Errors
/// When they do not, or the database refuses.
async fn may_read(
    tx: &mut Tx,
    caller: &Caller,
    chain: Chain,
    now: Timestamp,
) -> Result<(), IdentityError> {
    match chain {
        Chain::Organisation(id) => administers(tx, caller, id, now).await.map(|_| ()),
        Chain::System => {
            let held = administered(tx, caller, None, now).await?;
            if held.contains(&Scope::Everything) {
                Ok(())
            } else {
                Err(RoleRefusal::NotAdministrator.into())
            }
        }
    }
}

/// The chains of these reaches.
///
/// # Errors
/// When the database refuses.
async fn chains(tx: &mut Tx, scopes: &[Scope]) -> Result<Chains, IdentityError> {
    let mut all = Vec::new();
    for scope in scopes {
        if *scope == Scope::Everything {
            return Ok(Chains::All);
        }
        let within = crate::store::organisation::within(tx, *scope).await?;
        all.extend(within.into_iter().map(|one| Chain::Organisation(one.id)));
    }
    all.sort_unstable();
    all.dedup();
    Ok(Chains::Of(all))
}
