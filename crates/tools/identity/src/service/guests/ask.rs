//! Somebody whose invitation is over asks to come back: who invited them finds it in their inbox.

use kernel::port::{Notice, PortError, Urgency};
use kernel::{Act, AgentId, Role, Timestamp};
use kernel_db::Tx;

use super::{Done, record};
use crate::domain::agent::AgentState;
use crate::domain::invitation::{Invitation, InvitationRefusal};
use crate::domain::session::hash;
use crate::error::IdentityError;
use crate::service::Identity;
use crate::store;
use crate::texts::guests as texts;

/// A demand, and who is told of it.
struct Demand {
    one: Invitation,
    told: Vec<AgentId>,
}

impl Identity {
    /// Asks for a new access, by the link of an invitation that is over; none: no link of ours.
    ///
    /// # Errors
    /// When it may not be asked for, or a tool or the database does not answer.
    pub(crate) async fn ask_for_access(
        &self,
        secret: &str,
        reason: Option<String>,
    ) -> Result<Option<Invitation>, IdentityError> {
        let Some(guests) = self.guests.get() else {
            return Err(InvitationRefusal::Unavailable.into());
        };
        let now = self.house.clock.now();
        let secret_hash = hash(secret);
        let (this, personal) = (self.clone(), reason.clone());
        let demand = self
            .house
            .db
            .write(move |tx| {
                let (this, personal) = (this.clone(), personal.clone());
                Box::pin(async move { this.demand(tx, secret_hash, personal, now).await })
            })
            .await?;
        let Some(demand) = demand else {
            return Ok(None);
        };
        for to in &demand.told {
            let told = guests
                .notify
                .notify(notice(&demand.one, *to, reason.as_deref()));
            told.await
                .map_err(|cause: PortError| IdentityError::Keeper {
                    tool: "portal",
                    cause,
                })?;
        }
        Ok(Some(demand.one))
    }

    async fn demand(
        &self,
        tx: &mut Tx,
        secret_hash: [u8; 32],
        personal: Option<String>,
        now: Timestamp,
    ) -> Result<Option<Demand>, IdentityError> {
        let Some(one) = store::invitation::by_secret(tx, secret_hash).await? else {
            return Ok(None);
        };
        let guest = store::agent::by_id(tx, one.guest).await?;
        if guest.is_none_or(|guest| guest.state != AgentState::Guest) {
            return Err(InvitationRefusal::Account.into());
        }
        let read = one.state;
        // What its date says is written first, if nobody has.
        let one = one.clone().settle(now).unwrap_or(one).ask_again(now)?;
        if !store::invitation::update(tx, &one, read).await? {
            return Err(InvitationRefusal::State(read).into());
        }
        let done = Done {
            act: Act("identity.invitation.ask"),
            event: "identity.invitation.asked",
            one: &one,
            by: Some(one.guest),
            personal,
        };
        record(tx, done, now, self.house.rng.as_ref()).await?;
        let told = told(tx, &one, now).await?;
        Ok(Some(Demand { one, told }))
    }
}

/// Who invited; when they have left, the administrators of their administration.
async fn told(
    tx: &mut Tx,
    one: &Invitation,
    now: Timestamp,
) -> Result<Vec<AgentId>, IdentityError> {
    let inviter = store::agent::by_id(tx, one.inviter).await?;
    if inviter.is_some_and(|inviter| inviter.state == AgentState::Active) {
        return Ok(vec![one.inviter]);
    }
    Ok(store::role::holders(tx, Role::Administrator, one.sponsor, now).await?)
}

fn notice(one: &Invitation, to: AgentId, reason: Option<&str>) -> Notice {
    let name = one.who.display_name();
    let is_inviter = to == one.inviter;
    Notice {
        to,
        source: "guests".into(),
        kind: "identity.invitation.asked".into(),
        urgency: Urgency::Normal,
        dedup: Some(format!("invitation:{}", one.id)),
        title: texts::asked_title(&name, one.who.organisation.as_str()),
        detail: Some(texts::asked_detail(one.purpose.as_str(), reason)),
        link: Some(if is_inviter {
            format!("/invites?reprendre={}", one.id)
        } else {
            "/administration/invites".to_owned()
        }),
        action: Some(texts::ASKED_ACTION),
        until: None,
    }
}
