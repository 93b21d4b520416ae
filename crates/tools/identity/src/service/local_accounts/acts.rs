//! What administrators do to an account.

use std::sync::Arc;

use kernel::{Caller, OrganisationId, RngExt as _, SessionId, Timestamp};
use kernel_db::Tx;

use super::{Seen, administers, found, seen};
use crate::domain::local_account::{LocalAccountRefusal, Step};
use crate::domain::role::RoleRefusal;
use crate::error::IdentityError;
use crate::local::{self, LocalAccount, LocalSubject};
use crate::service::Identity;
use crate::service::local_office::{Desk, Invitation, Invited};
use crate::service::local_password::link_to;
use crate::store;

impl Identity {
    /// Makes an account for somebody and sends them the link; an account of the caller's reach
    /// whose password nobody has chosen gets another link.
    ///
    /// # Errors
    /// When the caller may not, the address is taken or no address, or the database refuses.
    pub(crate) async fn invite_local(
        &self,
        caller: Caller,
        organisation: Option<OrganisationId>,
        mut invitation: Invitation,
    ) -> Result<(Seen, Invited), IdentityError> {
        let desk = self.desk()?;
        invitation.siret = None;
        let account = desk.account(&invitation)?;
        let now = self.house.clock.now();
        let secret = self.house.rng.secret();
        let link = link_to(&desk.base_url, &secret);
        let asked = Arc::new((caller, account, secret, link.clone(), desk.clone()));
        let identity = self.clone();
        let made = self
            .house
            .db
            .write(move |tx| {
                let (asked, identity) = (Arc::clone(&asked), identity.clone());
                Box::pin(async move {
                    let (caller, account, secret, link, desk) = &*asked;
                    let mut account = account.clone();
                    account.attributes.siret = siret(tx, desk, caller, organisation, now).await?;
                    let subject = identity.may_invite(tx, caller, &account, now).await?;
                    let by = Some(caller.agent);
                    if !desk
                        .invite_in(tx, &account, (secret, link), by, now)
                        .await?
                    {
                        return Err(LocalAccountRefusal::Taken.into());
                    }
                    seen(tx, desk, subject, true, now).await
                })
            })
            .await?;
        let seen = made.ok_or(IdentityError::LocalAccount(LocalAccountRefusal::Taken))?;
        Ok((seen, desk.invited(link)))
    }

    /// Whether the caller may invite to this account; the subject that it has or will have.
    async fn may_invite(
        &self,
        tx: &mut Tx,
        caller: &Caller,
        account: &LocalAccount,
        now: Timestamp,
    ) -> Result<LocalSubject, IdentityError> {
        match local::find_account(tx, &account.realm, &account.login).await? {
            None => {
                self.authorise(tx, caller, account, now).await?;
                Ok(account.subject)
            }
            Some(stored) if !stored.password_hash.is_empty() => {
                Err(LocalAccountRefusal::Taken.into())
            }
            Some(stored) => {
                // Whose it is is not said to who does not administer it.
                let authorised = self.authorise(tx, caller, &stored.account, now).await;
                authorised.map_err(|cause| match cause {
                    IdentityError::Life(_) => LocalAccountRefusal::Taken.into(),
                    cause => cause,
                })?;
                Ok(stored.account.subject)
            }
        }
    }

    /// Sends another link to somebody invited, and the one before is no longer good; none: no such
    /// account.
    ///
    /// # Errors
    /// When the caller may not, the password is chosen, or the database refuses.
    pub(crate) async fn invite_local_again(
        &self,
        caller: Caller,
        subject: LocalSubject,
    ) -> Result<Option<Invited>, IdentityError> {
        let desk = self.desk()?;
        let now = self.house.clock.now();
        let secret = self.house.rng.secret();
        let link = link_to(&desk.base_url, &secret);
        let asked = Arc::new((caller, secret, link.clone(), desk.clone()));
        let identity = self.clone();
        let sent = self
            .house
            .db
            .write(move |tx| {
                let (asked, identity) = (Arc::clone(&asked), identity.clone());
                Box::pin(async move {
                    let (caller, secret, link, desk) = &*asked;
                    let step = Step::Invite;
                    let acted = identity.may(tx, desk, caller, (subject, step), now).await?;
                    let Some(account) = acted else {
                        return Ok::<_, IdentityError>(false);
                    };
                    let by = Some(caller.agent);
                    desk.invite_in(tx, &account, (secret, link), by, now).await
                })
            })
            .await?;
        Ok(sent.then(|| desk.invited(link)))
    }

    /// Removes the second factors of an account or the account itself. Answers how many sessions
    /// ended; none: no such account.
    ///
    /// # Errors
    /// When the caller may not, the account does not allow it, or the database refuses.
    pub(crate) async fn act_on_local_account(
        &self,
        caller: Caller,
        subject: LocalSubject,
        step: Step,
    ) -> Result<Option<usize>, IdentityError> {
        let now = self.house.clock.now();
        let asked = Arc::new((caller, self.desk()?, self.clone()));
        let ended: Option<Vec<SessionId>> = self
            .house
            .db
            .write(move |tx| {
                let asked = Arc::clone(&asked);
                Box::pin(async move {
                    let (caller, desk, identity) = &*asked;
                    let acted = identity.may(tx, desk, caller, (subject, step), now).await?;
                    let Some(account) = acted else {
                        return Ok::<_, IdentityError>(None);
                    };
                    let by = Some(caller.agent);
                    let ended = match step {
                        Step::Invite => Vec::new(),
                        Step::ResetFactor => desk.reset_of(tx, account, by, now).await?,
                        Step::Remove => desk.remove_of(tx, account, by, now).await?,
                    };
                    Ok(Some(ended))
                })
            })
            .await?;
        for session in ended.iter().flatten() {
            self.house.live.end_session(*session);
        }
        Ok(ended.map(|ended| ended.len()))
    }

    /// The account, when the caller may do this to it now; none: no such account.
    async fn may(
        &self,
        tx: &mut Tx,
        desk: &Desk,
        caller: &Caller,
        (subject, step): (LocalSubject, Step),
        now: Timestamp,
    ) -> Result<Option<LocalAccount>, IdentityError> {
        let Some(account) = found(tx, desk, caller, subject, now).await? else {
            return Ok(None);
        };
        self.authorise(tx, caller, &account, now).await?;
        let Some(seen) = seen(tx, desk, subject, true, now).await? else {
            return Ok(None);
        };
        step.allowed(seen.row.origin, seen.row.has_password)?;
        Ok(Some(account))
    }
}

/// The SIRET of the administration that the caller invites for; none: the provider's own.
async fn siret(
    tx: &mut Tx,
    desk: &Desk,
    caller: &Caller,
    organisation: Option<OrganisationId>,
    now: Timestamp,
) -> Result<Option<String>, IdentityError> {
    let asked = organisation.unwrap_or(desk.organisation);
    administers(tx, caller, asked, now).await?;
    if asked == desk.organisation {
        return Ok(None);
    }
    let known = store::organisation::name_and_siret(tx, asked).await?;
    let (_, siret) = known.ok_or(RoleRefusal::UnknownOrganisation)?;
    Ok(Some(siret))
}
