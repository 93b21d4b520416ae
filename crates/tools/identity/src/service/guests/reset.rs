//! A guest's lost factor is reset by who answers for them: who invited them, or an administrator
//! of the sponsor.
//!
//! It opens nothing: the next entry asks for the digits of a mail, then for a new factor.

use std::sync::Arc;

use kernel::{Act, Caller, JournalEntry, Locale, Outcome, Timestamp};
use kernel_db::{DbError, Tx};
use serde_json::json;

use super::end::{Changed, hand_of};
use super::factor::journal_of_factor;
use super::invite::still_active;
use crate::domain::guest_factor::may_reset;
use crate::domain::invitation::{Ending, Invitation, InvitationId, InvitationRefusal};
use crate::domain::session::EndReason;
use crate::error::IdentityError;
use crate::service::Identity;
use crate::store;
use crate::texts::guests::FactorNews;

/// Since when the guest has a factor that may be reset from an invitation; none: none may.
///
/// # Errors
/// When the database refuses.
pub(super) async fn resettable(
    tx: &mut Tx,
    one: &Invitation,
    now: Timestamp,
) -> Result<Option<Timestamp>, DbError> {
    if !one.is_open(now) {
        return Ok(None);
    }
    if store::guest_factor::asks(tx, one.sponsor).await? != Some(true) {
        return Ok(None);
    }
    let taken = store::guest_factor::taken(tx, one.guest, now).await?;
    if !may_reset(one.at(now), one.sponsor, &taken) {
        return Ok(None);
    }
    let factor = store::guest_factor::of(tx, one.guest).await?;
    Ok(factor.map(|factor| factor.added_at))
}

impl Identity {
    /// Takes the second factor of a guest away, and ends what they have open, for who sent the
    /// invitation or an administrator of the sponsor; none: there is no such for the caller.
    ///
    /// # Errors
    /// [`InvitationRefusal::NoFactor`] when there is none that may be reset from there, or who sent
    /// the invitation is no longer of the sponsor; or when the database refuses.
    pub(crate) async fn reset_guest_factor(
        &self,
        caller: &Caller,
        id: InvitationId,
    ) -> Result<Option<Invitation>, IdentityError> {
        let now = self.house.clock.now();
        let (caller, this) = (Arc::new(caller.clone()), self.clone());
        let changed = self
            .house
            .db
            .write(move |tx| {
                let (caller, this) = (Arc::clone(&caller), this.clone());
                Box::pin(async move { this.reset_in(tx, &caller, id, now).await })
            })
            .await?;
        Ok(changed.map(|changed| self.tell_changed(changed, now)))
    }

    async fn reset_in(
        &self,
        tx: &mut Tx,
        caller: &Caller,
        id: InvitationId,
        now: Timestamp,
    ) -> Result<Option<Changed>, IdentityError> {
        let agent = still_active(tx, caller.agent).await?;
        let Some(one) = store::invitation::by_id(tx, id).await? else {
            return Ok(None);
        };
        let Some(hand) = hand_of(tx, caller, &one, now).await? else {
            return Ok(None);
        };
        // Who left the sponsor answers for its guests no more; ending is theirs still.
        let answers = hand != Ending::Inviter || agent.organisation == one.sponsor;
        let may = answers && resettable(tx, &one, now).await?.is_some();
        if !may || !store::guest_factor::reset(tx, one.guest, now).await? {
            return Err(InvitationRefusal::NoFactor.into());
        }
        let factor = EndReason::Factor;
        let sessions = super::super::life::end_everything(tx, one.guest, factor, now).await?;
        let entry = JournalEntry {
            at: now,
            organisation: Some(one.sponsor),
            actor: None,
            act: Act("identity.factor.reset"),
            subject: format!("agent:{}", one.guest),
            outcome: Outcome::Done,
            data: json!({ "invitation": one.id, "sessions": sessions.len() }),
            personal: None,
        }
        .by(caller.actor());
        journal_of_factor(tx, (one.guest, None), &entry, self.house.rng.as_ref()).await?;
        if let Some(guest) = store::agent::by_id(tx, one.guest).await? {
            // Nothing is known of the guest's language.
            self.mail_factor(tx, &guest, FactorNews::Reset, Locale::Fr)
                .await?;
        }
        Ok(Some((one, sessions)))
    }
}
