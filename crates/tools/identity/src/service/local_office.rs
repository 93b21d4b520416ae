//! What whoever runs a provider of ours does to its accounts from the command line, beside a
//! running server or without one.

use std::sync::Arc;

use kernel::{
    Act, AgentId, Clock, OrganisationId, Population, Rng, RngExt as _, Secret, SessionId,
};
use kernel_db::{Db, Tx};
use kernel_mail::Mailer;
use serde_json::json;
use url::Url;

use super::local_password::{end_sessions, link_to};
use super::people::{KnownAgent, know_one};
use super::second_factor::Work;
use crate::domain::agent::{self, Agent, AgentState};
use crate::domain::organisation::id_of_siret;
use crate::error::IdentityError;
use crate::local::{
    self, Attributes, LinkPurpose, LocalAccount, LocalSubject, Login, Realm, factor_store, link,
};
use crate::texts::account_mail::News;
use crate::upstream::Siret;

/// Somebody who is to have an account.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// By which they will sign in.
    pub address: String,
    /// Given names.
    pub given_name: String,
    /// Family name in use.
    pub usual_name: String,
    /// SIRET of their establishment; none: the realm's.
    pub siret: Option<String>,
    /// Their service.
    pub organizational_unit: Option<String>,
    /// What they are there.
    pub population: Option<Population>,
}

/// What an invitation left.
#[derive(Debug, Clone)]
pub struct Invited {
    /// The link, for who cannot mail it.
    pub link: Url,
    /// Whether it was mailed.
    pub mailed: bool,
}

/// Why nobody was invited.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    /// Not an e-mail address.
    #[error("{0}: not an e-mail address")]
    Address(String),
    /// Not a SIRET.
    #[error("{0}: not a SIRET")]
    Siret(String),
    /// A name is missing or too long.
    #[error("both names are needed, of 256 characters at most")]
    Name,
    /// The account has a password: its holder chooses another by “forgotten password”.
    #[error(
        "{0} has an account and a password already: its holder chooses another by “forgotten \
         password”"
    )]
    AlreadyThere(String),
    /// The tool.
    #[error(transparent)]
    Identity(#[from] IdentityError),
}

/// The accounts of one realm, at hand.
#[derive(Clone)]
pub struct Desk {
    /// Where they are.
    pub db: Db,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
    /// Where mails go.
    pub mailer: Mailer,
    /// Whose accounts.
    pub realm: Realm,
    /// The administration of accounts without one.
    pub organisation: OrganisationId,
    /// What the provider is called.
    pub provider: String,
    /// Where it is.
    pub base_url: Url,
}

impl Desk {
    /// Makes an account without a password and mails a link to choose one; an account whose
    /// password nobody has chosen yet gets another link, and the one before is no longer good.
    ///
    /// # Errors
    /// See [`InviteError`].
    pub async fn invite(&self, invitation: Invitation) -> Result<Invited, InviteError> {
        let account = self.account(&invitation)?;
        let now = self.clock.now();
        let secret = self.rng.secret();
        let link = link_to(&self.base_url, &secret);
        let asked = Arc::new((account, secret, link.clone()));
        let desk = self.clone();
        let made = self
            .db
            .write(move |tx| {
                let (asked, desk) = (Arc::clone(&asked), desk.clone());
                Box::pin(async move {
                    let (account, secret, link) = &*asked;
                    desk.invite_in(tx, account, (secret, link), now).await
                })
            })
            .await?;
        if !made {
            return Err(InviteError::AlreadyThere(invitation.address));
        }
        Ok(Invited {
            link,
            mailed: self.mailer.is_configured(),
        })
    }

    fn account(&self, invitation: &Invitation) -> Result<LocalAccount, InviteError> {
        let address = &invitation.address;
        let login = Login::parse(address).map_err(|_| InviteError::Address(address.clone()))?;
        let siret = match &invitation.siret {
            None => None,
            Some(text) => Some(Siret::parse(text).map_err(|_| InviteError::Siret(text.clone()))?),
        };
        let named = |name: &str| {
            let name = name.trim().to_owned();
            let is_one =
                (1..=256).contains(&name.chars().count()) && !name.chars().any(char::is_control);
            is_one.then_some(name).ok_or(InviteError::Name)
        };
        let subject = LocalSubject::new(self.clock.now(), self.rng.as_ref());
        Ok(LocalAccount {
            realm: self.realm.clone(),
            login,
            subject,
            attributes: Attributes {
                given_name: named(&invitation.given_name)?,
                usual_name: named(&invitation.usual_name)?,
                uid: subject.to_string(),
                siret: siret.map(|siret| siret.as_str().to_owned()),
                organizational_unit: invitation.organizational_unit.clone(),
                population: invitation.population,
                phone: None,
            },
        })
    }

    async fn invite_in(
        &self,
        tx: &mut Tx,
        account: &LocalAccount,
        (secret, link): (&Secret, &Url),
        now: kernel::Timestamp,
    ) -> Result<bool, IdentityError> {
        let known = local::find_account(tx, &account.realm, &account.login).await?;
        let account = match known {
            Some(stored) if !stored.password_hash.is_empty() => return Ok(false),
            Some(stored) => stored.account,
            None => {
                local::insert_invited(tx, account, now).await?;
                know_one(tx, &self.known(account), now).await?;
                account.clone()
            }
        };
        let subject = account.subject;
        link::remove_links(tx, subject).await?;
        link::insert_link(tx, secret, subject, LinkPurpose::Invitation, now).await?;
        let work = self.work(account, now);
        let agent = work.agent(tx).await?;
        let act = Act("identity.account.invite");
        work.journal_by(tx, act, json!({}), agent.as_ref(), None)
            .await?;
        work.tell(tx, &News::Invited(link)).await?;
        Ok(true)
    }

    /// Removes every second factor of an account: its holder adds a new one at the next sign-in,
    /// after the password, and nothing opens before. Their sessions end. Answers how many; none:
    /// there is no such account.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn reset_factor(&self, address: &str) -> Result<Option<usize>, IdentityError> {
        let Ok(login) = Login::parse(address) else {
            return Ok(None);
        };
        let now = self.clock.now();
        let login = Arc::new(login);
        let desk = self.clone();
        let ended = self
            .db
            .write(move |tx| {
                let (login, desk) = (Arc::clone(&login), desk.clone());
                Box::pin(async move { desk.reset_in(tx, &login, now).await })
            })
            .await?;
        Ok(ended.map(|ended| ended.len()))
    }

    async fn reset_in(
        &self,
        tx: &mut Tx,
        login: &Login,
        now: kernel::Timestamp,
    ) -> Result<Option<Vec<SessionId>>, IdentityError> {
        let Some(stored) = local::find_account(tx, &self.realm, login).await? else {
            return Ok(None);
        };
        let subject = stored.account.subject;
        let work = self.work(stored.account, now);
        let factors = factor_store::remove_factors(tx, subject).await?;
        factor_store::note_factors(tx, subject, true, now).await?;
        let ended = end_sessions(tx, &work, None).await?;
        let agent = work.agent(tx).await?;
        let said = json!({ "factors": factors, "sessions": ended.len() });
        let act = Act("identity.factor.reset");
        work.journal_by(tx, act, said, agent.as_ref(), None).await?;
        work.tell(tx, &News::FactorReset).await?;
        Ok(Some(ended))
    }

    fn work(&self, account: LocalAccount, now: kernel::Timestamp) -> Work {
        Work {
            account,
            mailer: self.mailer.clone(),
            provider: self.provider.clone(),
            rng: Arc::clone(&self.rng),
            now,
        }
    }

    /// The agent of a new account, whose id is the account's subject.
    fn known(&self, account: &LocalAccount) -> KnownAgent {
        let said = &account.attributes;
        KnownAgent {
            provider: account.realm.as_str().to_owned(),
            subject: account.subject.to_string(),
            agent: Agent {
                id: AgentId::from_u128(u128::from_be_bytes(*account.subject.as_bytes())),
                state: AgentState::PreCreated,
                organisation: said.siret.as_deref().map_or(self.organisation, id_of_siret),
                attributes: agent::Attributes {
                    given_name: said.given_name.clone(),
                    usual_name: said.usual_name.clone(),
                    email: account.login.as_str().to_owned(),
                    uid: said.uid.clone(),
                    organizational_unit: said.organizational_unit.clone(),
                    population: said.population,
                    phone: None,
                    chorusdt: None,
                    custom: serde_json::Map::new(),
                },
            },
        }
    }
}
