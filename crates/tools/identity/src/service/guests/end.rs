//! Invitations are ended, extended, refused.

use std::sync::Arc;

use kernel::{Act, AgentId, Caller, Role, SessionId, Timestamp};
use kernel_db::Tx;
use kernel_http::Reached;

use super::{Done, close_unless_let_in, record};
use crate::domain::invitation::{Ending, Invitation, InvitationId, InvitationRefusal, Until};
use crate::domain::session::hash;
use crate::error::IdentityError;
use crate::service::Identity;
use crate::store;

/// What is done to an invitation, and by whom.
#[derive(Debug, Clone, Copy)]
enum Change {
    End,
    Extend(Until),
}

/// An invitation that changed, and what its guest lost with it.
type Changed = (Invitation, Vec<SessionId>);

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

    /// Gives an invitation another end, for who sent it; none: there is no such for the caller.
    ///
    /// # Errors
    /// When the end cannot be, the invitation is over, or the database refuses.
    pub(crate) async fn extend_invitation(
        &self,
        caller: &Caller,
        id: InvitationId,
        until: Timestamp,
    ) -> Result<Option<Invitation>, IdentityError> {
        let guests = self.guests.get().ok_or(InvitationRefusal::Unavailable)?;
        let now = self.house.clock.now();
        let until = Until::parse(Some(until), guests.longest_days, now)?;
        self.change_invitation(caller, id, Change::Extend(until))
            .await
    }

    async fn change_invitation(
        &self,
        caller: &Caller,
        id: InvitationId,
        change: Change,
    ) -> Result<Option<Invitation>, IdentityError> {
        let now = self.house.clock.now();
        let (caller, this) = (Arc::new(caller.clone()), self.clone());
        let changed = self
            .house
            .db
            .write(move |tx| {
                let (caller, this) = (Arc::clone(&caller), this.clone());
                Box::pin(async move { this.change_in(tx, &caller, id, change, now).await })
            })
            .await?;
        Ok(changed.map(|changed| self.tell_changed(changed, now)))
    }

    async fn change_in(
        &self,
        tx: &mut Tx,
        caller: &Caller,
        id: InvitationId,
        change: Change,
        now: Timestamp,
    ) -> Result<Option<Changed>, IdentityError> {
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
            Change::Extend(_) if why != Ending::Inviter => return Ok(None),
            Change::Extend(until) => (
                Act("identity.invitation.extend"),
                "identity.invitation.extended",
                one.extend(until, now)?,
            ),
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

/// By which right the caller may end an invitation; none: by none.
async fn hand_of(
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

fn is_inviter(agent: AgentId, one: &Invitation) -> bool {
    agent == one.inviter
}
