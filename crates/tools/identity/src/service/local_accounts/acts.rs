//! What administrators do to an account.

use std::sync::Arc;

use kernel::{AgentId, Caller, OrganisationId, RngExt as _, Secret, SessionId, Timestamp};
use kernel_db::Tx;

use super::reach::{May, may_be_told};
use super::{Seen, administers, found, seen};
use crate::domain::life::LifeRefusal;
use crate::domain::local_account::{COUNTED, LocalAccountRefusal, Removal, Step, one_more};
use crate::domain::role::RoleRefusal;
use crate::error::IdentityError;
use crate::local::{self, LocalAccount, LocalSubject};
use crate::service::Identity;
use crate::service::local_office::{Desk, Invitation, Invited};
use crate::service::local_password::link_to;
use crate::store;

impl Identity {
    /// Makes an account for somebody and sends them the link.
    ///
    /// # Errors
    /// When the caller may not, the address is taken, invited or no address, or the database
    /// refuses.
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
                    may_be_told(tx, desk, caller, now).await?;
                    identity.may_invite(tx, caller, &account, now).await?;
                    count(tx, caller, (account.subject, secret), now).await?;
                    let by = Some(caller.agent);
                    if !desk
                        .invite_in(tx, &account, (secret, link), by, now)
                        .await?
                    {
                        return Err(LocalAccountRefusal::Taken.into());
                    }
                    seen(tx, desk, account.subject, May::All, now).await
                })
            })
            .await
            .map_err(|cause: IdentityError| match cause {
                // Somebody else wrote it at the same moment.
                IdentityError::Database(cause) if cause.is_unique() => {
                    LocalAccountRefusal::Taken.into()
                }
                cause => cause,
            })?;
        let seen = made.ok_or(IdentityError::LocalAccount(LocalAccountRefusal::Taken))?;
        Ok((seen, desk.invited(link)))
    }

    /// Whether the caller may invite to this account. Of an address out of their reach, or promised a
    /// role that they could not give, nothing is said but that it is taken.
    async fn may_invite(
        &self,
        tx: &mut Tx,
        caller: &Caller,
        account: &LocalAccount,
        now: Timestamp,
    ) -> Result<(), IdentityError> {
        match local::find_account(tx, &account.realm, &account.login).await? {
            None => {
                let authorised = self.authorise(tx, caller, account, now).await;
                authorised.map_err(|cause| match cause {
                    IdentityError::Life(LifeRefusal::HoldsMore) => {
                        LocalAccountRefusal::Taken.into()
                    }
                    cause => cause,
                })
            }
            Some(stored) if !stored.password_hash.is_empty() => {
                Err(LocalAccountRefusal::Taken.into())
            }
            Some(stored) => {
                let authorised = self.authorise(tx, caller, &stored.account, now).await;
                Err(match authorised {
                    Ok(()) => LocalAccountRefusal::Invited(agent_of(stored.account.subject)).into(),
                    Err(IdentityError::Life(_)) => LocalAccountRefusal::Taken.into(),
                    Err(cause) => cause,
                })
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
                    may_be_told(tx, desk, caller, now).await?;
                    count(tx, caller, (account.subject, secret), now).await?;
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
        removal: Removal,
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
                    let what = (subject, removal.step());
                    let acted = identity.may(tx, desk, caller, what, now).await?;
                    let Some(account) = acted else {
                        return Ok::<_, IdentityError>(None);
                    };
                    let by = Some(caller.agent);
                    let ended = match removal {
                        Removal::Factors => desk.reset_of(tx, account, by, now).await?,
                        Removal::Account => desk.remove_of(tx, account, by, now).await?,
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
        let Some(seen) = seen(tx, desk, subject, May::All, now).await? else {
            return Ok(None);
        };
        step.allowed(seen.row.stands())?;
        Ok(Some(account))
    }
}

/// Counts one more invitation of a caller to an account.
async fn count(
    tx: &mut Tx,
    caller: &Caller,
    (subject, secret): (LocalSubject, &Secret),
    now: Timestamp,
) -> Result<(), IdentityError> {
    let since = now.minus(COUNTED);
    let (by_inviter, to_account) =
        store::local_sent::counts(tx, caller.agent, subject, since).await?;
    one_more(by_inviter, to_account)?;
    store::local_sent::insert(tx, secret, caller.agent, subject, now).await?;
    Ok(())
}

/// The agent of an account bears its id from the start.
fn agent_of(subject: LocalSubject) -> AgentId {
    AgentId::from_u128(u128::from_be_bytes(*subject.as_bytes()))
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
