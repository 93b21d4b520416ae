//! What the link of an invitation opens: looking changes nothing, however often and whoever looks.

use kernel::Timestamp;

use super::mails::{Inviter, inviter};
use kernel::port::SharedTool;

use crate::domain::invitation::Invitation;
use crate::domain::session::hash;
use crate::error::IdentityError;
use crate::service::Identity;
use crate::store;

/// The longest secret that is looked up, in bytes.
const LONGEST: usize = 64;

/// An invitation as its guest sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Opened {
    /// The invitation.
    pub(crate) one: Invitation,
    /// Where the code goes.
    pub(crate) address: String,
    /// Who invites.
    pub(crate) inviter: Inviter,
    /// The tools that are shared still.
    pub(crate) tools: Vec<SharedTool>,
    /// The present.
    pub(crate) now: Timestamp,
    /// Whether another invitation lets this guest in.
    pub(crate) let_in: bool,
    /// When everything of the guest was, or will be, over; none: not yet known.
    pub(crate) last_end: Option<Timestamp>,
}

impl Identity {
    /// The invitation behind a link; none: no link of ours.
    ///
    /// # Errors
    /// When a tool or the database does not answer.
    pub(crate) async fn opened_link(&self, secret: &str) -> Result<Option<Opened>, IdentityError> {
        if secret.len() > LONGEST {
            return Ok(None);
        }
        let secret_hash = hash(secret);
        let found = self
            .house
            .db
            .read(move |tx| Box::pin(store::invitation::by_secret(tx, secret_hash)))
            .await?;
        match found {
            Some(one) => self.opened(one).await,
            None => Ok(None),
        }
    }

    /// The invitation of this id, for the tab that came by its link.
    ///
    /// # Errors
    /// When a tool or the database does not answer.
    pub(crate) async fn opened_invitation(
        &self,
        id: crate::domain::invitation::InvitationId,
    ) -> Result<Option<Opened>, IdentityError> {
        let found = self
            .house
            .db
            .read(move |tx| Box::pin(store::invitation::by_id(tx, id)))
            .await?;
        match found {
            Some(one) => self.opened(one).await,
            None => Ok(None),
        }
    }

    async fn opened(&self, one: Invitation) -> Result<Option<Opened>, IdentityError> {
        let now = self.house.clock.now();
        let (guest, by, sponsor) = (one.guest, one.inviter, one.sponsor);
        let (known, inviter, all) = self
            .house
            .db
            .read(move |tx| {
                Box::pin(async move {
                    let known = store::agent::by_id(tx, guest).await?;
                    let inviter = inviter(tx, by, sponsor).await?;
                    let all = store::invitation::of_guest(tx, guest).await?;
                    Ok::<_, IdentityError>((known, inviter, all))
                })
            })
            .await?;
        let Some(known) = known else {
            return Ok(None);
        };
        let over = |one: &Invitation| one.over_at(now).map(|over| over.at);
        let let_in = all
            .iter()
            .any(|other| other.id != one.id && other.is_open(now));
        let last_end = all.iter().map(over).collect::<Option<Vec<_>>>();
        Ok(Some(Opened {
            address: known.attributes.email,
            tools: self.shared_tools(one.tools.clone()).await?,
            one,
            inviter,
            now,
            let_in,
            last_end: last_end.and_then(|all| all.into_iter().max()),
        }))
    }
}
