//! Guests: partners whom agents invite, by mail, to a few tools and until a day.
//!
//! A guest is a row of `identity_agent` in a state of their own ([`AgentState::Guest`]), so that no
//! query about agents finds them; whoever is asked in Rust knows them by `Caller::guest`, and
//! [`Signed`](kernel_http::Signed) refuses them. Their provider is [`GUESTS`], a name that no
//! provider can have; their subject is their address in lower case. A ministry's agent with the same
//! address is somebody else, for ever: nothing is merged.
//!
//! # Which tools may be shared
//!
//! Those that the inviter finds on their own page **and** whose administrator opened them to
//! guests. Owning a tool would not be enough: every agent of an administration would decide that
//! its payroll lets outsiders in. Nor would seeing it: a tool of another administration would be
//! opened by people whom it does not know.
//!
//! # Who asks for a code learns nothing
//!
//! A guest comes back by their address on the ordinary page. The domain decides what everybody is
//! told, and it is public which domains belong to administrations; of a domain that belongs to none
//! the page says so, to a guest too, and offers to send a code “if this address is a guest's” —
//! always, whoever asks. What happens then is the same for every such address: one row
//! ([`codes`]) with random bytes where the code's digest will stand, and one job. Whether somebody
//! is behind the address is looked up by the job only, so neither the text nor the time of any
//! answer depends on it, and the row that the digits are compared with exists in both cases. The
//! limits of an address count the mails that left, and are looked at by the job: beyond them the
//! page says what it always says, since who asks too early for it to be their own doing would learn
//! that others have asked. What a stranger writes is bounded by network
//! ([`Class::GuestCode`](kernel_http::rate::Class::GuestCode)), and only digits that a guest could
//! have typed are journalled. What is left to a stranger is to have five mails an hour sent to a
//! guest whose address they know.
//!
//! A code belongs to the tab that asked for it: its id lies in the sealed cookie of the sign-in
//! under way, so a stranger's tries never spend the tries of somebody else, and a page of another
//! site cannot sign anybody in.
//!
//! # A second factor, when one is asked
//!
//! While an administration that asks its guests for a second factor has an open invitation to a
//! guest, the digits of the mail open nothing by themselves ([`factor`]): they are good, in their
//! tab and for ten minutes, to add a factor or to enter a code of the one that is there. Only then
//! is the invitation taken and a session opened, in the transaction in which the code is spent. A
//! session without a factor that was open before is refused from the same commit on
//! ([`may_act`](crate::store)). A lost factor is reset by who answers for the guest ([`reset`]),
//! which opens nothing.

mod ask;
mod codes;
mod end;
mod enter;
mod factor;
mod invite;
mod link;
mod list;
mod mails;
mod reset;
mod retire;

use std::sync::Arc;

use kernel::port::{Notify, SharedTool, Sharing};
use kernel::{
    Act, AgentId, Event, EventId, JournalEntry, Outcome, Rng, SessionId, Timestamp, ToolId,
};
use kernel_db::Tx;
use kernel_mail::Mailer;
use serde_json::json;

use super::Identity;
use crate::domain::client::Client;
use crate::domain::invitation::{Ending, Invitation, InvitationRefusal};
use crate::domain::session::EndReason;
use crate::error::IdentityError;
use crate::store;

pub(crate) use ask::AskJob;
pub(crate) use codes::{CodeJob, CodeMail};
pub(super) use end::withdraw_unanswered;
pub(crate) use enter::Entered;
pub(crate) use factor::{Came, FactorTry, SECRET as FACTOR_SECRET, login_of};
pub(crate) use invite::Wanted;
pub(crate) use link::Opened;
pub(crate) use list::{Listed, Place};
pub(crate) use mails::Inviter;
pub(crate) use retire::Retire;

/// The provider of guests, as stored: no provider's name has such a sign.
pub(crate) const GUESTS: &str = "@guests";

/// What inviting needs.
pub struct Guests {
    /// The tools that may be shared.
    pub sharing: Arc<dyn Sharing>,
    /// The inboxes of agents.
    pub notify: Arc<dyn Notify>,
    /// Where mails go.
    pub mailer: Mailer,
    /// The most days that an invitation lasts, 365 at most.
    pub longest_days: u16,
}

impl Identity {
    /// Lets agents invite guests. The first that is told stays.
    pub fn invite_with(&self, guests: Guests) {
        if self.guests.set(guests).is_err() {
            tracing::error!("what inviting needs was told twice");
        }
    }

    /// What inviting needs, where mails leave.
    fn inviting(&self) -> Result<&Guests, IdentityError> {
        let guests = self.guests.get();
        let guests = guests.filter(|guests| guests.mailer.is_configured());
        guests.ok_or_else(|| InvitationRefusal::Unavailable.into())
    }

    /// Whether an application may have this person: an agent always, a guest while the tool it
    /// belongs to is shared with them.
    ///
    /// # Errors
    /// When the tools or the database do not answer: then nobody is let in.
    pub(crate) async fn may_have_guest(
        &self,
        provider: &str,
        agent: AgentId,
        client: &Client,
    ) -> Result<bool, IdentityError> {
        if provider != GUESTS {
            return Ok(true);
        }
        let now = self.house.clock.now();
        let pass = self
            .house
            .db
            .read(move |tx| Box::pin(async move { store::invitation::pass(tx, agent, now).await }))
            .await?;
        let Some((tools, _)) = pass else {
            return Ok(false);
        };
        let tools = self.shared_tools(tools).await?;
        let id = client.id.as_str();
        Ok(tools
            .iter()
            .any(|tool| tool.client_id.as_deref() == Some(id)))
    }

    /// These tools as they stand now.
    async fn shared_tools(&self, tools: Vec<ToolId>) -> Result<Vec<SharedTool>, IdentityError> {
        match self.guests.get() {
            Some(guests) => {
                guests
                    .sharing
                    .shared(tools)
                    .await
                    .map_err(|cause| IdentityError::Keeper {
                        tool: "portal",
                        cause,
                    })
            }
            None => Ok(Vec::new()),
        }
    }
}

/// Ends every open invitation of a guest whose account is closed.
pub(super) async fn end_all(
    tx: &mut Tx,
    guest: AgentId,
    by: Option<AgentId>,
    now: Timestamp,
) -> Result<(), IdentityError> {
    for one in store::invitation::open_of_guest(tx, guest).await? {
        let read = one.state;
        let ended = match one.clone().settle(now) {
            Some(due) => due,
            None => one.end(Ending::Account, by, now)?,
        };
        store::invitation::update(tx, &ended, read).await?;
    }
    Ok(())
}

/// Ends what a guest has open, unless an invitation lets them in still.
async fn close_unless_let_in(
    tx: &mut Tx,
    guest: AgentId,
    now: Timestamp,
) -> Result<Vec<SessionId>, IdentityError> {
    if store::invitation::pass(tx, guest, now).await?.is_some() {
        return Ok(Vec::new());
    }
    super::life::end_everything(tx, guest, EndReason::Invitation, now).await
}

/// An act about an invitation.
struct Done<'a> {
    act: Act,
    /// The kind of the event.
    event: &'static str,
    one: &'a Invitation,
    by: Option<AgentId>,
    /// Kept apart, erasable.
    personal: Option<String>,
}

/// Journals an act, and emits its event.
async fn record(
    tx: &mut Tx,
    done: Done<'_>,
    now: Timestamp,
    rng: &dyn Rng,
) -> Result<(), IdentityError> {
    let one = done.one;
    let data = json!({
        "agent": one.guest,
        "state": one.state.word(),
        "until": one.until.millis(),
        "tools": one.tools.len(),
        "ending": one.over.map(|over| over.why.word()),
    });
    let subject = format!("invitation:{}", one.id);
    tx.journal(
        JournalEntry {
            at: now,
            organisation: Some(one.sponsor),
            actor: done.by,
            act: done.act,
            subject: subject.clone(),
            outcome: Outcome::Done,
            data: data.clone(),
            personal: done.personal,
        },
        rng,
    )
    .await?;
    tx.emit(&Event {
        id: EventId::new(now, rng),
        kind: done.event.into(),
        version: 1,
        at: now,
        actor: done.by,
        organisation: Some(one.sponsor),
        subject,
        data,
    })
    .await?;
    Ok(())
}
