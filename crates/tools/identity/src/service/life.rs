//! The life of accounts: suspended, resumed, closed at a departure, erased — each in one
//! transaction with all that it ends, so that nothing of an account outlives its state.
//!
//! Sessions are looked up at each request and tokens at each use: both are refused from the commit
//! on, on every node. What stays open beyond a request (the live stream) is told by
//! [`session_ends`](super::session_ends).

use std::sync::Arc;

use kernel::{AgentId, Caller, Event, EventId, JournalEntry, Outcome, Rng, SessionId, Timestamp};
use kernel_db::{Db, Tx};
use serde_json::json;

use super::Identity;
use crate::domain::agent::{Agent, AgentState};
use crate::domain::life::{Life, LifeRefusal, Reason, Step, may_act};
use crate::domain::role::email_key;
use crate::domain::session::EndReason;
use crate::error::IdentityError;
use crate::store;
use crate::store::administration::AgentRow;

/// An act on an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Whose account.
    pub(crate) agent: AgentId,
    /// What.
    pub(crate) step: Step,
    /// Why, for the journal's erasable part.
    pub(crate) reason: Option<Reason>,
}

/// What became of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Whose account.
    pub agent: AgentId,
    /// Where it stands now.
    pub state: AgentState,
    /// How many sessions ended.
    pub sessions: usize,
}

/// An account as an administrator sees it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Account {
    /// Its agent.
    pub(crate) row: AgentRow,
    /// Where it stands.
    pub(crate) life: Life,
    /// Who brought it there.
    pub(crate) by: Option<Agent>,
    /// Sessions open now.
    pub(crate) sessions: u32,
    /// Roles held now.
    pub(crate) roles: u32,
    /// Invitations of theirs that let a guest in now.
    pub(crate) guests: u32,
    /// What the caller may do to it.
    pub(crate) may: Vec<Step>,
}

impl Identity {
    /// An account as an administrator sees it; none: no such agent.
    ///
    /// # Errors
    /// When the caller does not administer the agent, or the database refuses.
    pub(crate) async fn account(
        &self,
        caller: Caller,
        agent: AgentId,
    ) -> Result<Option<Account>, IdentityError> {
        let now = self.house.clock.now();
        let caller = Arc::new(caller);
        self.house
            .db
            .read(move |tx| {
                let caller = Arc::clone(&caller);
                Box::pin(async move { seen(tx, &caller, agent, now).await })
            })
            .await
    }

    /// Acts on an account for an administrator; none: no such agent.
    ///
    /// # Errors
    /// When the caller may not, the account's state does not allow it, or the database refuses.
    pub(crate) async fn act_on_account(
        &self,
        caller: Caller,
        wanted: Wanted,
    ) -> Result<Option<Done>, IdentityError> {
        if wanted.step == Step::Suspend && wanted.reason.is_none() {
            return Err(LifeRefusal::NoReason.into());
        }
        let now = self.house.clock.now();
        let rng = Arc::clone(&self.house.rng);
        let asked = Arc::new((caller, wanted));
        let done = self
            .house
            .db
            .write(move |tx| {
                let (asked, rng) = (Arc::clone(&asked), Arc::clone(&rng));
                Box::pin(async move {
                    let (caller, wanted) = &*asked;
                    let Some(agent) = store::agent::by_id(tx, wanted.agent).await? else {
                        super::roles::caller_administers_something(caller, now)?;
                        return Ok(None);
                    };
                    authorise(tx, caller, &agent, now).await?;
                    act(tx, &agent, wanted, Some(caller.agent), now, rng.as_ref())
                        .await
                        .map(Some)
                })
            })
            .await?;
        Ok(done.map(|ended| self.tell(&ended)))
    }

    /// Lets go of the pages that ended sessions keep open here.
    fn tell(&self, ended: &Ended) -> Done {
        for session in &ended.sessions {
            self.house.live.end_session(*session);
        }
        ended.done()
    }
}

async fn seen(
    tx: &mut Tx,
    caller: &Caller,
    agent: AgentId,
    now: Timestamp,
) -> Result<Option<Account>, IdentityError> {
    let Some(row) = store::administration::agent(tx, agent).await? else {
        super::roles::caller_administers_something(caller, now)?;
        return Ok(None);
    };
    let may_act = match authorise(tx, caller, &row.agent, now).await {
        Ok(()) => true,
        Err(IdentityError::Life(LifeRefusal::Oneself | LifeRefusal::HoldsMore)) => false,
        Err(cause) => return Err(cause),
    };
    let Some(life) = store::life::of(tx, agent).await? else {
        return Ok(None);
    };
    let by = match life.by {
        Some(by) => store::agent::by_id(tx, by).await?,
        None => None,
    };
    let possible = |step: &Step| may_act && life.allows(*step);
    Ok(Some(Account {
        row,
        life,
        by,
        sessions: store::life::sessions(tx, agent, now).await?,
        roles: store::life::roles_held(tx, agent, now).await?,
        guests: store::invitation::let_in_by(tx, agent, now).await?,
        may: Step::ALL.into_iter().filter(possible).collect(),
    }))
}

/// Acts on the one account of an address, as who runs the machine may; none: no account, or
/// several, has it. Pages open on nodes that serve are let go within seconds.
///
/// # Errors
/// When the account's state does not allow it, or the database refuses.
pub async fn act_on_address(
    db: &Db,
    (now, rng): (Timestamp, Arc<dyn Rng>),
    address: &str,
    step: Step,
    reason: Option<Reason>,
) -> Result<Option<Done>, IdentityError> {
    let asked = Arc::new((email_key(address), reason));
    db.write(move |tx| {
        let (asked, rng) = (Arc::clone(&asked), Arc::clone(&rng));
        Box::pin(async move {
            let (key, reason) = &*asked;
            let found = store::life::of_address(tx, key).await?;
            let [only] = found.as_slice() else {
                return Ok(None);
            };
            let Some(agent) = store::agent::by_id(tx, *only).await? else {
                return Ok(None);
            };
            let wanted = Wanted {
                agent: agent.id,
                step,
                reason: reason.clone(),
            };
            let ended = act(tx, &agent, &wanted, None, now, rng.as_ref()).await?;
            Ok(Some(ended.done()))
        })
    })
    .await
}

/// What a transaction ended, to be told after its commit.
struct Ended {
    agent: AgentId,
    state: AgentState,
    sessions: Vec<SessionId>,
}

impl Ended {
    fn done(&self) -> Done {
        Done {
            agent: self.agent,
            state: self.state,
            sessions: self.sessions.len(),
        }
    }
}

/// Whether the caller may act on this account, and is still somebody who may: of two
/// administrators who suspend each other at once, one is left.
pub(super) async fn authorise(
    tx: &mut Tx,
    caller: &Caller,
    agent: &Agent,
    now: Timestamp,
) -> Result<(), IdentityError> {
    still_acts(tx, caller).await?;
    let above = store::organisation::ancestors(tx, agent.organisation).await?;
    let roles = store::life::roles(tx, agent.id).await?;
    let place = (agent.organisation, above.as_slice());
    Ok(may_act(caller, agent.id, place, &roles, now)?)
}

/// Whether the caller is still somebody who acts: nobody closed their account meanwhile.
///
/// # Errors
/// [`LifeRefusal::NotAdministrator`] when somebody did, or the database refuses.
pub(super) async fn still_acts(tx: &mut Tx, caller: &Caller) -> Result<(), IdentityError> {
    let own = store::life::of(tx, caller.agent).await?;
    if own.is_none_or(|life| life.state != AgentState::Active) {
        return Err(LifeRefusal::NotAdministrator.into());
    }
    Ok(())
}

async fn act(
    tx: &mut Tx,
    agent: &Agent,
    wanted: &Wanted,
    by: Option<AgentId>,
    now: Timestamp,
    rng: &dyn Rng,
) -> Result<Ended, IdentityError> {
    let step = wanted.step;
    let from = agent.state;
    let refused = LifeRefusal::State { step, from };
    let life = store::life::of(tx, agent.id).await?.ok_or(refused)?;
    let after = life.after(step, by, now)?;
    if step == Step::Erase {
        super::erase::begin(tx, agent, now).await?;
    }
    if !store::life::write(tx, agent.id, life.state, &after).await? {
        return Err(refused.into());
    }
    let reason = match after.state {
        AgentState::Suspended => Some(EndReason::Suspended),
        AgentState::Departed | AgentState::Erased => Some(EndReason::Closed),
        AgentState::PreCreated | AgentState::Active | AgentState::Guest => None,
    };
    let sessions = match reason {
        Some(reason) => end_everything(tx, agent.id, reason, now).await?,
        None => Vec::new(),
    };
    if reason.is_some() {
        super::guests::withdraw_unanswered(tx, agent.id, by, now, rng).await?;
    }
    if matches!(after.state, AgentState::Departed | AgentState::Erased) && life.is_guest() {
        super::guests::end_all(tx, agent.id, by, now).await?;
    }
    if after.state == AgentState::Departed {
        super::roles::take_all(tx, agent.id, by, now, rng).await?;
    }
    record(tx, agent, wanted, (by, &after), now, rng).await?;
    Ok(Ended {
        agent: agent.id,
        state: after.state,
        sessions,
    })
}

/// Ends what an agent has open, and takes back what they gave to applications and programs.
pub(super) async fn end_everything(
    tx: &mut Tx,
    agent: AgentId,
    reason: EndReason,
    now: Timestamp,
) -> Result<Vec<SessionId>, IdentityError> {
    let sessions = store::session_end::all_of_agent(tx, agent, None, reason, now).await?;
    // Also those of sessions that have ended by themselves.
    store::grant::revoke_of_agent(tx, agent, now).await?;
    // What programs were given does not come back either: whoever has the secret may be why the
    // account is suspended, and a secret given for one account never opens another, merged or not.
    store::credential::revoke_all(tx, agent, now).await?;
    Ok(sessions)
}

async fn record(
    tx: &mut Tx,
    agent: &Agent,
    wanted: &Wanted,
    (by, after): (Option<AgentId>, &Life),
    now: Timestamp,
    rng: &dyn Rng,
) -> Result<(), IdentityError> {
    let data = json!({ "state": after.state.wire() });
    let subject = format!("agent:{}", agent.id);
    tx.journal(
        JournalEntry {
            at: now,
            organisation: Some(agent.organisation),
            actor: by,
            act: wanted.step.act(),
            subject: subject.clone(),
            outcome: Outcome::Done,
            data: data.clone(),
            personal: wanted.reason.as_ref().map(|why| why.as_str().to_owned()),
        },
        rng,
    )
    .await?;
    tx.emit(&Event {
        id: EventId::new(now, rng),
        kind: wanted.step.event().into(),
        version: 1,
        at: now,
        actor: by,
        organisation: Some(agent.organisation),
        subject,
        data,
    })
    .await?;
    Ok(())
}
