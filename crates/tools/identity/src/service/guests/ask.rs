//! Somebody whose invitation is over asks to come back: who invited them finds it in their inbox.
//!
//! The demand counts, and is told by a job of its transaction: an inbox that does not answer keeps
//! it waiting, and loses nothing.

use kernel::port::{Notice, PortError, Urgency};
use kernel::{Act, AgentId, Role, Timestamp};
use kernel_db::{BoxFuture, Db, JobError, JobHandler, NewJob, Tx};
use serde_json::{Value, json};

use super::{Done, record};
use crate::domain::agent::AgentState;
use crate::domain::invitation::{Invitation, InvitationId, InvitationRefusal};
use crate::domain::session::hash;
use crate::error::IdentityError;
use crate::service::Identity;
use crate::store;
use crate::texts::guests as texts;

/// The kind of the job that tells of a demand.
const TELL: &str = "identity.guest.ask";

impl Identity {
    /// Asks for a new access, by the link of an invitation that is over; none: no link of ours.
    ///
    /// # Errors
    /// When it may not be asked for, or the database does not answer.
    pub(crate) async fn ask_for_access(
        &self,
        secret: &str,
        reason: Option<String>,
    ) -> Result<Option<Invitation>, IdentityError> {
        if self.guests.get().is_none() {
            return Err(InvitationRefusal::Unavailable.into());
        }
        let now = self.house.clock.now();
        let secret_hash = hash(secret);
        let this = self.clone();
        self.house
            .db
            .write(move |tx| {
                let (this, reason) = (this.clone(), reason.clone());
                Box::pin(async move { this.demand(tx, secret_hash, reason, now).await })
            })
            .await
    }

    async fn demand(
        &self,
        tx: &mut Tx,
        secret_hash: [u8; 32],
        reason: Option<String>,
        now: Timestamp,
    ) -> Result<Option<Invitation>, IdentityError> {
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
            personal: reason.clone(),
        };
        record(tx, done, now, self.house.rng.as_ref()).await?;
        tx.enqueue(NewJob {
            kind: TELL,
            payload: json!({ "invitation": one.id, "reason": reason }),
            run_at: now,
            dedup: None,
        })
        .await?;
        Ok(Some(one))
    }

    /// Tells of a demand, as the invitation stands now. Told twice it is one line of an inbox.
    async fn tell_of_demand(
        &self,
        id: InvitationId,
        reason: Option<&str>,
    ) -> Result<(), IdentityError> {
        let Some(guests) = self.guests.get() else {
            return Err(InvitationRefusal::Unavailable.into());
        };
        let now = self.house.clock.now();
        let told = self
            .house
            .db
            .read(move |tx| Box::pin(async move { told(tx, id, now).await }))
            .await?;
        // Its guest was erased meanwhile.
        let Some((one, told)) = told else {
            return Ok(());
        };
        for to in told {
            let sent = guests.notify.notify(notice(&one, to, reason)).await;
            sent.map_err(|cause: PortError| IdentityError::Keeper {
                tool: "portal",
                cause,
            })?;
        }
        Ok(())
    }
}

/// Tells whoever had invited that a guest asks to come back.
pub(crate) struct AskJob(Identity);

impl AskJob {
    pub(crate) const fn new(identity: Identity) -> Self {
        Self(identity)
    }
}

impl JobHandler for AskJob {
    fn kind(&self) -> &'static str {
        TELL
    }

    fn run<'a>(&'a self, _: &'a Db, payload: &'a Value) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let text = |name| payload.get(name).and_then(Value::as_str);
            let id = text("invitation").and_then(|text| InvitationId::parse(text).ok());
            let id = id.ok_or_else(|| JobError::Hopeless("no invitation is named".to_owned()))?;
            let told = self.0.tell_of_demand(id, text("reason")).await;
            told.map_err(|cause| JobError::Failed(cause.to_string()))
        })
    }
}

/// An invitation, and who is told of a demand by it: who sent it; when they have left, the
/// administrators of their administration.
async fn told(
    tx: &mut Tx,
    id: InvitationId,
    now: Timestamp,
) -> Result<Option<(Invitation, Vec<AgentId>)>, IdentityError> {
    let Some(one) = store::invitation::by_id(tx, id).await? else {
        return Ok(None);
    };
    let inviter = store::agent::by_id(tx, one.inviter).await?;
    let told = if inviter.is_some_and(|inviter| inviter.state == AgentState::Active) {
        vec![one.inviter]
    } else {
        store::role::holders(tx, Role::Administrator, one.sponsor, now).await?
    };
    Ok(Some((one, told)))
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
