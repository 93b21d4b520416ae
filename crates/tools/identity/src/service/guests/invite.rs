//! An agent invites.

use std::sync::Arc;
use std::time::Duration;

use kernel::port::SharedTool;
use kernel::{Act, AgentId, Caller, Population, RngExt as _, Secret, Timestamp, ToolId};
use kernel_db::Tx;

use super::mails::InvitationMail;
use super::{Done, GUESTS, Guests, record};
use crate::domain::agent::{Agent, AgentState, Attributes};
use crate::domain::invitation::{
    ANSWER, Invitation, InvitationId, InvitationRefusal, InvitationState, Line, MOST_A_DAY,
    MOST_OPEN, MOST_TOOLS, Until, Who,
};
use crate::domain::role::email_key;
use crate::domain::session::hash;
use crate::error::IdentityError;
use crate::service::{Identity, Method};
use crate::store;
use crate::upstream::{EmailAddress, Route};

/// An invitation to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Where it goes.
    pub(crate) address: String,
    /// To whom.
    pub(crate) who: Who,
    /// What for.
    pub(crate) purpose: Line,
    /// What is shared.
    pub(crate) tools: Vec<ToolId>,
    /// Until when; none: three months.
    pub(crate) until: Option<Timestamp>,
}

/// What the transaction writes; drawn before it, which may be run again.
struct Draft {
    invitation: Invitation,
    address: EmailAddress,
    /// Of the tools, in their order.
    tools: Vec<SharedTool>,
    secret: Secret,
}

impl Identity {
    /// Invites somebody, in the name of the caller's administration.
    ///
    /// # Errors
    /// Why not, or when a tool or the database does not answer.
    pub(crate) async fn invite(
        &self,
        caller: &Caller,
        wanted: Wanted,
    ) -> Result<Invitation, IdentityError> {
        let guests = self.inviting()?;
        let address = self.address_of_a_guest(&wanted.address).await?;
        let tools = shareable(guests, caller, &wanted.tools).await?;
        let now = self.house.clock.now();
        let until = Until::parse(wanted.until, guests.longest_days, now)?.at();
        let rng = self.house.rng.as_ref();
        let draft = Arc::new(Draft {
            invitation: Invitation {
                id: InvitationId::new(now, rng),
                guest: AgentId::new(now, rng),
                inviter: caller.agent,
                sponsor: caller.organisation,
                who: wanted.who,
                purpose: wanted.purpose,
                tools: tools.iter().map(|tool| tool.id).collect(),
                state: InvitationState::Pending,
                created_at: now,
                answer_by: now.plus(ANSWER).min(until),
                until,
                accepted_at: None,
                over: None,
                asks: 0,
                asked_at: None,
            },
            address,
            tools,
            secret: rng.secret(),
        });
        let this = self.clone();
        self.house
            .db
            .write(move |tx| {
                let (this, draft) = (this.clone(), Arc::clone(&draft));
                Box::pin(async move { this.send(tx, &draft, now).await })
            })
            .await
    }

    /// The address, when no administration answers for it.
    async fn address_of_a_guest(&self, text: &str) -> Result<EmailAddress, IdentityError> {
        let Method::Upstream(providers) = &self.method else {
            return Err(InvitationRefusal::Unavailable.into());
        };
        let address = EmailAddress::parse(text).map_err(|_| InvitationRefusal::Address)?;
        match providers.current().await?.route(&address) {
            Route::Unknown { .. } => Ok(address),
            Route::One(_) | Route::Several(_) => Err(InvitationRefusal::AgentAddress.into()),
        }
    }

    async fn send(
        &self,
        tx: &mut Tx,
        draft: &Draft,
        now: Timestamp,
    ) -> Result<Invitation, IdentityError> {
        let mut one = draft.invitation.clone();
        still_active(tx, one.inviter).await?;
        let day = now.minus(Duration::from_hours(24));
        let (open, today) = store::invitation::counts(tx, one.inviter, now, day).await?;
        if open >= MOST_OPEN {
            return Err(InvitationRefusal::TooManyOpen.into());
        }
        if today >= MOST_A_DAY {
            return Err(InvitationRefusal::TooManyToday.into());
        }
        one.guest = guest(tx, draft, now).await?;
        let open = store::invitation::open_of_guest(tx, one.guest).await?;
        let own = |other: &Invitation| other.inviter == one.inviter && other.is_open(now);
        if open.iter().any(own) {
            return Err(InvitationRefusal::Already.into());
        }
        store::invitation::insert(tx, &one, hash(draft.secret.expose())).await?;
        let mail = InvitationMail {
            one: &one,
            address: draft.address.as_str(),
            tools: &draft.tools,
            secret: &draft.secret,
        };
        self.mail_invitation(tx, &mail, now).await?;
        let done = Done {
            act: Act("identity.invitation.create"),
            event: "identity.invitation.created",
            one: &one,
            by: Some(one.inviter),
            personal: Some(draft.address.as_str().to_owned()),
        };
        record(tx, done, now, self.house.rng.as_ref()).await?;
        Ok(one)
    }
}

/// Who acts, when their account still lets them: it may have been suspended since they were let in
/// to ask, and nothing that they do then outlives it.
///
/// # Errors
/// [`IdentityError::AgentState`] when it does not, or when the database refuses.
pub(super) async fn still_active(tx: &mut Tx, agent: AgentId) -> Result<Agent, IdentityError> {
    let known = store::agent::by_id(tx, agent).await?;
    let known = known.ok_or(IdentityError::NoSession)?;
    if known.state != AgentState::Active {
        return Err(IdentityError::AgentState(known.state));
    }
    Ok(known)
}

/// What the caller may share now.
///
/// # Errors
/// When the tools do not answer.
pub(super) async fn may_share(
    guests: &Guests,
    caller: &Caller,
) -> Result<Vec<SharedTool>, IdentityError> {
    let all = guests.sharing.shareable(caller.clone()).await;
    all.map_err(|cause| IdentityError::Keeper {
        tool: "portal",
        cause,
    })
}

/// The tools, each of which the caller may share.
async fn shareable(
    guests: &Guests,
    caller: &Caller,
    wanted: &[ToolId],
) -> Result<Vec<SharedTool>, IdentityError> {
    let all = may_share(guests, caller).await?;
    let known = |id: &ToolId| all.iter().any(|tool| tool.id == *id);
    let fits = (1..=MOST_TOOLS).contains(&wanted.len());
    if !fits || !wanted.iter().all(known) {
        return Err(InvitationRefusal::Tools.into());
    }
    Ok(all
        .into_iter()
        .filter(|tool| wanted.contains(&tool.id))
        .collect())
}

/// The guest of this address, made when there is none. Who was let in by nobody is of the new
/// sponsor, whose administrators then answer for the account, and is called as it says.
async fn guest(tx: &mut Tx, draft: &Draft, now: Timestamp) -> Result<AgentId, IdentityError> {
    let one = &draft.invitation;
    let key = email_key(draft.address.as_str());
    let known = store::agent::by_login(tx, GUESTS, &key).await?;
    let fresh = Agent {
        id: known.as_ref().map_or(one.guest, |known| known.id),
        state: AgentState::Guest,
        organisation: one.sponsor,
        attributes: attributes(one, &draft.address),
    };
    let Some(known) = known else {
        store::agent::insert(tx, &fresh, now).await?;
        store::agent::insert_login(tx, GUESTS, &key, fresh.id, now).await?;
        return Ok(fresh.id);
    };
    if known.state != AgentState::Guest {
        return Err(InvitationRefusal::Account.into());
    }
    let open = store::invitation::open_of_guest(tx, known.id).await?;
    if !open.iter().any(|other| other.is_open(now)) {
        // The mailbox is the one they proved, as they first had it written.
        let attributes = Attributes {
            email: known.attributes.email.clone(),
            uid: known.attributes.uid.clone(),
            ..fresh.attributes.clone()
        };
        store::agent::update(
            tx,
            &Agent {
                attributes,
                ..fresh
            },
            now,
        )
        .await?;
    }
    Ok(known.id)
}

fn attributes(one: &Invitation, address: &EmailAddress) -> Attributes {
    Attributes {
        given_name: one.who.given_name.as_str().to_owned(),
        usual_name: one.who.usual_name.as_str().to_owned(),
        email: address.as_str().to_owned(),
        uid: one.guest.to_string(),
        organizational_unit: Some(one.who.organisation.as_str().to_owned()),
        population: Some(Population::Partenaire),
        phone: None,
        chorusdt: None,
        custom: serde_json::Map::new(),
    }
}
