//! Invitations as agents read them.

use std::sync::Arc;

use kernel::port::SharedTool;
use kernel::{AgentId, Caller, OrganisationId, Role, Scope, Timestamp};
use kernel_db::Tx;

use super::invite::may_share;
use super::mails::{Inviter, inviter};
use super::reset::resettable;
use crate::domain::invitation::{Invitation, InvitationId, InvitationState};
use crate::error::IdentityError;
use crate::service::Identity;
use crate::store;
use crate::store::invitation::Of;

/// Rows of a page.
const ROWS: i64 = 50;

/// An invitation with what people read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    /// The invitation.
    pub(crate) one: Invitation,
    /// The guest's address; empty: erased.
    pub(crate) address: String,
    /// Who sent it.
    pub(crate) inviter: Inviter,
    /// The tools that are shared still.
    pub(crate) tools: Vec<SharedTool>,
    /// Since when the guest has a second factor that may be reset from here; none: none may.
    pub(crate) factor_since: Option<Timestamp>,
}

/// Some of them, and where they go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// The newest first.
    pub(crate) items: Vec<Listed>,
    /// The last of these, when there are more.
    pub(crate) next: Option<InvitationId>,
    /// The present, by which they stand.
    pub(crate) now: Timestamp,
}

impl Identity {
    /// The tools that the caller may share; none at all where nobody can be invited.
    ///
    /// # Errors
    /// When the tools do not answer.
    pub(crate) async fn shareable_tools(
        &self,
        caller: &Caller,
    ) -> Result<(Vec<SharedTool>, u16), IdentityError> {
        let guests = self.inviting()?;
        let tools = may_share(guests, caller).await?;
        Ok((tools, guests.longest_days))
    }

    /// The invitations that the caller sent.
    ///
    /// # Errors
    /// When a tool or the database does not answer.
    pub(crate) async fn own_invitations(
        &self,
        caller: &Caller,
        before: Option<InvitationId>,
    ) -> Result<Place, IdentityError> {
        self.invitations(Of::Inviter(caller.agent), before).await
    }

    /// The invitations that an administration answers for, for its administrators: those of one
    /// inviter, when they are named.
    ///
    /// # Errors
    /// [`RoleRefusal::NotAdministrator`](crate::domain::role::RoleRefusal) when the caller is none
    /// of them, or when a tool or the database does not answer.
    pub(crate) async fn sponsored_invitations(
        &self,
        caller: &Caller,
        organisation: OrganisationId,
        inviter: Option<AgentId>,
        before: Option<InvitationId>,
    ) -> Result<Place, IdentityError> {
        let now = self.house.clock.now();
        let own = caller.clone();
        let subtree = self
            .house
            .db
            .read(move |tx| {
                let own = own.clone();
                Box::pin(async move { reach(tx, &own, organisation, now).await })
            })
            .await?;
        let root = organisation;
        let of = match inviter {
            Some(inviter) => Of::InviterBelow {
                inviter,
                root,
                subtree,
            },
            None => Of::Sponsors(Scope::Organisation { root, subtree }),
        };
        self.invitations(of, before).await
    }

    /// The invitations that let a guest in now, with who sent them.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn hosts_of(
        &self,
        guest: AgentId,
    ) -> Result<Vec<(Invitation, Inviter)>, IdentityError> {
        let now = self.house.clock.now();
        self.house
            .db
            .read(move |tx| {
                Box::pin(async move {
                    let mut hosts = Vec::new();
                    for one in store::invitation::open_of_guest(tx, guest).await? {
                        if one.at(now) == InvitationState::Accepted {
                            let by = inviter(tx, one.inviter, one.sponsor).await?;
                            hosts.push((one, by));
                        }
                    }
                    Ok::<_, IdentityError>(hosts)
                })
            })
            .await
    }

    /// One invitation with what people read of it.
    ///
    /// # Errors
    /// When a tool or the database does not answer.
    pub(crate) async fn listed(&self, one: Invitation) -> Result<Listed, IdentityError> {
        let tools = self.shared_tools(one.tools.clone()).await?;
        let now = self.house.clock.now();
        let of = Arc::new(one.clone());
        let (guest, inviter, factor_since) = self
            .house
            .db
            .read(move |tx| {
                let one = Arc::clone(&of);
                Box::pin(async move {
                    let guest = store::agent::by_id(tx, one.guest).await?;
                    let by = inviter(tx, one.inviter, one.sponsor).await?;
                    let since = resettable(tx, &one, now).await?;
                    Ok::<_, IdentityError>((guest, by, since))
                })
            })
            .await?;
        Ok(Listed {
            factor_since,
            address: guest
                .map(|guest| guest.attributes.email)
                .unwrap_or_default(),
            one,
            inviter,
            tools,
        })
    }

    async fn invitations(
        &self,
        of: Of,
        before: Option<InvitationId>,
    ) -> Result<Place, IdentityError> {
        let now = self.house.clock.now();
        let rows = self
            .house
            .db
            .read(move |tx| {
                Box::pin(async move {
                    let mut rows = Vec::new();
                    for one in store::invitation::listed(tx, of, before, ROWS + 1).await? {
                        let guest = store::agent::by_id(tx, one.guest).await?;
                        let inviter = inviter(tx, one.inviter, one.sponsor).await?;
                        let address = guest.map(|guest| guest.attributes.email);
                        let factor = resettable(tx, &one, now).await?;
                        rows.push((one, address.unwrap_or_default(), inviter, factor));
                    }
                    Ok::<_, IdentityError>(rows)
                })
            })
            .await?;
        let all = rows.iter().flat_map(|(one, ..)| one.tools.clone());
        let known = self.shared_tools(all.collect()).await?;
        let most = usize::try_from(ROWS).unwrap_or(usize::MAX);
        let more = rows.len() > most;
        let mut items = Vec::with_capacity(rows.len());
        for (one, address, inviter, factor_since) in rows.into_iter().take(most) {
            let tools = known.iter().filter(|tool| one.tools.contains(&tool.id));
            items.push(Listed {
                tools: tools.cloned().collect(),
                one,
                address,
                inviter,
                factor_since,
            });
        }
        let next = items.last().filter(|_| more).map(|last| last.one.id);
        Ok(Place { items, next, now })
    }
}

/// Whether the caller administers this administration, and those below it.
async fn reach(
    tx: &mut Tx,
    caller: &Caller,
    organisation: OrganisationId,
    now: Timestamp,
) -> Result<bool, IdentityError> {
    let above = store::organisation::ancestors(tx, organisation).await?;
    if !caller.may(Role::Administrator, organisation, &above, now) {
        return Err(crate::domain::role::RoleRefusal::NotAdministrator.into());
    }
    let deep = |scope: &Scope| match *scope {
        Scope::Everything => true,
        Scope::Organisation { root, subtree } => {
            subtree && (root == organisation || above.contains(&root))
        }
    };
    Ok(caller.scopes(Role::Administrator, now).iter().any(deep))
}
