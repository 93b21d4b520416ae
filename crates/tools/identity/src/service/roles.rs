//! Roles: given, taken and listed by administrators, and those that the configuration promises to
//! an address until its agent is known.

use std::collections::BTreeSet;
use std::sync::Arc;

use kernel::{
    Act, AgentId, Caller, Event, EventId, JournalEntry, OrganisationId, Outcome, Rng, Role, Scope,
    Timestamp,
};
use kernel_db::Tx;
use serde_json::json;

use super::{Identity, Method};
use crate::domain::agent::AgentState;
use crate::domain::role::{
    ConfiguredGrant, HeldRole, RoleId, RoleRefusal, email_key, may_give, may_take, root, subtree,
};
use crate::error::IdentityError;
use crate::store;
use crate::store::role::RoleInFull;
use crate::upstream::{EmailAddress, ProviderKind};

/// A role that somebody wants given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) agent: AgentId,
    pub(crate) role: Role,
    pub(crate) scope: Scope,
    pub(crate) until: Option<Timestamp>,
}

impl Identity {
    /// The roles over an administration and those below it, or over all that the caller
    /// administers.
    ///
    /// # Errors
    /// When the caller does not administer it, or the database refuses.
    pub(crate) async fn roles(
        &self,
        caller: Caller,
        organisation: Option<OrganisationId>,
    ) -> Result<Vec<RoleInFull>, IdentityError> {
        let now = self.house.clock.now();
        let caller = Arc::new(caller);
        self.house
            .db
            .read(move |tx| {
                let caller = Arc::clone(&caller);
                Box::pin(async move {
                    let mut roles = Vec::new();
                    let mut seen = BTreeSet::new();
                    for scope in
                        super::administration::administered(tx, &caller, organisation, now).await?
                    {
                        for role in store::role::within(tx, scope, now).await? {
                            if seen.insert(role.held.id) {
                                roles.push(role);
                            }
                        }
                    }
                    Ok(roles)
                })
            })
            .await
    }

    /// Gives a role.
    ///
    /// # Errors
    /// When the caller may not, the agent holds it already, or the database refuses.
    pub(crate) async fn give_role(
        &self,
        caller: Caller,
        wanted: Wanted,
    ) -> Result<RoleInFull, IdentityError> {
        let now = self.house.clock.now();
        let rng = Arc::clone(&self.house.rng);
        let id = RoleId::new(now, rng.as_ref());
        let caller = Arc::new(caller);
        self.house
            .db
            .write(move |tx| {
                let (caller, rng) = (Arc::clone(&caller), Arc::clone(&rng));
                Box::pin(async move {
                    let held = HeldRole {
                        id,
                        agent: wanted.agent,
                        role: wanted.role,
                        scope: wanted.scope,
                        until: wanted.until,
                        by: Some(caller.agent),
                        at: now,
                    };
                    give(tx, &caller, &held, now, rng.as_ref()).await?;
                    let written = store::role::in_full(tx, id).await?;
                    written.ok_or(IdentityError::Role(RoleRefusal::UnknownAgent))
                })
            })
            .await
    }

    /// Takes a role back. Answers whether there was one.
    ///
    /// # Errors
    /// When the caller may not, nobody would be left, or the database refuses.
    pub(crate) async fn take_role(
        &self,
        caller: Caller,
        id: RoleId,
    ) -> Result<bool, IdentityError> {
        let now = self.house.clock.now();
        let rng = Arc::clone(&self.house.rng);
        let caller = Arc::new(caller);
        self.house
            .db
            .write(move |tx| {
                let (caller, rng) = (Arc::clone(&caller), Arc::clone(&rng));
                Box::pin(async move {
                    let Some(held) = store::role::by_id(tx, id).await? else {
                        return Ok(false);
                    };
                    let (ancestors, others) = match root(held.scope) {
                        Some(organisation) => (
                            store::organisation::ancestors(tx, organisation).await?,
                            store::role::holders(tx, held.role, organisation, now).await?,
                        ),
                        None => (Vec::new(), store::role::operators(tx, now).await?),
                    };
                    may_take(&caller, &held, &ancestors, &others, now)?;
                    store::role::delete(tx, id).await?;
                    record(tx, &held, Some(caller.agent), TAKEN, now, rng.as_ref()).await?;
                    Ok(true)
                })
            })
            .await
    }

    /// The configured roles of an address that this provider may vouch for.
    pub(crate) fn promised(&self, provider: &str, email: &str) -> Vec<ConfiguredGrant> {
        let key = email_key(email);
        let mut promised = Vec::new();
        for configured in &self.grants {
            if configured.email_key() == key && self.vouches(provider, email) {
                promised.push(configured.clone());
            }
        }
        promised
    }

    /// Whether this provider holds the domain of an address: a broker, which takes any, does not.
    pub(crate) fn vouches(&self, provider: &str, email: &str) -> bool {
        match &self.method {
            Method::Local { realm, .. } => realm.as_str() == provider,
            Method::Upstream(providers) => {
                let upstreams = providers.last();
                let Ok(address) = EmailAddress::parse(email) else {
                    return false;
                };
                upstreams
                    .provider_named(provider)
                    .and_then(|id| upstreams.config(&id).map(|config| config.kind.clone()))
                    .is_some_and(|kind| match kind {
                        ProviderKind::Ministry { domains } => {
                            domains.iter().any(|own| own == address.domain())
                        }
                        ProviderKind::Broker => false,
                    })
            }
        }
    }

    /// Writes the configured roles: those of known agents are given, those of unknown ones wait
    /// for their first sign-in, those that are no longer configured are taken back. One that an
    /// administrator took back is not given again.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn settle_roles(&self) -> Result<(), IdentityError> {
        let now = self.house.clock.now();
        let identity = self.clone();
        self.house
            .db
            .write(move |tx| {
                let identity = identity.clone();
                Box::pin(async move {
                    let rng = identity.house.rng.as_ref();
                    withdraw(tx, &identity.grants, now, rng).await?;
                    for configured in &identity.grants {
                        store::role::promise(tx, configured).await?;
                        let key = configured.email_key();
                        let mut agents = BTreeSet::new();
                        for (agent, provider) in store::role::agents_of_address(tx, &key).await? {
                            if identity.vouches(&provider, &configured.email) {
                                agents.insert(agent);
                            }
                        }
                        // Of two agents with one address, neither is given anything by it.
                        if let (1, Some(agent)) = (agents.len(), agents.first()) {
                            keep(tx, configured, *agent, now, rng).await?;
                        }
                    }
                    Ok::<(), IdentityError>(())
                })
            })
            .await
    }
}

/// Authorises, decides and writes.
async fn give(
    tx: &mut Tx,
    caller: &Caller,
    held: &HeldRole,
    now: Timestamp,
    rng: &dyn Rng,
) -> Result<(), IdentityError> {
    let ancestors = match root(held.scope) {
        Some(organisation) => {
            if !store::organisation::exists(tx, organisation).await? {
                // To somebody who administers nothing here, what exists is not said.
                caller_administers_something(caller, now)?;
                return Err(RoleRefusal::UnknownOrganisation.into());
            }
            store::organisation::ancestors(tx, organisation).await?
        }
        None => Vec::new(),
    };
    may_give(caller, held.role, held.scope, held.until, &ancestors, now)?;
    let agent = store::agent::with_organisation(tx, held.agent).await?;
    let Some((agent, _)) = agent else {
        return Err(RoleRefusal::UnknownAgent.into());
    };
    let above = store::organisation::ancestors(tx, agent.organisation).await?;
    let comes_in = matches!(agent.state, AgentState::PreCreated | AgentState::Active);
    if !comes_in || !caller.may(Role::Administrator, agent.organisation, &above, now) {
        return Err(RoleRefusal::UnknownAgent.into());
    }
    store::role::delete_ended(tx, held, now).await?;
    if !store::role::insert(tx, held).await? {
        return Err(RoleRefusal::HeldAlready.into());
    }
    record(tx, held, Some(caller.agent), GIVEN, now, rng).await
}

pub(super) fn caller_administers_something(
    caller: &Caller,
    now: Timestamp,
) -> Result<(), RoleRefusal> {
    if caller.scopes(Role::Administrator, now).is_empty() {
        return Err(RoleRefusal::NotAdministrator);
    }
    Ok(())
}

/// Gives a promise to the agent whose address it names, unless somebody has it.
pub(super) async fn keep(
    tx: &mut Tx,
    configured: &ConfiguredGrant,
    agent: AgentId,
    now: Timestamp,
    rng: &dyn Rng,
) -> Result<(), IdentityError> {
    let id = configured.id();
    if !store::role::bind(tx, id, agent).await? {
        return Ok(());
    }
    let held = HeldRole {
        id,
        agent,
        role: configured.role,
        scope: configured.scope,
        until: None,
        by: None,
        at: now,
    };
    if store::role::insert(tx, &held).await? {
        record(tx, &held, None, GIVEN, now, rng).await?;
    }
    Ok(())
}

/// Takes back what earlier configurations gave and this one does not.
async fn withdraw(
    tx: &mut Tx,
    configured: &[ConfiguredGrant],
    now: Timestamp,
    rng: &dyn Rng,
) -> Result<(), IdentityError> {
    let kept: BTreeSet<RoleId> = configured.iter().map(ConfiguredGrant::id).collect();
    for id in store::role::promises(tx).await? {
        if kept.contains(&id) {
            continue;
        }
        store::role::forget_promise(tx, id).await?;
        if let Some(held) = store::role::by_id(tx, id).await? {
            store::role::delete(tx, id).await?;
            record(tx, &held, None, TAKEN, now, rng).await?;
        }
    }
    Ok(())
}

/// Takes back every role of an agent.
pub(super) async fn take_all(
    tx: &mut Tx,
    agent: AgentId,
    by: Option<AgentId>,
    now: Timestamp,
    rng: &dyn Rng,
) -> Result<(), IdentityError> {
    for held in store::role::of_agent(tx, agent).await? {
        store::role::delete(tx, held.id).await?;
        record(tx, &held, by, TAKEN, now, rng).await?;
    }
    Ok(())
}

/// The journal's act, and the event's kind.
type What = (Act, &'static str);
const GIVEN: What = (Act("identity.role.grant"), "identity.role.granted");
const TAKEN: What = (Act("identity.role.revoke"), "identity.role.revoked");

/// Journals and emits what happened to a role.
async fn record(
    tx: &mut Tx,
    held: &HeldRole,
    actor: Option<AgentId>,
    (act, kind): What,
    now: Timestamp,
    rng: &dyn Rng,
) -> Result<(), IdentityError> {
    let data = json!({
        "role": held.role.word(),
        "agent": held.agent,
        "subtree": subtree(held.scope),
        "until": held.until.map(Timestamp::millis),
    });
    let entry = JournalEntry {
        at: now,
        organisation: held.organisation(),
        actor,
        act,
        subject: format!("role:{}", held.id),
        outcome: Outcome::Done,
        data: data.clone(),
        personal: None,
    };
    tx.journal(entry, rng).await?;
    tx.emit(&Event {
        id: EventId::new(now, rng),
        kind: kind.into(),
        version: 1,
        at: now,
        actor,
        organisation: held.organisation(),
        subject: format!("agent:{}", held.agent),
        data,
    })
    .await?;
    Ok(())
}
