//! What administrators see and change: their administrations and the agents there.

use std::sync::Arc;

use kernel::{
    Act, Caller, Event, EventId, JournalEntry, Limit, OrganisationId, Outcome, Role, Scope,
    Timestamp,
};
use kernel_db::Tx;
use serde_json::json;

use super::Identity;
use crate::domain::agent::AgentState;
use crate::domain::organisation::Organisation;
use crate::domain::role::RoleRefusal;
use crate::error::IdentityError;
use crate::store;
use crate::store::administration::{After, AgentRow, OrganisationInFull};

/// Which agents an administrator looks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AgentSearch {
    pub(crate) words: String,
    pub(crate) organisation: Option<OrganisationId>,
    pub(crate) state: Option<AgentState>,
    pub(crate) after: Option<After>,
    pub(crate) limit: Limit,
}

/// What an edit of an administration asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OrganisationEdit {
    pub(crate) label: String,
    pub(crate) place: Place,
    /// Whether it asks its guests for a second factor; none: as it does.
    pub(crate) guest_factor: Option<bool>,
}

/// Where an administration is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Place {
    /// Where it is.
    #[default]
    Kept,
    /// Below this one; none: below no other.
    Below(Option<OrganisationId>),
}

/// How an edit ended.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Edited {
    /// As it stands now.
    Done(OrganisationInFull),
    /// Somebody else was first: what stands.
    Stale(OrganisationInFull),
}

/// The reaches over which the caller administers: all, or of one administration, whose reach goes
/// down when the caller's does.
///
/// # Errors
/// When the caller administers nothing there, or the database refuses.
pub(super) async fn administered(
    tx: &mut Tx,
    caller: &Caller,
    organisation: Option<OrganisationId>,
    now: Timestamp,
) -> Result<Vec<Scope>, IdentityError> {
    let held = caller.scopes(Role::Administrator, now);
    let Some(root) = organisation else {
        if held.is_empty() {
            return Err(RoleRefusal::NotAdministrator.into());
        }
        if held.contains(&Scope::Everything) {
            return Ok(vec![Scope::Everything]);
        }
        return Ok(held);
    };
    Ok(vec![administers(tx, caller, root, now).await?])
}

/// The caller's reach from an administration down.
///
/// # Errors
/// When the caller does not administer it, or the database refuses.
pub(super) async fn administers(
    tx: &mut Tx,
    caller: &Caller,
    root: OrganisationId,
    now: Timestamp,
) -> Result<Scope, IdentityError> {
    let ancestors = store::organisation::ancestors(tx, root).await?;
    let mut covers = false;
    let mut subtree = false;
    for scope in caller.scopes(Role::Administrator, now) {
        if scope.contains(root, &ancestors) {
            covers = true;
            subtree |= crate::domain::role::subtree(scope);
        }
    }
    if covers {
        Ok(Scope::Organisation { root, subtree })
    } else {
        Err(RoleRefusal::NotAdministrator.into())
    }
}

impl Identity {
    /// Agents of what the caller administers, by name.
    ///
    /// # Errors
    /// When the caller administers nothing there, or the database refuses.
    pub(crate) async fn administered_agents(
        &self,
        caller: Caller,
        search: AgentSearch,
    ) -> Result<(Vec<AgentRow>, Option<After>), IdentityError> {
        let now = self.house.clock.now();
        let asked = Arc::new((caller, search));
        self.house
            .db
            .read(move |tx| {
                let asked = Arc::clone(&asked);
                Box::pin(async move {
                    let (caller, search) = &*asked;
                    let scopes = administered(tx, caller, search.organisation, now).await?;
                    let rows = search.limit.rows();
                    let mut found = Vec::new();
                    for scope in scopes {
                        let some = store::administration::agents(
                            tx,
                            scope,
                            &search.words,
                            search.state,
                            search.after.as_ref(),
                            rows + 1,
                        )
                        .await?;
                        found.extend(some);
                    }
                    Ok(first_page(found, rows))
                })
            })
            .await
    }

    /// An administration as its administrators see it; none: unknown.
    ///
    /// # Errors
    /// When the caller does not administer it, or the database refuses.
    pub(crate) async fn administered_organisation(
        &self,
        caller: Caller,
        id: OrganisationId,
    ) -> Result<Option<OrganisationInFull>, IdentityError> {
        let now = self.house.clock.now();
        let caller = Arc::new(caller);
        self.house
            .db
            .read(move |tx| {
                let caller = Arc::clone(&caller);
                Box::pin(async move {
                    administers(tx, &caller, id, now).await?;
                    Ok(store::administration::organisation(tx, id, now).await?)
                })
            })
            .await
    }

    /// Changes the label of an administration, whether it asks its guests for a second factor, and
    /// for the operator its place, when it is still of the version that was read; none: unknown.
    ///
    /// # Errors
    /// When the caller may not, the place is below itself or unknown, or the database refuses.
    pub(crate) async fn edit_organisation(
        &self,
        caller: Caller,
        id: OrganisationId,
        edit: OrganisationEdit,
        read: Option<i64>,
    ) -> Result<Option<Edited>, IdentityError> {
        let now = self.house.clock.now();
        let rng = Arc::clone(&self.house.rng);
        let asked = Arc::new((caller, edit));
        let edited = self
            .house
            .db
            .write(move |tx| {
                let (asked, rng) = (Arc::clone(&asked), Arc::clone(&rng));
                Box::pin(async move {
                    let (caller, edit) = &*asked;
                    administers(tx, caller, id, now).await?;
                    let Some(before) = store::administration::organisation(tx, id, now).await?
                    else {
                        return Ok(None);
                    };
                    if read != Some(before.version) {
                        return Ok(Some(Edited::Stale(before)));
                    }
                    let after = edited(tx, caller, &before.organisation, edit, now).await?;
                    let asks = edit.guest_factor.unwrap_or(before.guest_factor);
                    let mut fields = changed(&before.organisation, &after);
                    let is_renamed = !fields.is_empty();
                    if is_renamed {
                        store::organisation::edit(tx, &after, now).await?;
                    }
                    if asks != before.guest_factor {
                        store::guest_factor::set_asks(tx, id, asks, now).await?;
                        fields.push("guestsSecondFactor");
                    }
                    if !fields.is_empty() {
                        let said = match (before.guest_factor, asks, is_renamed) {
                            (false, true, false) => Some("asked"),
                            (true, false, false) => Some("not-asked"),
                            (false, true, true) => Some("edited-and-asked"),
                            (true, false, true) => Some("edited-and-not-asked"),
                            _ => None,
                        };
                        let data = json!({ "changed": fields, "guestsSecondFactor": said });
                        let entry = JournalEntry {
                            at: now,
                            organisation: Some(id),
                            actor: Some(caller.agent),
                            act: Act("identity.organisation.edit"),
                            subject: format!("organisation:{id}"),
                            outcome: Outcome::Done,
                            data: data.clone(),
                            personal: None,
                        };
                        tx.journal(entry, rng.as_ref()).await?;
                        tx.emit(&Event {
                            id: EventId::new(now, rng.as_ref()),
                            kind: "identity.organisation.edited".into(),
                            version: 1,
                            at: now,
                            actor: Some(caller.agent),
                            organisation: Some(id),
                            subject: format!("organisation:{id}"),
                            data,
                        })
                        .await?;
                    }
                    let now_stands = store::administration::organisation(tx, id, now).await?;
                    Ok::<_, IdentityError>(now_stands.map(Edited::Done))
                })
            })
            .await?;
        if matches!(edited, Some(Edited::Done(_))) {
            self.organisations.changed();
        }
        Ok(edited)
    }
}

/// What an administration becomes by an edit.
async fn edited(
    tx: &mut Tx,
    caller: &Caller,
    before: &Organisation,
    edit: &OrganisationEdit,
    now: Timestamp,
) -> Result<Organisation, IdentityError> {
    let mut after = before.clone();
    after.label.clone_from(&edit.label);
    let Place::Below(parent) = edit.place else {
        return Ok(after);
    };
    if parent == before.parent {
        return Ok(after);
    }
    // Who moves an administration gives it to other administrators.
    if caller.scopes(Role::Operator, now).is_empty() {
        return Err(RoleRefusal::MoreThanHeld.into());
    }
    if let Some(parent) = parent {
        if !store::organisation::exists(tx, parent).await? {
            return Err(RoleRefusal::UnknownOrganisation.into());
        }
        let above = store::organisation::ancestors(tx, parent).await?;
        if parent == before.id || above.contains(&before.id) {
            return Err(IdentityError::Circle);
        }
    }
    after.parent = parent;
    Ok(after)
}

fn changed(before: &Organisation, after: &Organisation) -> Vec<&'static str> {
    let mut fields = Vec::new();
    if before.label != after.label {
        fields.push("label");
    }
    if before.parent != after.parent {
        fields.push("parent");
    }
    fields
}

/// The first `rows` of agents found by several reaches, each once, and where the next ones begin.
fn first_page(mut found: Vec<AgentRow>, rows: i64) -> (Vec<AgentRow>, Option<After>) {
    found.sort_by_key(AgentRow::place);
    found.dedup_by(|one, other| one.agent.id == other.agent.id);
    let rows = usize::try_from(rows).unwrap_or(0);
    let more = found.len() > rows;
    found.truncate(rows);
    let next = found.last().filter(|_| more).map(AgentRow::place);
    (found, next)
}
