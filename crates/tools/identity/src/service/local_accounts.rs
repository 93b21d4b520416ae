//! The password accounts of a provider run here, for the administrators of their administrations.
//!
//! Invariants
//! - Each act is authorised in the transaction that does it, by the account's administration as it
//!   stands then.
//! - Nobody acts on their own account, nor on that of somebody who holds a role that they could not
//!   give as it is held (as deep, as long), or to whose address the configuration promises one: a
//!   link without a mailbox is the account, and the account is the role.
//! - Where no mail leaves, a link is told to who administers the provider's own administration only:
//!   whoever reads it owns the address.
//! - Of an address out of reach nothing is said but that it is taken, and nothing is changed.

mod acts;
mod reach;

use std::sync::Arc;

use kernel::{Caller, Limit, OrganisationId, Role, Scope, Timestamp};
use kernel_db::Tx;

use self::reach::{May, holds_as_much};
use super::administration::administered;
use super::local_office::{Desk, InviteError};
use super::{Identity, life};
use crate::domain::life::LifeRefusal;
use crate::domain::local_account::{LocalAccountRefusal, Step};
use crate::domain::organisation::id_of_siret;
use crate::domain::role::{may_give, root};
use crate::error::IdentityError;
use crate::local::{self, LocalAccount, LocalSubject};
use crate::store;
use crate::store::local_account::{AccountRow, Provider, Which};

/// Which accounts an administrator looks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AccountSearch {
    pub(crate) words: String,
    /// This administration and those below; none: all that the caller administers.
    pub(crate) organisation: Option<OrganisationId>,
    /// After this address.
    pub(crate) after: Option<String>,
    pub(crate) limit: Limit,
}

/// An account, and what the caller may do to it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) row: AccountRow,
    pub(crate) may: Vec<Step>,
}

impl From<InviteError> for IdentityError {
    fn from(cause: InviteError) -> Self {
        match cause {
            InviteError::Address(_) => LocalAccountRefusal::Address.into(),
            InviteError::Name => LocalAccountRefusal::Name.into(),
            InviteError::Unit => LocalAccountRefusal::Unit.into(),
            InviteError::AlreadyThere(_) => LocalAccountRefusal::Taken.into(),
            InviteError::Siret(_) => crate::domain::role::RoleRefusal::UnknownOrganisation.into(),
            InviteError::Identity(cause) => cause,
        }
    }
}

impl Identity {
    /// The accounts of the provider, at hand.
    ///
    /// # Errors
    /// [`LocalAccountRefusal::NotHere`] when people sign in at their ministry's provider.
    pub(crate) fn desk(&self) -> Result<Desk, IdentityError> {
        let local = self.local().map_err(|_| LocalAccountRefusal::NotHere)?;
        Ok(Desk {
            db: self.house.db.clone(),
            clock: Arc::clone(&self.house.clock),
            rng: Arc::clone(&self.house.rng),
            mailer: self.mailer(),
            realm: local.realm.clone(),
            organisation: local.organisation,
            provider: self.house.site.name.clone(),
            base_url: self.house.site.base_url.clone(),
        })
    }

    /// Whether the administration of accounts is for the caller: they administer something, or would
    /// after a stronger sign-in.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn administers_accounts(
        &self,
        caller: &Caller,
    ) -> Result<bool, IdentityError> {
        let now = self.house.clock.now();
        if !caller.grants.is_empty() {
            return Ok(!caller.scopes(Role::Administrator, now).is_empty());
        }
        let agent = caller.agent;
        self.house
            .db
            .read(move |tx| {
                Box::pin(async move { Ok(store::role::would_administer(tx, agent, now).await?) })
            })
            .await
    }

    /// Accounts of what the caller administers, by address.
    ///
    /// # Errors
    /// When there are none here, the caller administers nothing there, or the database refuses.
    pub(crate) async fn local_accounts(
        &self,
        caller: Caller,
        search: AccountSearch,
    ) -> Result<(Vec<AccountRow>, Option<String>), IdentityError> {
        let desk = self.desk()?;
        let now = self.house.clock.now();
        let asked = Arc::new((caller, search, desk));
        self.house
            .db
            .read(move |tx| {
                let asked = Arc::clone(&asked);
                Box::pin(async move {
                    let (caller, search, desk) = &*asked;
                    let rows = search.limit.rows();
                    let which = Which {
                        words: &search.words,
                        login: None,
                        after: search.after.as_deref(),
                    };
                    let mut found = Vec::new();
                    for scope in administered(tx, caller, search.organisation, now).await? {
                        let page = (now, rows + 1);
                        let provider = provider(desk);
                        let some = store::local_account::accounts(tx, provider, scope, which, page);
                        found.extend(some.await?);
                    }
                    Ok(first_page(found, rows))
                })
            })
            .await
    }

    /// One account, as its administrators see it; none: no such account.
    ///
    /// # Errors
    /// When there are none here, the caller does not administer it, or the database refuses.
    pub(crate) async fn seen_local_account(
        &self,
        caller: Caller,
        subject: LocalSubject,
    ) -> Result<Option<Seen>, IdentityError> {
        let now = self.house.clock.now();
        let asked = Arc::new((caller, self.desk()?, self.clone()));
        self.house
            .db
            .read(move |tx| {
                let asked = Arc::clone(&asked);
                Box::pin(async move {
                    let (caller, desk, identity) = &*asked;
                    let refused = match found(tx, desk, caller, subject, now).await? {
                        None => return Ok(None),
                        Some(account) => identity.authorise(tx, caller, &account, now).await,
                    };
                    let may_act = match refused {
                        Ok(()) => true,
                        Err(IdentityError::Life(LifeRefusal::Oneself | LifeRefusal::HoldsMore)) => {
                            false
                        }
                        Err(cause) => return Err(cause),
                    };
                    let may = if may_act {
                        May::all(tx, desk, caller, now).await?
                    } else {
                        May::Nothing
                    };
                    seen(tx, desk, subject, may, now).await
                })
            })
            .await
    }

    /// Whether the caller may act on an account.
    async fn authorise(
        &self,
        tx: &mut Tx,
        caller: &Caller,
        account: &LocalAccount,
        now: Timestamp,
    ) -> Result<(), IdentityError> {
        let local = self.local()?;
        let siret = account.attributes.siret.as_deref();
        let organisation = siret.map_or(local.organisation, id_of_siret);
        administers(tx, caller, organisation, now).await?;
        life::still_acts(tx, caller).await?;
        let (realm, subject) = (local.realm.as_str(), account.subject.to_string());
        if let Some(agent) = store::agent::by_login(tx, realm, &subject).await? {
            life::authorise(tx, caller, &agent, now).await?;
            holds_as_much(tx, caller, agent.id, now).await?;
        }
        self.holds_what_is_promised(tx, caller, account, now).await
    }

    /// Refuses who could not give the roles that the configuration promises to the address.
    async fn holds_what_is_promised(
        &self,
        tx: &mut Tx,
        caller: &Caller,
        account: &LocalAccount,
        now: Timestamp,
    ) -> Result<(), IdentityError> {
        for promised in self.promised(account.realm.as_str(), account.login.as_str()) {
            let above = match root(promised.scope) {
                Some(organisation) => store::organisation::ancestors(tx, organisation).await?,
                None => Vec::new(),
            };
            may_give(caller, promised.role, promised.scope, None, &above, now)
                .map_err(|_| LifeRefusal::HoldsMore)?;
        }
        Ok(())
    }
}

fn provider(desk: &Desk) -> Provider<'_> {
    Provider {
        realm: &desk.realm,
        organisation: desk.organisation,
    }
}

/// Refuses who does not administer an administration.
async fn administers(
    tx: &mut Tx,
    caller: &Caller,
    organisation: OrganisationId,
    now: Timestamp,
) -> Result<(), IdentityError> {
    let above = store::organisation::ancestors(tx, organisation).await?;
    if caller.may(Role::Administrator, organisation, &above, now) {
        Ok(())
    } else {
        Err(LifeRefusal::NotAdministrator.into())
    }
}

/// The account of a subject; to somebody who administers nothing, what exists is not said.
async fn found(
    tx: &mut Tx,
    desk: &Desk,
    caller: &Caller,
    subject: LocalSubject,
    now: Timestamp,
) -> Result<Option<LocalAccount>, IdentityError> {
    super::roles::caller_administers_something(caller, now)?;
    let stored = local::account_of_subject(tx, &desk.realm, subject).await?;
    Ok(stored.map(|stored| stored.account))
}

/// An account as it stands.
async fn seen(
    tx: &mut Tx,
    desk: &Desk,
    subject: LocalSubject,
    may: May,
    now: Timestamp,
) -> Result<Option<Seen>, IdentityError> {
    let Some(stored) = local::account_of_subject(tx, &desk.realm, subject).await? else {
        return Ok(None);
    };
    let which = Which {
        login: Some(&stored.account.login),
        ..Which::default()
    };
    let whole = Scope::Everything;
    let rows = store::local_account::accounts(tx, provider(desk), whole, which, (now, 1)).await?;
    Ok(rows.into_iter().next().map(|row| {
        let allowed = |step: &Step| may.includes(*step) && step.allowed(row.stands()).is_ok();
        let may = Step::ALL.into_iter().filter(allowed).collect();
        Seen { row, may }
    }))
}

fn first_page(mut found: Vec<AccountRow>, rows: i64) -> (Vec<AccountRow>, Option<String>) {
    let place = |row: &AccountRow| row.account.login.as_str().to_owned();
    found.sort_by_key(place);
    found.dedup_by(|one, other| one.account.subject == other.account.subject);
    let rows = usize::try_from(rows).unwrap_or(0);
    let more = found.len() > rows;
    found.truncate(rows);
    let next = found.last().filter(|_| more).map(place);
    (found, next)
}
