//! Erasure and merging of accounts: what makes an account unusable happens in the transaction of
//! the act; what each tool keeps leaves, or moves, in the background, by a job that goes on where
//! it was.
//!
//! Invariants
//! - A tombstone stays: the id is given to nobody else. Who signs in again by the same provider
//!   and subject is a new agent.
//! - A merged account's tombstone says into whom; the `sub` of the account that stays is its own.

use std::sync::Arc;

use kernel::port::{AgentColumn, BoxFuture, Erase, Fate, PortError};
use kernel::{
    Act, AgentId, Caller, Event, EventId, JournalEntry, Outcome, Rng, SessionId, Timestamp,
};
use kernel_db::{Db, DbError, Forgotten, JobError, JobHandler, NewJob, Tx};
use serde_json::{Value, json};

use super::Identity;
use super::life::{Done, authorise, end_everything};
use crate::domain::agent::{Agent, AgentState};
use crate::domain::life::mergeable;
use crate::domain::session::EndReason;
use crate::error::IdentityError;
use crate::store;

/// The kind of the job that erases.
pub(crate) const ERASE: &str = "identity.erase";
/// The kind of the job that merges.
pub(crate) const MERGE: &str = "identity.merge";

/// Empties an account in the transaction that erases it, and leaves the rest to the job.
pub(super) async fn begin(tx: &mut Tx, agent: &Agent, now: Timestamp) -> Result<(), DbError> {
    store::erase::empty(tx, agent, now).await?;
    // The address leaves the queue with the job: by it the journal's refusals are found.
    let payload = json!({ "agent": agent.id, "address": agent.attributes.email });
    enqueue(tx, ERASE, agent.id, payload, now).await
}

async fn enqueue(
    tx: &mut Tx,
    kind: &'static str,
    agent: AgentId,
    payload: Value,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.enqueue(NewJob {
        kind,
        payload,
        run_at: now,
        dedup: Some(agent.to_string()),
    })
    .await
}

impl Identity {
    /// Merges an account into another, for an administrator of both; none: no such agent.
    ///
    /// # Errors
    /// When the caller may not, a state does not allow it, or the database refuses.
    pub(crate) async fn merge_accounts(
        &self,
        caller: Caller,
        from: AgentId,
        into: AgentId,
    ) -> Result<Option<Done>, IdentityError> {
        let now = self.house.clock.now();
        let rng = Arc::clone(&self.house.rng);
        let caller = Arc::new(caller);
        let merged = self
            .house
            .db
            .write(move |tx| {
                let (caller, rng) = (Arc::clone(&caller), Arc::clone(&rng));
                Box::pin(async move { merge(tx, &caller, (from, into), now, rng.as_ref()).await })
            })
            .await?;
        Ok(merged.map(|(sessions, state)| {
            for session in &sessions {
                self.house.live.end_session(*session);
            }
            Done {
                agent: into,
                state,
                sessions: sessions.len(),
            }
        }))
    }

    /// Says which other tools keep something of agents. Called once, when they are composed.
    pub fn keep_with(&self, keepers: Vec<Arc<dyn Erase>>) {
        if self.keepers.set(keepers).is_err() {
            tracing::error!("the tools that keep something of agents were named twice");
        }
    }

    /// Everybody who keeps something of agents, this tool last: until then it knows whom.
    pub(crate) fn keepers(&self) -> Vec<Arc<dyn Erase>> {
        let others = self.keepers.get().cloned().unwrap_or_default();
        let own: Arc<dyn Erase> = Arc::new(self.clone());
        others.into_iter().chain([own]).collect()
    }
}

async fn merge(
    tx: &mut Tx,
    caller: &Caller,
    (from, into): (AgentId, AgentId),
    now: Timestamp,
    rng: &dyn Rng,
) -> Result<Option<(Vec<SessionId>, AgentState)>, IdentityError> {
    let (Some(old), Some(new)) = (
        store::agent::by_id(tx, from).await?,
        store::agent::by_id(tx, into).await?,
    ) else {
        super::roles::caller_administers_something(caller, now)?;
        return Ok(None);
    };
    // Of one's own account the other half may be merged into the one in use.
    authorise(tx, caller, &old, now).await?;
    if into != caller.agent {
        authorise(tx, caller, &new, now).await?;
    }
    let (Some(old_life), Some(new_life)) = (
        store::life::of(tx, from).await?,
        store::life::of(tx, into).await?,
    ) else {
        return Ok(None);
    };
    mergeable((from, &old_life), (into, &new_life))?;
    let sessions = end_everything(tx, from, EndReason::Closed, now).await?;
    super::guests::withdraw_unanswered(tx, from, Some(caller.agent), now, rng).await?;
    store::erase::move_all(tx, from, into).await?;
    store::erase::empty(tx, &old, now).await?;
    store::erase::point_to(tx, from, into).await?;
    let tombstone = crate::domain::life::Life {
        state: AgentState::Erased,
        before: None,
        since: Some(now),
        by: Some(caller.agent),
    };
    store::life::write(tx, from, old_life.state, &tombstone).await?;
    enqueue(tx, MERGE, from, json!({ "from": from, "into": into }), now).await?;
    let data = json!({ "into": into });
    let subject = format!("agent:{from}");
    tx.journal(
        JournalEntry {
            at: now,
            organisation: Some(old.organisation),
            actor: Some(caller.agent),
            act: Act("identity.agent.merge"),
            subject: subject.clone(),
            outcome: Outcome::Done,
            data: data.clone(),
            personal: None,
        },
        rng,
    )
    .await?;
    tx.emit(&Event {
        id: EventId::new(now, rng),
        kind: "identity.agent.merged".into(),
        version: 1,
        at: now,
        actor: Some(caller.agent),
        organisation: Some(old.organisation),
        subject,
        data,
    })
    .await?;
    Ok(Some((sessions, new_life.state)))
}

/// Erases what every tool and the journal keep of an agent.
pub(crate) struct EraseJob(Identity);

impl EraseJob {
    pub(crate) const fn new(identity: Identity) -> Self {
        Self(identity)
    }
}

impl JobHandler for EraseJob {
    fn kind(&self) -> &'static str {
        ERASE
    }

    fn run<'a>(&'a self, db: &'a Db, payload: &'a Value) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let agent = agent_in(payload, "agent")?;
            for keeper in self.0.keepers() {
                keeper
                    .erase(agent)
                    .await
                    .map_err(|cause| failed(keeper.tool(), &cause))?;
            }
            let address = payload.get("address").and_then(Value::as_str);
            let texts = address.filter(|text| !text.is_empty()).map(str::to_owned);
            let forgotten = Forgotten {
                agent,
                texts: texts.into_iter().collect(),
            };
            kernel_db::erase_personal(db, &forgotten).await?;
            tracing::info!(%agent, "an agent was erased");
            Ok(())
        })
    }
}

/// Gives what every other tool keeps of a merged account to the one that stays.
pub(crate) struct MergeJob(Identity);

impl MergeJob {
    pub(crate) const fn new(identity: Identity) -> Self {
        Self(identity)
    }
}

impl JobHandler for MergeJob {
    fn kind(&self) -> &'static str {
        MERGE
    }

    fn run<'a>(&'a self, _: &'a Db, payload: &'a Value) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let (from, into) = (agent_in(payload, "from")?, agent_in(payload, "into")?);
            for keeper in self.0.keepers() {
                let moved = keeper.merge(from, into).await;
                moved.map_err(|cause| failed(keeper.tool(), &cause))?;
            }
            tracing::info!(%from, %into, "an agent was merged");
            Ok(())
        })
    }
}

fn agent_in(payload: &Value, name: &str) -> Result<AgentId, JobError> {
    let text = payload.get(name).and_then(Value::as_str);
    text.and_then(|text| AgentId::parse(text).ok())
        .ok_or_else(|| JobError::Hopeless(format!("no {name} is named")))
}

fn failed(tool: &str, cause: &PortError) -> JobError {
    JobError::Failed(format!("{tool}: {cause}"))
}

const fn erased(table: &'static str, column: &'static str) -> AgentColumn {
    AgentColumn {
        table,
        column,
        fate: Fate::Erased,
    }
}

const fn kept(table: &'static str, column: &'static str, why: &'static str) -> AgentColumn {
    AgentColumn {
        table,
        column,
        fate: Fate::Kept(why),
    }
}

const TOMBSTONE: &str = "the tombstone itself";
const ACT: &str = "an act for an administration, by an id that names a tombstone";

const COLUMNS: &[AgentColumn] = &[
    kept("identity_agent", "id", TOMBSTONE),
    kept("identity_agent", "state_by", ACT),
    kept("identity_agent", "merged_into", TOMBSTONE),
    erased("identity_login", "agent"),
    erased("identity_agent_word", "agent"),
    erased("identity_expected", "agent"),
    erased("identity_directory", "agent"),
    erased("identity_session", "agent"),
    erased("identity_session_end", "agent"),
    erased("identity_grant", "agent"),
    erased("identity_received", "agent"),
    erased("identity_role", "agent"),
    kept("identity_role", "given_by", ACT),
    kept(
        "identity_role_promise",
        "agent",
        "a promise kept once is not kept again",
    ),
    erased("identity_invitation", "guest"),
    kept("identity_invitation", "inviter", ACT),
    kept("identity_invitation", "ended_by", ACT),
    erased("identity_guest_code", "guest"),
    erased("identity_guest_factor", "agent"),
    erased("identity_provider_trial", "agent"),
    erased("identity_credential", "agent"),
    erased("identity_local_account", "subject"),
    erased("identity_local_factor", "subject"),
    erased("identity_local_link", "subject"),
    erased("identity_local_sent", "subject"),
    kept("identity_local_sent", "inviter", ACT),
    erased("identity_local_recovery_code", "subject"),
    kept("identity_import", "given_by", ACT),
    kept("identity_client", "created_by", ACT),
    kept("identity_provider", "created_by", ACT),
];

impl Erase for Identity {
    fn tool(&self) -> &'static str {
        "identity"
    }

    fn columns(&self) -> &'static [AgentColumn] {
        COLUMNS
    }

    fn export(&self, agent: AgentId) -> BoxFuture<'_, Result<Value, PortError>> {
        Box::pin(async move {
            let now = self.house.clock.now();
            let read = self.house.db.read(move |tx| {
                Box::pin(async move { super::export::of_agent(tx, agent, now).await })
            });
            read.await.map_err(PortError::from)
        })
    }

    /// Done in the transaction that merges; what a late write left is moved here.
    fn merge(&self, from: AgentId, into: AgentId) -> BoxFuture<'_, Result<(), PortError>> {
        Box::pin(async move {
            let moved: Result<(), DbError> = self
                .house
                .db
                .write(move |tx| Box::pin(store::erase::move_all(tx, from, into)))
                .await;
            moved.map_err(PortError::from)?;
            self.erase(from).await
        })
    }

    fn erase(&self, agent: AgentId) -> BoxFuture<'_, Result<(), PortError>> {
        Box::pin(async move {
            loop {
                let more: Result<bool, DbError> = self
                    .house
                    .db
                    .write(move |tx| Box::pin(store::erase::some(tx, agent)))
                    .await;
                if !more.map_err(PortError::from)? {
                    return Ok(());
                }
            }
        })
    }
}
