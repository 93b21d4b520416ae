//! Invitations are ended, extended, refused.

use std::sync::Arc;

use kernel::{Act, AgentId, Caller, Rng, Role, SessionId, Timestamp, ToolId};
use kernel_db::Tx;
use kernel_http::Reached;

use super::invite::{may_share, still_active};
use super::{Done, close_unless_let_in, record};
use crate::domain::agent::Agent;
use crate::domain::invitation::{Ending, Invitation, InvitationId, InvitationRefusal, Until};
use crate::domain::session::hash;
use crate::error::IdentityError;
use crate::service::Identity;
use crate::store;

/// What is done to an invitation.
#[derive(Debug)]
enum Change {
    End,
    Extend {
        until: Until,
        /// What the caller may share now.
        shareable: Vec<ToolId>,
    },
}

/// An invitation that changed, and what its guest lost with it.
pub(super) type Changed = (Invitation, Vec<SessionId>);

impl Identity {
    /// Ends an invitation, or takes it back, for who sent it or an administrator of the sponsor;
    /// none: there is no such for the caller.
    ///
    /// # Errors
    /// When it is over already, or the database refuses.
    pub(crate) async fn end_invitation(
        &self,
        caller: &Caller,
        id: InvitationId,
    ) -> Result<Option<Invitation>, IdentityError> {
        self.change_invitation(caller, id, Change::End).await
    }

    /// Gives an invitation another end, for who sent it; none: there is no such for the caller. A
    /// later one asks for what sending it would.
    ///
    /// # Errors
    /// When the end cannot be, the invitation is over, the caller could not send it any more, or a
    /// tool or the database does not answer.
    pub(crate) async fn extend_invitation(
        &self,
        caller: &Caller,
        id: InvitationId,
        until: Timestamp,
    ) -> Result<Option<Invitation>, IdentityError> {
        let guests = self.guests.get().ok_or(InvitationRefusal::Unavailable)?;
        let now = self.house.clock.now();
        let until = Until::parse(Some(until), guests.longest_days, now)?;
        let tools = may_share(guests, caller).await?;
        let shareable = tools.iter().map(|tool| tool.id).collect();
        self.change_invitation(caller, id, Change::Extend { until, shareable })
            .await
    }

    async fn change_invitation(
        &self,
        caller: &Caller,
        id: InvitationId,
        change: Change,
    ) -> Result<Option<Invitation>, IdentityError> {
        let now = self.house.clock.now();
        let (asked, this) = (Arc::new((caller.clone(), change)), self.clone());
        let changed = self
            .house
            .db
            .write(move |tx| {
                let (asked, this) = (Arc::clone(&asked), this.clone());
                Box::pin(async move {
                    let (caller, change) = &*asked;
                    this.change_in(tx, caller, id, change, now).await
                })
            })
            .await?;
        Ok(changed.map(|changed| self.tell_changed(changed, now)))
    }

    async fn change_in(
        &self,
        tx: &mut Tx,
        caller: &Caller,
        id: InvitationId,
        change: &Change,
        now: Timestamp,
    ) -> Result<Option<Changed>, IdentityError> {
        let agent = still_active(tx, caller.agent).await?;
        let Some(one) = store::invitation::by_id(tx, id).await? else {
            return Ok(None);
        };
        let Some(why) = hand_of(tx, caller, &one, now).await? else {
            return Ok(None);
        };
        let read = one.state;
        let (act, event, one) = match change {
            Change::End => (
                Act("identity.invitation.end"),
                "identity.invitation.ended",
                one.end(why, Some(caller.agent), now)?,
            ),
            // Who answers for a guest may shorten nothing but by ending: the date is the inviter's.
            Change::Extend { .. } if why != Ending::Inviter => return Ok(None),
            Change::Extend { until, shareable } => {
                if until.at() > one.until && !could_be_sent(&one, &agent, shareable) {
                    return Err(InvitationRefusal::NoLongerShared.into());
                }
                (
                    Act("identity.invitation.extend"),
                    "identity.invitation.extended",
                    one.extend(*until, now)?,
                )
            }
        };
        if !store::invitation::update(tx, &one, read).await? {
            return Err(InvitationRefusal::State(read).into());
        }
        let done = Done {
            act,
            event,
            one: &one,
            by: Some(caller.agent),
            personal: None,
        };
        record(tx, done, now, self.house.rng.as_ref()).await?;
        let sessions = close_unless_let_in(tx, one.guest, now).await?;
        Ok(Some((one, sessions)))
    }

    /// Lets go of the pages that ended sessions keep open here; those that stay look anew.
    pub(super) fn tell_changed(&self, (one, sessions): Changed, now: Timestamp) -> Invitation {
        for session in &sessions {
            self.house.live.end_session(*session);
        }
        let reached = Reached::Agent(one.guest);
        self.house.live.say("home", now.millis(), reached);
        one
    }

    /// The person behind a link refuses it; none: there is no such link.
    ///
    /// # Errors
    /// When it was answered or is over, or the database refuses.
    pub(crate) async fn decline_invitation(
        &self,
        secret: &str,
    ) -> Result<Option<Invitation>, IdentityError> {
        let now = self.house.clock.now();
        let secret_hash = hash(secret);
        let rng = Arc::clone(&self.house.rng);
        self.house
            .db
            .write(move |tx| {
                let rng = Arc::clone(&rng);
                Box::pin(async move {
                    let Some(one) = store::invitation::by_secret(tx, secret_hash).await? else {
                        return Ok(None);
                    };
                    let read = one.state;
                    let one = one.decline(now)?;
                    if !store::invitation::update(tx, &one, read).await? {
                        return Err(InvitationRefusal::State(read).into());
                    }
                    let done = Done {
                        act: Act("identity.invitation.decline"),
                        event: "identity.invitation.declined",
                        one: &one,
                        by: Some(one.guest),
                        personal: None,
                    };
                    record(tx, done, now, rng.as_ref()).await?;
                    Ok::<_, IdentityError>(Some(one))
                })
            })
            .await
    }
}

/// By which right the caller may end an invitation, or reset its guest's second factor; none: by
/// none.
pub(super) async fn hand_of(
    tx: &mut Tx,
    caller: &Caller,
    one: &Invitation,
    now: Timestamp,
) -> Result<Option<Ending>, IdentityError> {
    if is_inviter(caller.agent, one) {
        return Ok(Some(Ending::Inviter));
    }
    let above = store::organisation::ancestors(tx, one.sponsor).await?;
    let administers = caller.may(Role::Administrator, one.sponsor, &above, now);
    Ok(administers.then_some(Ending::Administrator))
}

/// Whether its inviter could send the same invitation now: they are of the administration that
/// answers for the guest, and may share each of its tools.
fn could_be_sent(one: &Invitation, inviter: &Agent, shareable: &[ToolId]) -> bool {
    let shares = |tool: &ToolId| shareable.contains(tool);
    inviter.organisation == one.sponsor && one.tools.iter().all(shares)
}

/// Takes back what an agent sent and nobody has answered: their account lets nobody in any more.
///
/// # Errors
/// When the database refuses.
pub(in crate::service) async fn withdraw_unanswered(
    tx: &mut Tx,
    inviter: AgentId,
    by: Option<AgentId>,
    now: Timestamp,
    rng: &dyn Rng,
) -> Result<(), IdentityError> {
    for one in store::invitation::pending_of_inviter(tx, inviter).await? {
        let read = one.state;
        let one = match one.clone().settle(now) {
            Some(due) => due,
            None => one.end(Ending::Administrator, by, now)?,
        };
        if !store::invitation::update(tx, &one, read).await? {
            continue;
        }
        let done = Done {
            act: Act("identity.invitation.end"),
            event: "identity.invitation.ended",
            one: &one,
            by,
            personal: None,
        };
        record(tx, done, now, rng).await?;
    }
    Ok(())
}

fn is_inviter(agent: AgentId, one: &Invitation) -> bool {
    agent == one.inviter
}
